import Policy
import Testing
import Vocabulary

/// The version of a policy follows what it means, and nothing else.
struct PolicyVersionTests {
    private let text: String
    private let version: PolicyVersion

    init() throws {
        text = try #require(Fixture.text("good", "complete.yaml"))
        version = try #require(try PolicyVersionTests.version(of: text))
    }

    private static func version(of text: String) throws -> PolicyVersion? {
        let file = SourceFile(name: "policy.yaml", text: text)
        let result = PolicyCompiler.compile([file])
        let said = DiagnosticRenderer(files: [file]).text(result.diagnostics)
        return try #require(result.snapshot, "\(said)\n\(text)").version
    }

    @Test func `a hundred ways to write one policy have one version`() throws {
        let file = SourceFile(name: "policy.yaml", text: text)
        let tree = try #require(SourceReader.read(file).node)
        for seed in 1...100 as ClosedRange<UInt64> {
            var scribe = PolicyScribe(seed: seed)
            let rewritten = scribe.write(tree)
            #expect(rewritten != text)
            #expect(try PolicyVersionTests.version(of: rewritten) == version, "seed \(seed):\n\(rewritten)")
        }
    }

    @Test func `a folder of files has the version of the whole`() throws {
        let parts = text.split(separator: "\n\n").map { SourceFile(name: "part", text: String($0) + "\n") }
        #expect(parts.count > 5)
        let result = PolicyCompiler.compile(parts)
        #expect(result.snapshot?.version == version)
        #expect(PolicyCompiler.compile(parts.reversed()).snapshot?.version == version)
    }

    @Test(arguments: [
        ("description: A policy that uses every key.", "description: Something else."),
        ("    description: people at screens\n", ""),
        ("reason: nightly exports", "reason: because"),
        ("expect: { class: repair, cost: 3 }", "expect: { class: repair }"),
        ("depth: 200, wait: 1s", "depth: 200, wait: 1000ms"),
        ("classes: [ integration ], days: [ mon, tue ]", "days: [ tue, mon ], classes: [ integration ]"),
        ("isolated: false, governed: false, backoff: none", "isolated: false"),
        ("holdback: 0%", "holdback: 0.00%"),
        ("concurrency: 20%, queue", "concurrency: 20%, nearMiss: 10%, queue"),
        ("consequence: recovery", "consequence: recovery\n    nearMiss: 10%"),
        (", idempotent: optional", ""),
        ("POST /v1/envelopes/{id}/signatures", "POST /v1/envelopes/{envelope}/signatures"),
        (
            "\"GET /v1/envelopes/{id}\", \"GET /v1/envelopes/{id}/status\"",
            "\"GET /v1/envelopes/{id}/status\", \"GET /v1/envelopes/{id}\""
        ),
        ("features: [ webhooks, exports, bulk-send ]", "features: [ bulk-send, webhooks, exports ]"),
        ("10GB/day", "10000MB/day"),
        ("bytes: 8MiB\n", "bytes: 8192KiB\n"),
        ("window: 12h", "window: 720min"),
        ("[ active, closing ]", "[ closing, active ]"),
        ("repair: { guarantee: 30/s }", "repair: { guarantee: 30/s, burst: 30 }"),
        (
            "classes: { integration: advise, export: shadow }",
            "classes: { integration: advise, export: shadow, repair: enforce }"
        ),
        ("mustNotCompete: [ integration, export ]", "mustNotCompete: [ export, integration ]"),
        ("default: enforce\n", "\n"),
        ("defaults: { class: interactive }", ""),
        ("operation: quarantine, cost: 25", "cost: 25"),
    ])
    func `what only people read, and what is the default anyway, does not change the version`(
        old: String, new: String
    ) throws {
        let changed = try replaced(old, new)
        #expect(try PolicyVersionTests.version(of: changed) == version)
    }

    /// One change of meaning for each thing a policy can say.
    static let changes = [
        ("name: operations-platform", "name: operations"),
        ("owner: platform-reliability", "owner: platform"),
        ("reserve: 40%", "reserve: 41%"),
        ("p95: 50ms", "p95: 51ms"),
        ("p99.9: 250ms", "p99: 250ms"),
        ("concurrency: 50%", "concurrency: 51%"),
        ("depth: 200, wait: 500ms", "depth: 201, wait: 500ms"),
        ("depth: 200, wait: 500ms", "depth: 200, wait: 501ms"),
        ("holdback: 0%", "holdback: 1%"),
        ("nearMiss: 25%", "nearMiss: 26%"),
        ("    nearMiss: 25%\n", ""),
        ("nearMiss: 40%", "nearMiss: 0%"),
        ("    nearMiss: 40%\n", ""),
        ("name: critical\n", "name: top\n"),
        ("baseline: 4000/s", "baseline: 3999/s"),
        ("burst: 5000/s", "burst: 5001/s"),
        ("overload: 6000/s", "overload: 6001/s"),
        ("  burst: 8000\n", "  burst: 8001\n"),
        ("eu-west-1:", "eu-west-2:"),
        ("rate: 3000/s, burst: 3000", "rate: 3000/s, burst: 3001"),
        ("rate: 3000/s, burst: 3000", "rate: 3001/s, burst: 3000"),
        ("defaults: { class: interactive }", "defaults: { class: integration }"),
        ("tier: business\n    consequence: time-sensitive", "tier: critical\n    consequence: time-sensitive"),
        ("consequence: time-sensitive", "consequence: low"),
        ("owner: web", "owner: mobile"),
        ("backoff: advertise", "backoff: none"),
        ("[ integration, export ]\n", "[ integration ]\n"),
        ("governed: true", "governed: false"),
        ("reschedule: 30s", "reschedule: 31s"),
        ("escalateAfter: 10m", "escalateAfter: 11m"),
        ("\"nightly batch\"", "\"weekly batch\""),
        ("governed: false, backoff: none", "governed: true, backoff: none"),
        ("POST /v1/envelopes/{id}/signatures", "PUT /v1/envelopes/{id}/signatures"),
        ("POST /v1/envelopes/{id}/signatures", "POST /v1/envelopes/{id}/signature"),
        ("GET /v1/exports/**", "GET /v1/exports/*"),
        (", \"GET /v1/envelopes/{id}/status\"", ""),
        ("tier: critical\n    idempotent", "tier: business\n    idempotent"),
        ("    tier: critical\n    idempotent", "    idempotent"),
        ("idempotent: required", "idempotent: optional"),
        ("window: 12h", "window: 13h"),
        ("entries: 5_000", "entries: 5_001"),
        ("bytes: 8MiB\n", "bytes: 9MiB\n"),
        ("body: 256KiB", "body: 257KiB"),
        ("repeats: 8", "repeats: 9"),
        ("concurrent: join", "concurrent: reject"),
        ("interrupted: run", "interrupted: reject"),
        ("stored: successful", "stored: final"),
        ("workflow.stage: dormant, tier: best-effort", "workflow.stage: asleep, tier: best-effort"),
        ("workflow.stage: dormant, tier: best-effort", "stage: dormant, tier: best-effort"),
        ("workflow.stage: dormant, tier: best-effort", "workflow.stage: dormant, tier: critical"),
        ("[ active, closing ]", "[ active ]"),
        ("cost: 2, class: interactive", "cost: 3, class: interactive"),
        ("cost: 2, class: interactive", "cost: 2, class: integration"),
        ("cost: 2, class: interactive", "cost: 2"),
        ("class: export, cost: 20", "class: export, cost: 19"),
        ("class: export, cost: 20", "cost: 20"),
        ("feature: webhooks", "feature: exports"),
        ("send-hook:", "send-web-hook:"),
        ("growth:", "grown:"),
        ("rate: 300/s, burst: 600", "rate: 300/s, burst: 601"),
        ("rate: 300/s, burst: 600", "rate: 301/s, burst: 600"),
        ("guarantee: 100/s, burst: 100", "guarantee: 101/s, burst: 100"),
        ("guarantee: 100/s, burst: 100", "guarantee: 100/s, burst: 99"),
        ("recovery: { guarantee: 7/3s }", "recovery: { guarantee: 14/6s }"),
        ("ceiling: 120/s, ceilingBurst: 240", "ceiling: 121/s, ceilingBurst: 240"),
        ("ceiling: 120/s, ceilingBurst: 240", "ceiling: 120/s, ceilingBurst: 241"),
        ("rate: 60/min, burst: 60", "rate: 60/min, burst: 61"),
        ("requests: 5000000/month", "requests: 5000000/day"),
        ("requests: 5000000/month", "requests: 5000001/month"),
        ("amount: 10GB/day", "amount: 10GiB/day"),
        ("warnAt: [ 50%, 95% ]", "warnAt: [ 50%, 96% ]"),
        ("warnAt: []", "warnAt: [ 99% ]"),
        ("timeZone: Europe/Berlin", "timeZone: Europe/Paris"),
        ("exemption: { factor: 2.5", "exemption: { factor: 2.6"),
        ("length: 14d", "length: 15d"),
        ("trial: 14d", "trial: 15d"),
        ("factor: 5\n", "factor: 6\n"),
        ("review: 180d", "review: 181d"),
        ("{ factor: 3, review: 90d", "{ factor: 4, review: 90d"),
        ("{ factor: 3, review: 90d", "{ factor: 3, review: 91d"),
        ("exceptions: 20", "exceptions: 21"),
        ("[ webhooks, exports, bulk-send ]", "[ webhooks, exports ]"),
        ("credential: quarantine", "credential: block"),
        ("operation: quarantine, cost", "operation: block, cost"),
        ("cost: 25", "cost: 26"),
        ("rate: 20/s, burst: 50", "rate: 21/s, burst: 50"),
        ("rate: 20/s, burst: 50", "rate: 20/s, burst: 51"),
        ("default: enforce", "default: advise"),
        ("[ repair, integration, export ]", "[ repair, integration ]"),
        ("integration: advise", "integration: enforce"),
        ("days: [ mon, tue ]", "days: [ mon ]"),
        ("to: \"06:00\"", "to: \"06:01\""),
        ("to: \"06:00\", stage: shadow", "to: \"06:00\", stage: observe"),
        ("days: [ sun ]", "days: [ sat ]"),
        ("classes: [ integration ], days", "classes: [ integration, repair ], days"),
    ]

    @Test func `every change of meaning gives a version of its own`() throws {
        var seen: [PolicyVersion: String] = [version: "the original"]
        for (old, new) in PolicyVersionTests.changes {
            // Some changes break what the policy's own tests expect, which is no matter of the compiler.
            let changed = try replaced(old, new)
            let other = try #require(try PolicyVersionTests.version(of: changed))
            #expect(seen[other] == nil, "\(old) → \(new) has the version of \(seen[other] ?? "")")
            seen[other] = "\(old) → \(new)"
        }
    }

    @Test func `the order of tiers is meaning, and so is the order of rules`() throws {
        let critical = try #require(text.firstRange(of: "  - name: critical\n")).lowerBound
        let business = "  - { name: business, reserve: 20%, queue: { depth: 200, wait: 1s }, holdback: 12.5% }\n"
        let first = String(text[critical..<(try #require(text.firstRange(of: business))).lowerBound])
        #expect(try PolicyVersionTests.version(of: replaced(first + business, business + first)) != version)
        let rule = "      - { workflow.stage: dormant, tier: best-effort }\n"
        let second = """
                  - { workflow.stage: [ active, closing ], region-kind: eu, tier: critical, cost: 2, class: interactive }

            """
        #expect(try PolicyVersionTests.version(of: replaced(rule + second, second + rule)) != version)
    }

    @Test func `the version is a SHA-256 digest that stays the same from build to build`() throws {
        #expect(
            version.description
                == "sha256:1ab3e3228730fd3e3583ad64cd140d07831ab2c4ba862c5fff4533a5aeaf1129")
    }

    /// The text with one place exchanged; renamed things are followed through the whole text.
    private func replaced(_ old: String, _ new: String) throws -> String {
        #expect(text.contains(old), "\(old)")
        var changed = text.replacing(old, with: new, maxReplacements: 1)
        let renames = [
            ("name: top\n", "critical", "top"), ("send-web-hook:", "send-hook", "send-web-hook"),
            ("grown:", "growth", "grown"),
        ]
        for (mark, from, to) in renames where new == mark { changed = changed.replacing(from, with: to) }
        return changed
    }
}
