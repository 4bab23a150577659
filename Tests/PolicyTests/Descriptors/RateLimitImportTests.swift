import Policy
import Testing

/// Configurations of Envoy's reference rate limit service, each with the exact section and the exact words that come
/// out.
struct RateLimitImportTests {
    static let names = Fixture.names(in: "import", withExtension: "yaml")

    @Test(arguments: names)
    func `a configuration gives a section that compiles, or says what is wrong with it`(name: String) throws {
        let file = try Fixture.policy("import", name)
        let result = RateLimitImport([file])
        let text = (result.text ?? "") + "---\n" + DiagnosticRenderer(files: [file]).text(result.diagnostics)
        let textName = name.replacing(".yaml", with: ".txt")
        if Fixture.isRecording {
            try Fixture.record(text, "import", textName)
            Issue.record("recorded \(textName)")
        }
        #expect(text == Fixture.text("import", textName))
        #expect((result.text == nil) == result.diagnostics.containsErrors)
        let source = SourceText(file.text)
        #expect(result.diagnostics.allSatisfy { isInside($0.span, of: source) })
        if let section = result.text { _ = try ImportedPolicy(section).snapshot() }
    }

    @Test func `there are configurations that are right and such that are not`() {
        #expect(RateLimitImportTests.names.count { $0 < "20" } >= 8)
        #expect(RateLimitImportTests.names.count { $0 >= "20" } >= 4)
    }

    @Test func `a damaged configuration is refused with a place, or gives a section that compiles`() throws {
        let names = RateLimitImportTests.names.filter { $0 < "20" }
        var random = MatchingRandom(seed: 4)
        var refused = 0
        for round in 0..<600 {
            var bytes = Array(try #require(Fixture.text("import", names[round % names.count])).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                MutationTests.mutate(&bytes, &random)
            }
            let file = SourceFile(name: "config.yaml", bytes: bytes)
            let result = RateLimitImport([file])
            #expect((result.text == nil) == result.diagnostics.containsErrors, "round \(round)")
            let text = SourceText(file.text)
            #expect(result.diagnostics.allSatisfy { isInside($0.span, of: text) }, "round \(round)")
            if let section = result.text {
                _ = try ImportedPolicy(section).snapshot()
            } else {
                refused += 1
            }
        }
        #expect((100..<590).contains(refused), "\(refused): both must happen")
    }

    @Test func `several files are one section, and a domain of two files is merged`() throws {
        let files = [
            SourceFile(
                name: "a.yaml", text: "domain: x\ndescriptors: [ { key: a, rate_limit: { unlimited: true } } ]\n"),
            SourceFile(name: "b.yaml", text: "domain: y\n"),
            SourceFile(
                name: "c.yaml", text: "domain: x\ndescriptors: [ { key: b, rate_limit: { unlimited: true } } ]\n"),
        ]
        let result = RateLimitImport(files)
        #expect(result.diagnostics.map { "\($0.span.file) \($0.code.name)" } == ["2 not-carried-over"])
        let snapshot = try ImportedPolicy(try #require(result.text)).snapshot()
        #expect(snapshot.descriptors.label("x", [("a", "")]) == "a")
        #expect(snapshot.descriptors.label("x", [("b", "")]) == "b")
        #expect(snapshot.descriptors.domains.map(\.name) == ["x", "y"])
        #expect(result.text?.contains("in a.yaml, b.yaml and c.yaml") == true)
        #expect(RateLimitImport(Array(files[..<2])).diagnostics.isEmpty)
        #expect(RateLimitImport([]).text == nil)
    }

    @Test func `the same descriptor in two files of one domain is an error`() {
        let text = "domain: x\ndescriptors: [ { key: a, value: b, rate_limit: { unlimited: true } } ]\n"
        let result = RateLimitImport([SourceFile(name: "a", text: text), SourceFile(name: "b", text: text)])
        #expect(result.text == nil)
        #expect(result.diagnostics.contains { $0.code.name == "duplicate-value" && $0.span.file == 1 })
    }

    @Test func `what is in the reference service's documents comes out as it goes in`() throws {
        let file = try Fixture.policy("import", "03-addresses.yaml")
        let index = try ImportedPolicy(try #require(RateLimitImport([file]).text)).snapshot().descriptors
        func limit(_ address: String) throws -> DescriptorLimit {
            try #require(index.limit(at: index.node("front_per_address", [("remote_address", address)])))
        }
        #expect(try limit("192.0.2.1").amount?.requests == 10)
        #expect(try limit("192.0.2.66").amount?.requests == 0)
        #expect(try limit("192.0.2.10").amount == nil)
        #expect(try limit("192.0.2.11").amount == nil, "without a limit and without anything below, all goes through")
    }
}

/// An imported section behind the smallest policy.
struct ImportedPolicy {
    private var policy = SmallPolicy()

    init(_ section: String) { policy.more = section }

    /// What the compiler makes of it; an issue if there are errors.
    func snapshot() throws -> Snapshot { try policy.snapshot() }
}
