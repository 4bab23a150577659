/// Compiles a policy from text to the flat form that the engine reads.
package enum PolicyCompiler {
    /// Compiles the documents of one policy.
    ///
    /// One run says everything that is wrong, in the order of the files. Reading files is the caller's business; of a
    /// folder it gives all documents, sorted by name.
    ///
    /// - Returns: the snapshot, which is `nil` exactly if there are errors; the policy's own tests, to be run against
    ///   the snapshot; errors and warnings.
    /// - Complexity: O(n) in the texts, plus the pairs of operations, plans and regions.
    package static func compile(
        _ files: [SourceFile]
    ) -> (snapshot: Snapshot?, tests: [PolicyTest], diagnostics: [Diagnostic]) {
        var decoding = Decoding()
        var roots: [SourceNode] = []
        for (index, file) in files.enumerated() {
            let result = SourceReader.read(file, index: index)
            for diagnostic in result.diagnostics { decoding.log.report(diagnostic) }
            if let node = result.node { roots.append(node) }
        }
        if files.isEmpty {
            decoding.error(
                .emptyFile, "there is no file", at: SourceSpan(file: 0, line: 1, column: 1, length: 0),
                suggestion: "a policy is a file `*.yaml`, or a folder of them")
        }
        let isComplete = roots.count == files.count
        let document = PolicyDocument(roots: roots, isComplete: isComplete, &decoding)
        guard isComplete else { return (nil, document.tests, decoding.log.diagnostics) }
        var compilation = Compilation(document, log: decoding.log)
        let snapshot = compilation.run()
        return (compilation.log.containsErrors ? nil : snapshot, document.tests, compilation.log.diagnostics)
    }
}
