import Policy
import Testing
import Vocabulary

/// The section `abuse`: what it becomes, and what changes the version.
struct AbusePolicyTests {
    private let text: String

    init() throws { text = try #require(Fixture.text("good", "abuse.yaml")) }

    private func compile(_ text: String) throws -> Snapshot {
        let file = SourceFile(name: "policy.yaml", text: text)
        let result = PolicyCompiler.compile([file])
        return try #require(result.snapshot, "\(DiagnosticRenderer(files: [file]).text(result.diagnostics))")
    }

    @Test func `every key means what it says`() throws {
        let abuse = try #require(try compile(text).abuse)
        #expect(abuse.appeal == "https://example.com/appeals")
        #expect(abuse.stepUp == .init(acrValues: "urn:example:mfa urn:example:hardware", maxAgeSeconds: 300))
        #expect([abuse.prefixBitsIPv4, abuse.prefixBitsIPv6] == [20, 56])
        #expect(abuse.rules.map(\.name) == ["elsewhere", "growth", "guessing", "impatient", "probing"])
        let growth = abuse.rules[1]
        #expect(
            growth.detection == .spike(.init(window: .seconds(10), history: .seconds(7_200), factor: 8, least: 500)))
        #expect(growth.subject == .tenant && growth.action == .quarantine && growth.stage == .shadow)
        #expect(growth.lasts == .seconds(600))
        #expect(growth.sparedTiers == [0, 1] && growth.sparedClasses == [0])
        #expect(
            abuse.rules[2].detection
                == .unknownCredentials(.init(window: .seconds(60), least: 30, distinct: 6)))
        #expect(
            abuse.rules[3].detection
                == .earlyRetry(.init(window: .seconds(30), least: 15, grace: .milliseconds(500))))
        #expect(
            abuse.rules[4].detection
                == .errors(.init(kind: .answers, window: .seconds(120), shareBasisPoints: 6_000, least: 100)))
    }

    @Test func `the first tier is spared unless the rule says otherwise`() throws {
        let rules = try #require(try compile(text).abuse).rules
        #expect(rules[3].sparedTiers == [0])
        #expect(rules[2].sparedTiers.isEmpty)
    }

    @Test func `a policy without the section has no rules, one with an empty section has none either`() throws {
        #expect(try SmallPolicy().snapshot().abuse == nil)
        let empty = try SmallPolicy(more: "abuse: {}\n").snapshot()
        #expect(empty.abuse == AbusePolicy(rules: []))
    }

    @Test(arguments: [
        ("example.com/appeals", "example.com/complaints"), ("\"urn:example:mfa\", ", ""), ("maxAge: 5m", "maxAge: 6m"),
        ("ipv4: 20", "ipv4: 21"), ("ipv6: 56", "ipv6: 48"), ("    growth:\n", "    larger:\n"),
        ("subject: tenant", "subject: key"), ("window: 10s", "window: 20s"), ("history: 2h", "history: 3h"),
        ("factor: 8", "factor: 9"), ("least: 500", "least: 501"), ("action: quarantine", "action: block"),
        ("for: 10m", "for: 11m"), ("stage: shadow", "stage: observe"), ("[ critical, business ]", "[ critical ]"),
        ("spareClasses: [ export ]", "spareClasses: []"), ("of: answers", "of: refusals"), ("share: 60%", "share: 61%"),
        ("grace: 500ms", "grace: 501ms"), ("distinct: 6", "distinct: 7"), ("learn: 7d", "learn: 8d"),
        ("memory: 60d", "memory: 61d"), ("action: report", "action: cool-down"),
    ])
    func `every change of meaning changes the version, and shows in the difference`(old: String, new: String) throws {
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != text)
        let (before, after) = (try compile(text), try compile(changed))
        #expect(before.version != after.version)
        #expect(!PolicyDifference(from: before, to: after).isEmpty)
    }

    @Test(arguments: [
        ("      description: a tenant that is suddenly somebody else\n", ""), ("for: 10m", "for: 600s"),
        ("[ critical, business ]", "[ business, critical ]"),
    ])
    func `what only people read does not`(old: String, new: String) throws {
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != text)
        #expect(try compile(text).version == compile(changed).version)
    }

    @Test func `a harsher rule is a loss, and the explanation says what every rule does`() throws {
        let (before, after) = (
            try compile(text), try compile(text.replacing("action: quarantine", with: "action: block"))
        )
        let lines = PolicyDifference(from: before, to: after).lines.map(\.short)
        #expect(lines == ["abuse-rule growth action loses"])
        let explained = PolicyExplanation(before).sections.flatMap(\.sentences).joined(separator: "\n")
        for rule in ["growth", "probing", "impatient", "guessing", "elsewhere"] {
            #expect(explained.contains("Rule \(rule): when "), "\(rule)")
        }
        #expect(explained.contains("but for work of tier critical, tier business and class export"))
    }
}
