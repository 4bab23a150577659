import Testing
import Vocabulary

@testable import Policy

/// The version of a policy follows what descriptors mean, and explanation and difference say it.
struct DescriptorMeaningTests {
    private let text: String

    init() throws { text = try #require(Fixture.text("good", "descriptors.yaml")) }

    private func snapshot(_ text: String) throws -> Snapshot {
        let file = SourceFile(name: "policy.yaml", text: text)
        let result = PolicyCompiler.compile([file])
        let said = DiagnosticRenderer(files: [file]).text(result.diagnostics)
        return try #require(result.snapshot, "\(said)")
    }

    private func replaced(_ old: String, _ new: String) -> String {
        #expect(text.contains(old), "\(old)")
        return text.replacing(old, with: new, maxReplacements: 1)
    }

    @Test func `however it is written, a section has one version`() throws {
        let version = try snapshot(text).version
        let tree = try #require(SourceReader.read(SourceFile(name: "policy.yaml", text: text)).node)
        for seed in 1...40 as ClosedRange<UInt64> {
            var scribe = PolicyScribe(seed: seed)
            #expect(try snapshot(scribe.write(tree)).version == version, "seed \(seed)")
        }
    }

    @Test(arguments: [
        ("{ key: remote_address, rate: 10/s }", "{ key: remote_address, requests: 10, unit: second }"),
        ("rate: 10/s", "rate: 10/1000ms, burst: 10"),
        ("requests: 0, unit: second", "requests: 0, unit: day"),
        ("value: \"audit*\"", "value: \"audit**\""),
        ("[ users, audit-writes ]", "[ audit-writes, users ]"),
        ("  open: { limits: [] }\n", "  open: { limits: }\n"),
        (
            "      - { key: remote_address, rate: 10/s }\n      - { key: remote_address, value: 10.0.0.7, unlimited: true }\n",
            "      - { key: remote_address, value: 10.0.0.7, unlimited: true }\n      - { key: remote_address, rate: 10/s }\n"
        ),
    ])
    func `the order of limits and the way of writing an amount do not change the version`(
        old: String, new: String
    ) throws {
        #expect(try snapshot(replaced(old, new)).version == snapshot(text).version)
    }

    /// One change of meaning for each thing a section can say, with the line of the difference it must give.
    static let changes = [
        ("trace: ignore", "traces: ignore", "domain signing-edge/key traces meaning changes"),
        ("trace: ignore", "", "domain signing-edge/key trace meaning changes"),
        ("units: cost", "units: ignore", "domain signing-edge/key units meaning changes"),
        ("attribute: workflow.stage", "attribute: kind", "domain signing-edge/key stage meaning changes"),
        ("  open: { limits: [] }\n", "", "domain open presence changes"),
        ("  open: { limits: [] }", "  shut: { limits: [] }", "domain shut presence changes"),
        ("10/s }", "11/s }", "domain legacy edge/limit remote_address ceiling gains"),
        ("10/s }", "10/s, burst: 9 }", "domain legacy edge/limit remote_address burst loses"),
        ("10/s }", "10/s, stage: shadow }", "domain legacy edge/limit remote_address stage gains"),
        ("10/s }", "10/s, shared: true }", "domain legacy edge/limit remote_address counted-keys loses"),
        ("rate: 10/s }", "unlimited: true }", "domain legacy edge/limit remote_address ceiling gains"),
        ("10/s }", "10/s, name: each }", "domain legacy edge/limit remote_address name changes"),
        (
            "10.6.6.6, requests: 0", "10.6.6.6, requests: 1",
            "domain legacy edge/limit remote_address=10.6.6.6 ceiling loses"
        ),
        ("10.6.6.6", "10.6.6.7", "domain legacy edge/limit remote_address=10.6.6.7 presence changes"),
        (
            "100000, unit: month, stage: advise", "100000, unit: year, stage: advise",
            "domain legacy edge/limit plan quota loses"
        ),
        ("requests: 100000", "requests: 99999", "domain legacy edge/limit plan quota loses"),
        ("key: plan", "key: plans", "domain legacy edge/limit plan presence gains"),
        ("burst: 1000", "burst: 1001", "domain legacy edge/limit database=users burst gains"),
        (
            ", replaces: [ users, audit-writes ]", "",
            "domain legacy edge/limit database=users/table=*%2Flog replaces changes"
        ),
        (
            "      - { key: plan, requests: 100000, unit: month, stage: advise, shared: true }\n", "",
            "domain legacy edge/limit plan presence gains"
        ),
        (
            "limits: [ { key: row, rate: 7/3s", "limits: [ { key: rows, rate: 7/3s",
            "domain legacy edge/limit database=users/table/rows presence loses"
        ),
        (
            "{ key: row, rate: 7/3s", "{ key: row, rate: 14/6s",
            "domain legacy edge/limit database=users/table/row burst gains"
        ),
    ]

    @Test func `every change of meaning gives a version of its own`() throws {
        var seen = [try snapshot(text).version: "the original"]
        for (old, new, _) in DescriptorMeaningTests.changes {
            // Expectations of the policy's own tests may break, which is no matter of the compiler; names in them may.
            let changed = try snapshot(withoutTests(replaced(old, new)))
            #expect(seen[changed.version] == nil, "\(old) → \(new) has the version of \(seen[changed.version] ?? "")")
            seen[changed.version] = "\(old) → \(new)"
        }
    }

    @Test(arguments: changes)
    func `the difference says who gains and who loses, and the other way round`(
        old: String, new: String, line: String
    ) throws {
        let (before, after) = (try snapshot(text), try snapshot(withoutTests(replaced(old, new))))
        let lines = PolicyDifference(from: before, to: after).lines
        #expect(lines.map(\.short).contains(line), "\(lines.map(\.short))")
        let back = PolicyDifference(from: after, to: before).lines
        #expect(
            Set(back.map { "\($0.subject) \($0.aspect.code) \($0.verdict.mirrored)" })
                == Set(lines.map { "\($0.subject) \($0.aspect.code) \($0.verdict)" }))
        #expect(!PolicyDifference(from: before, to: after).text.isEmpty)
    }

    @Test func `a section without a change has no difference, and a whole new one is said in a few words`() throws {
        #expect(PolicyDifference(from: try snapshot(text), to: try snapshot(text)).isEmpty)
        let bare = try snapshot(withoutTests(text.replacing(/(?s)descriptors:.*?tests:/, with: "tests:")))
        let lines = PolicyDifference(from: bare, to: try snapshot(text)).lines
        #expect(
            lines.map { "\($0.short): \($0.new.text)" } == [
                "domain legacy edge presence changes: 8 limits of its own",
                "domain open presence changes: 0 limits of its own",
                "domain signing-edge presence changes: 11 keys with a meaning",
            ])
    }

    @Test func `the explanation says in sentences what descriptors mean`() throws {
        let sections = PolicyExplanation(try snapshot(text)).sections.filter { $0.kind == "domain" }
        let words = sections.map { ([$0.name ?? ""] + $0.sentences).joined(separator: "\n") }.joined(separator: "\n\n")
        try expectRecorded(words + "\n", as: "explanation-descriptors.txt")
    }

    private func withoutTests(_ text: String) -> String {
        String(text[..<(text.firstRange(of: "tests:\n")?.lowerBound ?? text.endIndex)])
    }
}
