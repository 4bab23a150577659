internal import Policy

/// Everything that is wrong with a policy: with its files, with what they say, and with its tests.
struct PolicyFindings {
    /// The files, those that could not be read last and empty.
    let files: [SourceFile]
    /// What is wrong; spans point into `files`.
    let diagnostics: [Diagnostic]
    /// The policy; `nil` if anything is wrong.
    let snapshot: Snapshot?

    /// Reads, compiles and, unless told otherwise, tests the policy at a path.
    init(path: String, runsTests: Bool = true) {
        let (readable, problems) = PolicyFiles(path: path).readAll()
        let result = readable.isEmpty ? nil : PolicyCompiler.compile(readable)
        files = readable + problems.map { SourceFile(name: $0.path, text: "") }
        let unread = problems.enumerated().map { number, problem in
            Diagnostic(
                .error, .unreadableFile, problem.description,
                at: SourceSpan(file: readable.count + number, line: 1, column: 1, length: 0))
        }
        var found = unread + (result?.diagnostics ?? [])
        if runsTests, let result, let snapshot = result.snapshot {
            found += result.tests.flatMap { $0.run(against: snapshot) }.map(\.diagnostic)
        }
        diagnostics = found
        snapshot = found.contains { $0.severity == .error } ? nil : result?.snapshot
    }
}
