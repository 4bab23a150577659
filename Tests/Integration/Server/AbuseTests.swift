import Foundation
import Testing

extension ServerTests {
    /// Rules against abuse and the quarantine list, through a real server.
    @Suite struct Abuse {
        private static let policy = """
            headgate: 1
            name: abuse
            owner: tests
            tiers: [{ name: critical }, { name: business }]
            regions: { east: { rate: 1000/s }, west: { rate: 1000/s } }
            classes:
              work: { tier: business, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
              save: { match: "POST /v1/saves", tier: critical }
            plans:
              standard: { tenant: { rate: 100/s, burst: 100 } }
              small: { tenant: { rate: 1/day, burst: 1 } }
            unknown: { credential: block, operation: block, rate: 1/day, burst: 3 }
            abuse:
              appeal: https://example.com/appeals
              stepUp: { acrValues: ["urn:example:mfa"], maxAge: 5m }
              rules:
                guessing:
                  { detect: unknown-credentials, subject: address, least: 5, distinct: 3, action: block, for: 1h }
                impatient: { detect: early-retry, subject: key, least: 3, grace: 1ms, action: cool-down, for: 2h }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, principals: { web: { classes: [work] } } }
              tiny: { plan: small, principals: { web: { classes: [work] } } }
            """

        /// Asks for a request from an address, as nginx does.
        private static func ask(
            _ site: Site, _ key: String, from address: String? = nil, path: String = "/v1/acts"
        ) async throws -> HTTPResponse {
            var fields = [
                (name: "X-API-Key", value: key), (name: "X-Original-Method", value: "POST"),
                (name: "X-Original-URI", value: path),
            ]
            if let address { fields.append((name: "X-Forwarded-For", value: address)) }
            return try await HTTPClient(port: site.port).send(
                HTTPRequest(method: "GET", target: "/v1/authorize", fields: fields, body: nil))
        }

        /// One entry of the list.
        private struct Entry: Decodable {
            let id: String
            let kind: String
            let name: String
            let action: String
            let rule: String?
            let evidence: String
        }

        private static func list(_ site: Site) async throws -> [Entry] {
            let response = try await HTTPClient(port: site.port).send(HTTPRequest(target: "/v1/quarantines"))
            #expect(response.status == 200)
            return try JSONDecoder().decode([String: [Entry]].self, from: Data(response.message.body))["quarantines"]
                ?? []
        }

        @Test func `who guesses credentials is blocked by address, and its neighbours and the proxy are not`()
            async throws
        {
            try await Site.with(policy: Abuse.policy, directory: Abuse.directory) { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start()
                let guesser = "203.0.113.5, 198.51.100.7"  // the first entry is the guesser's own invention
                var statuses: [Int] = []
                for attempt in 0..<30 {
                    statuses.append(try await Abuse.ask(site, "hg_live_wrong\(attempt)", from: guesser).status)
                }
                // Once it is blocked a wrong key hears the same as a right one.
                #expect(statuses.first == 401 && statuses.last == 403)
                #expect(statuses.filter { $0 == 403 }.count >= 10)
                let blocked = try await Abuse.ask(site, key, from: guesser)
                let wrong = try await Abuse.ask(site, "hg_live_wrong", from: guesser)
                func said(_ response: HTTPResponse) -> String {
                    response.text.replacing(response["Headgate-Decision"] ?? "-", with: "ID")
                }
                #expect(said(wrong) == said(blocked))
                for target in ["/v1/saves", "/v1/unknown"] {
                    let wrong = try await Abuse.ask(site, "hg_live_wrong", from: guesser, path: target)
                    #expect(wrong.status == 403 && wrong["Headgate-Reason"] == "abuse_suspected")
                }
                #expect(blocked.status == 403 && blocked["Headgate-Reason"] == "abuse_suspected")
                #expect(blocked["Headgate-Appeal"] == "https://example.com/appeals")
                #expect(blocked.text.contains("abnormal-usage-detected"))
                #expect(blocked.text.contains(#""appeal":"https://example.com/appeals""#))
                for address in ["198.51.100.8", "203.0.113.5", nil] {
                    #expect(try await Abuse.ask(site, key, from: address).status == 200)
                }
                #expect(try await Abuse.ask(site, key, from: guesser, path: "/v1/saves").status == 200, "spared")
                let entries = try await Abuse.list(site)
                #expect(entries.map(\.name) == ["198.51.100.7"])
                #expect(entries.first?.evidence.hasPrefix("attempts=") == true)
                let metrics = try await site.metrics()
                #expect(metrics.sum("headgate_abuse_suspicions_total", #"rule="guessing""#, #"action="block""#) == 1)
                #expect(metrics.sum("headgate_quarantined", #"kind="address""#) == 1)
            }
        }

        @Test func `who comes back too early cools down, over a restart, until it is lifted`() async throws {
            try await Site.with(policy: Abuse.policy, directory: Abuse.directory) { site in
                let key = try await site.addKey(for: "tiny/web")
                try await site.start()
                #expect(try await Abuse.ask(site, key).status == 200)
                for _ in 0..<4 {
                    #expect(try await Abuse.ask(site, key)["Headgate-Reason"] == "tenant_ceiling")
                    try await Task.sleep(for: .milliseconds(5))
                }
                let cooling = try await Abuse.ask(site, key)
                #expect(cooling.status == 429 && cooling["Headgate-Reason"] == "quarantined")
                #expect((7_000...7_200).contains(Int(cooling["Retry-After"] ?? "") ?? 0))
                let id = try #require(cooling["Headgate-Quarantine"])
                await site.stop()
                try await site.start()
                #expect(try await Abuse.ask(site, key)["Headgate-Quarantine"] == id)
                let server = "http://127.0.0.1:\(site.port)"
                let listed = try await site.run("quarantine", "list", "--server", server)
                #expect(listed.output.contains("\(id)  key ") && listed.output.contains("rule impatient"))
                let lifted = try await site.run("quarantine", "lift", id, "--server", server)
                #expect(lifted.status == 0 && lifted.output.hasPrefix("lifted: \(id)"), "\(lifted.errors)")
                #expect(try await Abuse.ask(site, key)["Headgate-Reason"] == "tenant_ceiling")
                await site.stop()
                try await site.start()
                #expect(try await Abuse.list(site).isEmpty)
                let history = try await site.run("quarantine", "history", "--data", site.data)
                #expect(!history.output.contains("milliseconds:"))
                #expect(history.output.contains("  quarantined  key ") && history.output.contains("  lifted  key "))
            }
        }

        @Test func `by hand, every action does what it says`() async throws {
            try await Site.with(policy: Abuse.policy, directory: Abuse.directory) { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start()
                let server = "http://127.0.0.1:\(site.port)"
                func add(_ arguments: String...) async throws -> Command {
                    try await Command.run(
                        ["quarantine", "add"] + arguments
                            + ["--reason", "a test", "--operator", "kim", "--server", server], in: site.folder)
                }
                #expect(try await add("tenant", "acme", "--action", "challenge").status == 0)
                let challenged = try await Abuse.ask(site, key, path: "/v1/saves")
                #expect(challenged.status == 401 && challenged["Headgate-Reason"] == "step_up_required")
                let field = try #require(challenged["WWW-Authenticate"])
                #expect(field.contains(#"error="insufficient_user_authentication""#))
                #expect(field.contains(#"acr_values="urn:example:mfa", max_age=300"#))
                #expect(try await add("tenant", "acme", "--action", "quarantine").status == 0)
                for _ in 0..<3 {
                    let narrow = try await Abuse.ask(site, key)
                    #expect(narrow.status == 200 && narrow["Headgate-Tier"] == "quarantine")
                }
                let spent = try await Abuse.ask(site, key)
                #expect(spent.status == 429 && spent["Headgate-Reason"] == "quarantined")
                #expect(try await add("prefix", "198.51.100.0/24", "--action", "block", "--for", "1s").status == 0)
                #expect(try await Abuse.ask(site, key, from: "198.51.100.200").status == 403)
                try await Patience.wait(for: "the entry to expire") {
                    try await Abuse.list(site).map(\.name) == ["acme"]
                }
                for wrong in [
                    ["tenant", "nobody"], ["address", "127.0.0.1"], ["prefix", "10.0.0.1/8"], ["person", "x"],
                ] {
                    let refused = try await add(wrong[0], wrong[1])
                    #expect(refused.status == 1 && refused.errors.contains("error: "), "\(wrong): \(refused)")
                }
                let nobody = try await site.run("quarantine", "list", "--server", "http://127.0.0.1:1")
                #expect(nobody.status == 1 && nobody.errors.contains("does not answer: nothing listens there"))
            }
        }
    }
}
