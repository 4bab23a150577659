package import Policy

/// What came out of a directory's file.
package struct DirectoryDocument: Sendable {
    /// The file.
    package let file: SourceFile
    /// The tree, if the file is YAML.
    let root: SourceNode?
    /// What the file says; `nil` if it has errors.
    package let contents: DirectoryContents?
    /// Where it names plans, regions, classes and secrets.
    package let mentions: Mentions
    /// What is wrong, in the order of the file.
    package let diagnostics: [Diagnostic]

    /// Reads a file: all that is wrong with it at once.
    ///
    /// - Complexity: O(n): about 10 µs and 1.5 KiB at the peak for a tenant on a line of its own.
    package init(reading file: SourceFile) {
        let tree = SourceReader.read(file, byteCountMax: FileDirectory.byteCountMax)
        var reader = DirectoryReader()
        if let root = tree.node { reader.read(root) }
        let diagnostics = tree.diagnostics + reader.decoding.log.diagnostics
        self.file = file
        root = tree.node
        contents = diagnostics.containsErrors || tree.node == nil ? nil : reader.contents
        mentions = reader.mentions
        self.diagnostics = diagnostics.inOrder()
    }
}
