/// The tree says what Headgate does, in words whose meaning is in the tree: no paths of one machine, no private notes.
enum WordingRule {
    /// Directories that exist on the machine of whoever wrote the line, and nowhere else.
    private static let machinePaths = ["/root/", "/work/", "/home/", "/Users/", "/opt/swift"]
    /// What a reader of the tree cannot open, and marks that tools leave behind.
    private static let strangers = [
        "source document", "seeds/", "facts.md", "peers.md", "style-anchors", "co-authored-by", "generated with",
    ]
    /// Where the words stand because they are banned.
    private static let path = "Tests/RepositoryTests/Rules/WordingRule.swift"

    /// The lines of a text that have something of it.
    static func violations(in text: String, path: String) -> [Violation] {
        guard path != WordingRule.path else { return [] }
        let lowercased = text.lowercased()
        let words = machinePaths.filter { text.contains($0) } + strangers.filter { lowercased.contains($0) }
        return words.flatMap { word in
            text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .filter { $0.element.lowercased().contains(word.lowercased()) }
                .map { Violation(path, $0.offset + 1, "\(word): only on somebody's machine, or in somebody's notes") }
        }
    }

    /// Tracked files that are made, not written.
    static func violations(inTracked paths: [String]) -> [Violation] {
        paths.filter { !Checkout.madeNames.isDisjoint(with: $0.split(separator: "/")) }.map {
            Violation($0, 1, "is made by a tool: git rm --cached it")
        }
    }
}
