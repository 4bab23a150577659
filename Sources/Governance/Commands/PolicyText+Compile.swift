package import Policy

extension PolicyText {
    /// The most bytes of the documents of one policy: they stand in one record, beside the rest of it.
    package static let bytesMax = 900_000

    /// Reads documents as the compiler does.
    ///
    /// - Returns: the policy, or all that is wrong, as the compiler renders it.
    package static func compile(_ documents: [PolicyText]) -> Result<Snapshot, GovernanceRefusal> {
        guard documents.reduce(0, { $0 + $1.text.utf8.count }) <= bytesMax else {
            return .failure(
                GovernanceRefusal(
                    .outOfBounds, "the documents have more than \(bytesMax) bytes together", member: "documents"))
        }
        let files = documents.map { SourceFile(name: $0.name, text: $0.text) }
        let result = PolicyCompiler.compile(files)
        if let snapshot = result.snapshot { return .success(snapshot) }
        return .failure(
            GovernanceRefusal(
                .invalid, "the policy has errors", member: "documents",
                suggestion: DiagnosticRenderer(files: files).text(result.diagnostics)))
    }
}
