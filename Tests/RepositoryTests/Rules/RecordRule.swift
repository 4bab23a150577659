/// Decision records are numbered without gaps, have their parts, and are listed; the changelog begins with what comes
/// next.
enum RecordRule {
    /// Where the records are.
    static let directory = "docs/decisions/"
    /// The parts of a record, in their order.
    static let parts = ["Context", "Decision", "Consequences", "Alternatives"]

    /// What is wrong with the records, given by path.
    static func violations(inRecords records: [MarkdownFile], index: MarkdownFile) -> [Violation] {
        var found: [Violation] = []
        let listed = Set(index.links.map(\.target))
        for (offset, record) in records.sorted(by: { $0.path < $1.path }).enumerated() {
            let name = String(record.path.dropFirst(directory.count))
            let number = String(repeating: "0", count: max(0, 4 - String(offset + 1).count)) + String(offset + 1)
            if !name.hasPrefix(number + "-") {
                found.append(Violation(record.path, 1, "is number \(offset + 1): begin its name with \(number)-"))
            }
            if !listed.contains(name) { found.append(Violation(index.path, 1, "\(name) is not listed")) }
            if record.headings.filter({ $0.level == 2 }).map(\.text) != parts {
                found.append(Violation(record.path, 1, "has the parts \(parts.joined(separator: ", "))"))
            }
        }
        return found
    }

    /// What is wrong with the changelog.
    static func violations(inChangelog changelog: MarkdownFile) -> [Violation] {
        let first = changelog.headings.first { $0.level == 2 }
        guard first?.text != "Unreleased" else { return [] }
        return [Violation(changelog.path, first?.line ?? 1, "the first section is Unreleased")]
    }
}
