import Foundation
import Testing

extension ServerTests {
    /// Near misses and what customers feel, asked of a running server.
    @Suite struct Experience {
        private static let policy = """
            headgate: 1
            name: near
            owner: tests
            tiers:
              - { name: high, latency: { p95: 50ms } }
              - { name: low }
            classes:
              repair: { tier: high, consequence: repair, owner: tests, nearMiss: 50%, onLimit: { reschedule: 1s } }
              export: { tier: low, consequence: low, owner: tests }
            defaults: { class: export }
            operations:
              mend: { match: "GET /mend", class: repair }
              export: { match: "GET /export", class: export }
            plans:
              only:
                tenant: { rate: 20/day, burst: 20 }
                classes: { repair: { guarantee: 10/day, burst: 10 } }
            """
        private static let directory = """
            headgate-directory: 1
            tenants: { acme: { plan: only, principals: { web: { classes: [repair, export] } } } }
            """

        /// What these tests read of a line of the journal.
        private struct Line: Decodable {
            let decisionId: String
            let tenant: String
            let nearMisses: [NearMiss]

            /// A lane that came too close.
            struct NearMiss: Decodable, Equatable {
                let level: String
                let budget: String
                let lane: String
                let guarantee: Int
                let boundary: Int
                let left: Int
                let others: [String]
            }
        }

        @Test func `a near miss stands in metrics and journal, with who was active beside it`() async throws {
            try await Site.with(policy: Experience.policy, directory: Experience.directory) { site in
                try await site.start(["--journal-admits", "0"])
                for _ in 0..<10 { _ = try await site.check(Check(tenant: "acme", operation: "export")) }
                for _ in 0..<9 {
                    _ = try await site.check(Check(tenant: "acme", operation: "export"))
                    _ = try await site.check(Check(tenant: "acme", operation: "mend"))
                }
                let metrics = try await site.metrics()
                #expect(metrics.sum("headgate_near_misses_total") == 1)
                #expect(metrics.sum("headgate_near_misses_total", #"class="repair""#, #"level="tenant/class""#) == 1)
                #expect(metrics.sum("headgate_collisions_total", #"class="repair""#, #"with="export""#) == 1)
                #expect(metrics.sum("headgate_lanes_in_dips") == 1)
                var output = ""
                try await Patience.wait(for: "the near miss to be written") {
                    output = try await site.run("journal", "--data", site.data, "--near-misses", "--json").output
                    return !output.isEmpty
                }
                let line = try JSONDecoder().decode(Line.self, from: Data(output.utf8))
                #expect(line.tenant == "acme")
                #expect(
                    line.nearMisses == [
                        .init(
                            level: "tenant/class", budget: "tenant acme", lane: "repair", guarantee: 10, boundary: 5,
                            left: 4, others: ["export"])
                    ])
                let table = try await site.run("journal", "--data", site.data, "--near-misses").output
                #expect(table.contains(/tenant\/class +repair +acme +4 of 10 +export/))
                let story = try await site.run("explain", line.decisionId, "--data", site.data).output
                #expect(story.contains("too close to their boundaries"))
            }
        }

        @Test func `the command shows what the server has measured, and says who does not answer`() async throws {
            try await Site.with(policy: Experience.policy, directory: Experience.directory) { site in
                try await site.start()
                let address = "http://127.0.0.1:\(site.port)"
                let shown = try await site.run("experience", "--server", address, "--window", "1m", "--check")
                #expect(shown.status == 0)
                #expect(shown.output.contains("Nothing was measured."))
                #expect(shown.output.contains("high: promised p95 below 50 ms: nothing was measured"))
                let json = try await site.run("experience", "--server", address, "--json").output
                #expect(json.hasPrefix(#"{"unit":"us","windows":[{"window":"1m","tiers":[{"tier":"high","#))
                await site.stop()
                let silent = try await site.run("experience", "--server", address)
                #expect(silent.status == 1)
                #expect(silent.errors.contains("does not answer"))
                let strange = try await site.run("experience", "--server", "ftp://127.0.0.1:\(site.port)")
                #expect(strange.status == 64)
            }
        }

        @Test func `what goes through the proxy is measured, and shown beside the promise`() async throws {
            let ports = try await FreePort.find(2)
            try await Upstream.with(port: ports[0]) { _ in
                try await Site.with(
                    policy: Experience.policy.replacing("20/day, burst: 20", with: "2000/day, burst: 2000"),
                    directory: Experience.directory
                ) { site in
                    let key = try await site.addKey(for: "acme/web")
                    try await site.start(
                        ["--proxy", "127.0.0.1:\(ports[1])", "--upstream", "http://127.0.0.1:\(ports[0])"])
                    for path in [String](repeating: "/mend", count: 30) + ["/export"] {
                        let request = HTTPRequest(target: path, fields: [("X-API-Key", key)])
                        let response = try await HTTPConnection.with(port: ports[1]) { try await $0.send(request) }
                        #expect(response.status == 200)
                    }
                    let address = "http://127.0.0.1:\(site.port)"
                    var metrics = try await site.metrics()
                    try await Patience.wait(for: "the last answer to be counted") {
                        metrics = try await site.metrics()
                        return metrics.sum("headgate_request_duration_seconds_count") == 31
                    }
                    #expect(metrics.sum("headgate_request_duration_seconds_count", #"operation="mend""#) == 30)
                    #expect(metrics.sum("headgate_upstream_duration_seconds_count", #"tier="high""#) == 30)
                    #expect(metrics.sum("headgate_queue_wait_seconds_count", #"class="export""#) == 1)
                    let shown = try await site.run("experience", "--server", address, "--window", "1m").output
                    #expect(shown.contains(/high +30\b/))
                    #expect(shown.contains(/repair +mend +30\b/))
                    #expect(shown.contains(/export +export +1\b/))
                    #expect(shown.contains(/promised p95 below 50 ms: (kept|BROKEN)/))
                    #expect(shown.contains("█ p50 to p90"))
                }
            }
        }
    }
}
