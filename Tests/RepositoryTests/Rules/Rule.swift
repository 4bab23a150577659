/// One rule of the house, applied to the whole tree.
struct Rule: Sendable {
    /// The name under which allowances are given.
    let name: String
    /// The places that break the rule.
    let violations: @Sendable (Checkout) throws -> [Violation]

    private init(_ name: String, _ violations: @escaping @Sendable (Checkout) throws -> [Violation]) {
        self.name = name
        self.violations = violations
    }

    private init(_ name: String, eachFile violations: @escaping @Sendable (SwiftFile) -> [Violation]) {
        self.init(name) { $0.swiftFiles.flatMap(violations) }
    }

    static let imports = Rule("imports", eachFile: ImportRule.violations)
    static let fileLength = Rule("file length", eachFile: SizeRule.longFile)
    static let functionLength = Rule("function length", eachFile: SizeRule.longFunctions)
    static let commentWidth = Rule("comment width", eachFile: SizeRule.longComments)
    static let bannedCode = Rule("banned code", eachFile: BannedCodeRule.violations)
    static let safety = Rule("safety", eachFile: SafetyRule.violations)
    static let documentation = Rule("documentation") { tree in
        tree.swiftFiles.flatMap(DocumentationRule(tree.swiftFiles(in: "Sources")).violations)
    }

    static let testCode = Rule("test code", eachFile: TestCodeRule.violations)

    static let manifest = Rule("manifest") { tree in
        tree.swiftFiles.filter { $0.path == "Package.swift" }.flatMap {
            ManifestRule.violations(in: $0, paths: tree.paths)
        }
    }

    static let documents = Rule("documents") { tree in
        tree.markdownFiles.flatMap { MarkdownRule.violations(in: $0, tree: tree) }
    }

    static let records = Rule("decision records") { tree in
        let files = tree.markdownFiles.filter { $0.path.hasPrefix(RecordRule.directory) }
        guard let index = files.first(where: { $0.path == RecordRule.directory + "README.md" }) else {
            return [Violation(RecordRule.directory + "README.md", 1, "is missing")]
        }
        return RecordRule.violations(inRecords: files.filter { $0.path != index.path }, index: index)
    }

    static let changelog = Rule("changelog") { tree in
        guard let changelog = tree.markdownFiles.first(where: { $0.path == "CHANGELOG.md" }) else {
            return [Violation("CHANGELOG.md", 1, "is missing")]
        }
        return RecordRule.violations(inChangelog: changelog)
    }

    static let wording = Rule("wording") { tree in
        tree.paths.flatMap { path in
            tree.text(of: path).map { WordingRule.violations(in: $0, path: path) } ?? []
        }
    }

    static let madeFiles = Rule("made files") { tree in
        try tree.trackedPaths().map(WordingRule.violations(inTracked:)) ?? []
    }
}

extension Checkout {
    /// All Markdown documents.
    var markdownFiles: [MarkdownFile] {
        paths.filter { $0.hasSuffix(".md") }.compactMap { path in
            text(of: path).map { MarkdownFile(path: path, text: $0) }
        }
    }
}
