import Foundation
import Testing

extension ServerTests {
    /// Decisions are recorded, found again and explained while the server runs.
    @Suite struct Records {
        /// One budget of each kind, so small and so slow that its end is one request away and does not come back.
        private static func policy(unknownOperation: String) -> String {
            """
            headgate: 1
            name: records
            owner: tests
            tiers:
              - { name: critical, reserve: 50% }
              - { name: best-effort, holdback: 50% }
            service: { rate: 40/day }
            regions: { north: { rate: 40/day }, south: { rate: 40/day } }
            defaults: { class: work }
            classes:
              work: { tier: critical, consequence: low, owner: tests }
              narrow: { tier: critical, consequence: low, owner: tests }
              trial: { tier: critical, consequence: low, owner: tests }
              closed: { tier: critical, consequence: low, owner: tests, governed: true }
              bulk: { tier: best-effort, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
              narrow: { match: "POST /v1/narrow", class: narrow }
              trial: { match: "POST /v1/trials", class: trial }
              closed: { match: "POST /v1/closed", class: closed }
              bulk: { match: "POST /v1/bulk", class: bulk }
              limited: { match: "POST /v1/limited" }
              extra: { match: "POST /v1/extra", feature: extra }
            plans:
              roomy:
                tenant: { rate: 1000/day }
                classes:
                  narrow: { ceiling: 1/day }
                  trial: { ceiling: 1/day }
                operations: { limited: { rate: 1/day } }
              tight:
                tenant: { rate: 1/day }
                features: [extra]
              counted:
                tenant: { rate: 1000/day }
                quotas: { requests: 1/month }
            unknown: { credential: block, operation: \(unknownOperation), rate: 1/day }
            stages: { default: enforce, classes: { trial: shadow } }
            """
        }
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme:
                plan: roomy
                principals:
                  web: { classes: [work] }
              small: { plan: tight }
              metered: { plan: counted }
              local: { plan: roomy, regions: [north] }
              idle: { plan: roomy, suspended: true }
            """

        /// One kind of refusal: which call leads to it, and what its story must say.
        private struct Row {
            let reason: String
            let decision: String
            let check: Check
            /// The budget that decided; `nil`: none.
            var budget: String?
        }

        private static func rows(revoked: String) -> [Row] {
            func acme(_ operation: String) -> Check { Check(tenant: "acme", operation: operation) }
            let unknown = Check(tenant: "acme", method: "GET", path: "/v1/nothing")
            let abroad = Check(tenant: "local", operation: "act", region: "south")
            let dear = Check(tenant: "acme", operation: "act", cost: 500)
            return [
                Row(
                    reason: "tenant_ceiling", decision: "throttle", check: Check(tenant: "small", operation: "act"),
                    budget: "tenant small"),
                Row(
                    reason: "class_budget", decision: "throttle", check: acme("narrow"),
                    budget: "ceiling of class narrow"),
                Row(
                    reason: "operation_budget", decision: "throttle", check: acme("limited"),
                    budget: "operation limited"),
                Row(
                    reason: "quota_exhausted", decision: "throttle", check: Check(tenant: "metered", operation: "act"),
                    budget: "quota requests/month"),
                Row(reason: "quarantined", decision: "throttle", check: unknown, budget: "quarantine"),
                Row(reason: "service_saturated", decision: "shed", check: acme("bulk"), budget: "service"),
                Row(reason: "cost_exceeds_burst", decision: "throttle", check: dear, budget: "service"),
                Row(
                    reason: "unknown_credential", decision: "block",
                    check: Check(credential: "hg_live_0", operation: "act")),
                Row(
                    reason: "credential_revoked", decision: "block", check: Check(credential: revoked, operation: "act")
                ),
                Row(reason: "class_not_allowed", decision: "block", check: acme("closed")),
                Row(reason: "tenant_suspended", decision: "block", check: Check(tenant: "idle", operation: "act")),
                Row(reason: "not_entitled", decision: "block", check: acme("extra")),
                Row(reason: "region_not_allowed", decision: "block", check: abroad),
            ]
        }

        private func with(
            unknownOperation: String = "quarantine", _ body: (Site) async throws -> Void
        ) async throws {
            let policy = Records.policy(unknownOperation: unknownOperation)
            try await Site.with(policy: policy, directory: Records.directory) { site in try await body(site) }
        }

        /// Asks until the answer is a refusal, or would be one.
        private func refusal(of check: Check, by site: Site) async throws -> Answer {
            for _ in 1...50 {
                let answer = try await site.check(check)
                if !answer.isAdmitted || answer.wouldBe != nil { return answer }
            }
            throw Patience.Exhausted(what: "a refusal of \(check)")
        }

        /// Expects that `headgate explain` tells the story of an answer, as text and as JSON.
        private func expectStory(
            of answer: Answer, reason: String, budget: String?, by site: Site,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            try await Patience.wait(for: "\(answer.decisionId) to be written") {
                try await site.run("explain", answer.decisionId, "--data", site.data).status == 0
            }
            let text = try await site.run("explain", answer.decisionId, "--data", site.data).output
            for part in [answer.decisionId, reason, answer.policy, "Policy    records"] + (budget.map { [$0] } ?? []) {
                #expect(
                    text.localizedCaseInsensitiveContains(part), "\(reason): \(part)", sourceLocation: sourceLocation)
            }
            #expect(!text.contains(#"\u{"#), "\(reason)", sourceLocation: sourceLocation)
            #expect(
                text.contains(/What +(?:operation [a-z]+, by its name|GET \/v1\/nothing)/),
                sourceLocation: sourceLocation)
            let json = try await site.run("explain", answer.decisionId, "--data", site.data, "--json").output
            let line = try JSONDecoder().decode(JournalLine.self, from: Data(json.utf8))
            #expect(line.wouldBe?.reason ?? line.reason == reason, sourceLocation: sourceLocation)
            #expect(line.policy == answer.policy, sourceLocation: sourceLocation)
            #expect(line.budgetName == budget, "\(reason)", sourceLocation: sourceLocation)
        }

        @Test func `every kind of refusal has its story`() async throws {
            try await with { site in
                let revoked = try await site.addKey(for: "acme/web")
                let list = try await site.run("directory", "list", "--directory", site.directory)
                let id = String(try #require(list.output.firstMatch(of: /k_[0-9A-Z]+/)).output)
                _ = try await site.run("directory", "revoke-key", "--directory", site.directory, id)
                try await site.start()
                for row in Records.rows(revoked: revoked) {
                    let answer = try await refusal(of: row.check, by: site)
                    #expect(answer.reason == row.reason)
                    #expect(answer.decision == row.decision, "\(row.reason)")
                    try await expectStory(of: answer, reason: row.reason, budget: row.budget, by: site)
                }
            }
        }

        @Test func `what a policy does not know can be blocked, and that has its story`() async throws {
            try await with(unknownOperation: "block") { site in
                try await site.start()
                let answer = try await site.check(Check(tenant: "acme", method: "GET", path: "/v1/nothing"))
                #expect(answer.decision == "block")
                #expect(answer.reason == "unclassified")
                try await expectStory(of: answer, reason: "unclassified", budget: nil, by: site)
            }
        }

        @Test func `in shadow the story says what enforcement would have said`() async throws {
            try await with { site in
                try await site.start()
                let answer = try await refusal(of: Check(tenant: "acme", operation: "trial"), by: site)
                #expect(answer.decision == "admit")
                #expect(answer.reason == "stage_not_enforcing")
                #expect(answer.stage == "shadow")
                #expect(answer.wouldBe?.decision == "throttle")
                #expect(answer.wouldBe?.reason == "class_budget")
                try await expectStory(
                    of: answer, reason: "class_budget", budget: "ceiling of class trial", by: site)
                let text = try await site.run("explain", answer.decisionId, "--data", site.data).output
                #expect(text.contains("ADMITTED"))
            }
        }

        @Test func `the journal is filtered by who, what, why and when`() async throws {
            try await with { site in
                try await site.start(["--journal-admits", "1"])
                let old = try await site.check(Check(tenant: "acme", operation: "act"))
                try await Task.sleep(for: .milliseconds(1_100))
                let since = Date.now.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: false))
                let ceiling = try await refusal(of: Check(tenant: "small", operation: "act"), by: site)
                let narrow = try await refusal(of: Check(tenant: "acme", operation: "narrow"), by: site)
                let last = try await site.check(Check(credential: "hg_live_0", operation: "act"))
                try await Patience.wait(for: "the last decision to be written") {
                    try await site.journal().last?.decisionId == last.decisionId
                }
                #expect(try await site.journal().map(\.decisionId).first == old.decisionId)
                #expect(try await site.journal("--tenant", "small").map(\.tenant) == ["small", "small"])
                #expect(try await site.journal("--class", "narrow").map(\.class) == ["narrow", "narrow"])
                #expect(
                    try await site.journal("--reason", "tenant_ceiling").map(\.decisionId) == [ceiling.decisionId])
                #expect(
                    try await site.journal("--reason", "class_budget", "--tenant", "acme").map(\.decisionId)
                        == [narrow.decisionId])
                #expect(try await site.journal("--outcome", "block").map(\.decisionId) == [last.decisionId])
                let recent = try await site.journal("--since", since)
                #expect(recent.count == 5)
                #expect(!recent.map(\.decisionId).contains(old.decisionId))
                #expect(try await site.journal("--since", "1h").count == 6)
                #expect(try await site.journal("--until", since).map(\.decisionId) == [old.decisionId])
                let none = try await site.run("journal", "--data", site.data, "--tenant", "nobody")
                #expect(none.status == 0)
                #expect(none.output.isEmpty)
                let wrong = try await site.run("journal", "--data", site.data, "--reason", "bad_mood")
                #expect(wrong.status == 64)
                #expect(wrong.errors.contains("there is no reason 'bad_mood'; the reasons are within_guarantee,"))
            }
        }

        @Test func `no key and no query is written anywhere`() async throws {
            try await with { site in
                let key = try await site.addKey(for: "acme/web")
                let stranger = "hg_live_" + String(repeating: "7", count: 39)
                try await site.start(["--journal-admits", "1"])
                let query = "secret=hush-hush-hush"
                for secret in [key, stranger] {
                    _ = try await site.check(
                        Check(credential: secret, method: "POST", path: "/v1/acts?\(query)", idempotencyKey: secret))
                    let asked = HTTPRequest(
                        target: "/v1/authorize",
                        fields: [
                            ("X-API-Key", secret), ("X-Original-Method", "POST"),
                            ("X-Original-URI", "/v1/acts?\(query)"),
                        ])
                    _ = try await HTTPClient(port: site.port).send(asked)
                }
                await site.stop()
                #expect(try await site.journal().count == 4)
                let files = try FileManager.default.contentsOfDirectory(atPath: site.data)
                #expect(files.count >= 3)
                var written = Data(site.log.utf8)
                for name in files { written += try Data(contentsOf: URL(fileURLWithPath: site.data + "/" + name)) }
                for secret in [key, stranger, "hush-hush-hush"] {
                    // The prefix is the same for all keys; what follows it is the secret.
                    #expect(written.range(of: Data(secret.suffix(30).utf8)) == nil, "\(secret.prefix(8))…")
                }
                #expect(written.range(of: Data("/v1/acts".utf8)) != nil)
            }
        }

        @Test func `following shows what is decided afterwards`() async throws {
            try await with { site in
                try await site.start()
                let before = try await refusal(of: Check(tenant: "small", operation: "act"), by: site)
                let follower = try Child(
                    "follower", try Tool.headgate(),
                    ["journal", "--data", site.data, "--follow", "--json", "--reason", "tenant_ceiling"],
                    in: site.folder)
                try await withCleanUp {
                    try await Patience.wait(for: "the backlog") { follower.output.contains(before.decisionId) }
                    let other = try await site.check(Check(credential: "hg_live_0", operation: "act"))
                    let after = try await refusal(of: Check(tenant: "small", operation: "act"), by: site)
                    try await Patience.wait(for: "the decision") { follower.output.contains(after.decisionId) }
                    #expect(!follower.output.contains(other.decisionId))
                } cleanUp: {
                    await follower.end(with: SIGINT)
                }
            }
        }
    }
}
