import Testing

extension ServerTests {
    /// A blackout that never ends keeps hard caps off and nothing else; odd spellings are refused through it.
    @Suite struct Blackouts {
        private static func policy(stage: String = "enforce") -> String {
            """
            headgate: 1
            name: blackouts
            owner: tests
            tiers: [{ name: everything }]
            classes:
              work: { tier: everything, consequence: low, owner: tests }
              replay: { tier: everything, consequence: low, owner: tests, governed: true }
            defaults: { class: work }
            operations:
              act: { match: "POST /v1/acts" }
              paid: { match: "POST /v1/paid", feature: extras }
              replay: { match: "POST /v1/replays", class: replay }
            plans:
              standard: { tenant: { rate: 1/day, burst: 1 } }
              large: { tenant: { rate: 1/day }, features: [extras] }
            unknown: { credential: block, operation: quarantine }
            stages:
              default: \(stage)
              blackouts: [{ from: "00:00", to: "24:00", stage: advise }]
            """
        }
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, principals: { web: { classes: [work] } } }
              gone: { plan: standard, suspended: true, principals: { web: { classes: [work] } } }
            """

        /// Who asks, for what, and why it would be refused if it were.
        private static func refusals(
            known: String, revoked: String, suspended: String
        ) -> [(check: Check, reason: String)] {
            var rows: [(check: Check, reason: String)] = [
                (Check(credential: "hg_nobody", method: "POST", path: "/v1/acts"), "unknown_credential"),
                (Check(credential: revoked, method: "POST", path: "/v1/acts"), "credential_revoked"),
                (Check(credential: suspended, method: "POST", path: "/v1/acts"), "not_entitled"),
                (Check(credential: known, method: "POST", path: "/v1/replays"), "class_not_allowed"),
                (Check(credential: known, method: "POST", path: "/v1/paid"), "not_entitled"),
            ]
            for odd in ["replays;x", "x/../replays", "replays%3bx", "replays.json", "replays.%C3%A9"] {
                rows.append((Check(credential: known, method: "POST", path: "/v1/" + odd), "unclassified"))
            }
            return rows
        }

        private func with(
            stage: String, _ body: (Site, [(check: Check, reason: String)], String) async throws -> Void
        ) async throws {
            try await Site.with(policy: Blackouts.policy(stage: stage), directory: Blackouts.directory) { site in
                let revoked = try await site.addKey(for: "acme/web")
                let list = try await site.run("directory", "list", "--directory", site.directory)
                let id = String(try #require(list.output.firstMatch(of: /k_[0-9A-Z]+/)).output)
                _ = try await site.run("directory", "revoke-key", "--directory", site.directory, id)
                let known = try await site.addKey(for: "acme/web")
                let suspended = try await site.addKey(for: "gone/web")
                try await site.start()
                let rows = Blackouts.refusals(known: known, revoked: revoked, suspended: suspended)
                try await body(site, rows, known)
            }
        }

        @Test func `a blackout lifts caps, and refuses whoever is refused at other hours`() async throws {
            try await with(stage: "enforce") { site, rows, known in
                let act = Check(credential: known, method: "POST", path: "/v1/acts")
                #expect(try await site.check(act).reason == "borrowed")
                let capped = try await site.check(act)
                #expect(capped.reason == "stage_not_enforcing" && capped.stage == "advise")
                #expect(capped.wouldBe?.reason == "tenant_ceiling")
                for row in rows {
                    let answer = try await site.check(row.check)
                    #expect(answer.decision == "block" && answer.reason == row.reason, "\(row.check)")
                    #expect(answer.stage == "enforce")
                }
            }
        }

        @Test func `a stage that the policy states softens every refusal`() async throws {
            try await with(stage: "shadow") { site, rows, _ in
                for row in rows {
                    let answer = try await site.check(row.check)
                    #expect(answer.isAdmitted && answer.reason == "stage_not_enforcing", "\(row.check)")
                    #expect(answer.stage == "shadow" && answer.wouldBe?.reason == row.reason, "\(row.check)")
                }
            }
        }
    }
}
