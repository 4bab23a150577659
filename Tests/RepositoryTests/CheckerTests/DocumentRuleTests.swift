import Testing

@Suite struct `rules about documents` {
    private func markdown(_ text: String, at path: String = "docs/a.md") -> MarkdownFile {
        MarkdownFile(path: path, text: text)
    }

    @Test func `links and paths that lead nowhere are found`() throws {
        let tree = try Checkout.current.get()
        let text = """
            # A title
            [there](../Package.swift) [here](#a-title) [out](https://example.com) [up](decisions/)
            ```
            [not a link](nowhere.md)
            ```
            `[nor this](nowhere.md)` and `Sources/Policy/` and `Sources/*/x`
            [gone](nowhere.md)
            [no such section](#another-title)
            [out of the tree](../../../etc/passwd)
            `Sources/Nowhere/File.swift`
            """
        let found = MarkdownRule.violations(in: markdown(text), tree: tree)
        #expect(found.map(\.line) == [7, 8, 9, 10])
    }

    @Test func `sections are reached by the names that are made of their headings`() {
        let anchors = markdown("# One, `two` & three\n## Again\n## Again\n```\n# not this\n```").anchors
        #expect(anchors == ["one-two--three", "again", "again-1"])
    }

    @Test func `gaps, missing parts and records that are not listed are found`() {
        let parts = RecordRule.parts.map { "## \($0)\n" }.joined()
        func record(_ name: String, _ text: String) -> MarkdownFile { markdown(text, at: RecordRule.directory + name) }
        let index = record("README.md", "[1](0001-one.md) [2](0002-two.md)")
        let whole = [record("0001-one.md", parts), record("0002-two.md", parts)]
        #expect(RecordRule.violations(inRecords: whole, index: index).isEmpty)
        let gap = [record("0001-one.md", parts), record("0003-three.md", "## Context")]
        #expect(RecordRule.violations(inRecords: gap, index: index).count == 3)
    }

    @Test func `a changelog that does not begin with what comes next is found`() {
        #expect(RecordRule.violations(inChangelog: markdown("# Changes\n## Unreleased\n## 1.0")).isEmpty)
        #expect(RecordRule.violations(inChangelog: markdown("# Changes\n## 1.0\n## Unreleased")).count == 1)
        #expect(RecordRule.violations(inChangelog: markdown("")).count == 1)
    }

    @Test func `paths of one machine and private notes are found`() {
        let machine = ["/root", "/tmp\n", "/Users", "x"].joined(separator: "/")
        #expect(WordingRule.violations(in: machine, path: "a").map(\.line) == [1, 2])
        #expect(WordingRule.violations(in: "see the Source" + " Document", path: "a").count == 1)
        #expect(WordingRule.violations(in: "homework/root beer", path: "a").isEmpty)
    }

    @Test func `what tools make is found`() {
        let paths = ["Package.resolved", "a/.build/b", ".build/c", "Sources/a.build/b", "Package.resolved.md"]
        #expect(WordingRule.violations(inTracked: paths).map(\.path) == ["Package.resolved", "a/.build/b", ".build/c"])
    }

    @Test func `a manifest that names other hosts, empty targets or not all directories is found`() throws {
        let manifest = try SwiftFile(
            path: "Package.swift",
            text: """
                .package(url: "https://github.com/apple/swift-nio", from: "2.0.0"),
                .package(url: "https://registry.example.com/a", from: "1.0.0"),
                .target(name: "Room", dependencies: ["Other", .product(name: "X", package: "y")]),
                .target(name: "Counter", path: "Benchmarks/Counter"),
                .testTarget(name: "RoomTests"),
                .testTarget(name: "GoneTests"),
                """)
        let paths = ["Sources/Room/A.swift", "Benchmarks/Counter/a.c", "Tests/RoomTests/B.swift", "Tests/New/C.swift"]
        let found = ManifestRule.violations(in: manifest, paths: paths)
        #expect(found.map(\.line) == [2, 6, 1])
        #expect(found.last?.message == "no target builds Tests/New")
    }

    @Test func `an allowance covers as many places as it says, and no stale one is kept`() {
        let allowances = [Allowance(rule: "r", path: "a", count: 2, reason: "")]
        func excess(_ count: Int) -> [Violation] {
            let found = (0..<count).map { Violation("a", $0, "m") }
            return Allowance.excess(found, rule: "r", allowances: allowances)
        }
        #expect(excess(2).isEmpty)
        #expect(excess(3).count == 3)
        #expect(excess(1).count == 1)
        #expect(excess(0).count == 1)
        #expect(Allowance.excess([Violation("b", 1, "m")], rule: "r", allowances: []).count == 1)
    }
}
