import Foundation
import Testing

extension ServerTests {
    /// Health that others tell, through a real server.
    @Suite struct Health {
        private static let policy = """
            headgate: 1
            name: health
            owner: tests
            tiers: [{ name: only, queue: { depth: 50, wait: 5s } }]
            classes:
              work: { tier: only, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard: { tenant: { envelope: { baseline: 10/s, burst: 50/s, overload: 100/s }, burst: 1000 } }
            health:
              settle: 1s
              shed: 50%
              signals:
                alarm: { absent: spare }
                load: { stressed: 80, overloaded: 95, absent: spare }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, principals: { web: { classes: [work] } } }
            """

        private struct Report: Decodable {
            let health: String
            let envelope: String
            let signals: [Signal]

            struct Signal: Decodable {
                let name: String
                let health: String
                let number: Int?
            }
        }

        private static func send(
            _ method: String, _ target: String, _ body: String? = nil, _ fields: [(name: String, value: String)] = [],
            _ site: Site
        ) async throws -> HTTPResponse {
            try await HTTPClient(port: site.port).send(
                HTTPRequest(method: method, target: target, fields: fields, body: body))
        }

        /// The window in which the tenant's whole limit flows in: 1000 at 10/s are 100 s.
        private static func window(_ site: Site, _ key: String) async throws -> String? {
            let fields = [
                (name: "X-Original-Method", value: "POST"), (name: "X-Original-URI", value: "/v1/acts"),
                (name: "X-API-Key", value: key),
            ]
            let answer = try await send("GET", "/v1/authorize", nil, fields, site)
            return answer["RateLimit-Policy"]
        }

        private static func waitForWindow(_ seconds: Int, _ site: Site, _ key: String) async throws {
            try await Patience.wait(for: "a window of \(seconds) s", atMost: .seconds(20)) {
                try await window(site, key)?.hasSuffix("w=\(seconds)") == true
            }
        }

        @Test func `a signal that is told moves the ceiling that callers see, and ends by itself`() async throws {
            try await Site.with(policy: Health.policy, directory: Health.directory) { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start()
                try await Health.waitForWindow(10, site, key)
                let told = try await Health.send(
                    "PUT", "/v1/health/alarm", #"{"state":"overloaded","seconds":3}"#, [], site)
                #expect(told.status == 200)
                let report = try JSONDecoder().decode(Report.self, from: Data(told.message.body))
                #expect(report.health == "overloaded" && report.envelope == "baseline")
                #expect(try await Health.window(site, key)?.hasSuffix("w=100") == true, "at once")
                #expect(try await site.metrics().sum("headgate_health_changes_total") >= 3)
                try await Health.waitForWindow(10, site, key)
                let number = try await Health.send("PUT", "/v1/health/load", #"{"number":80}"#, [], site)
                #expect(number.status == 200)
                #expect(try await Health.window(site, key)?.hasSuffix("w=100") == true)
                #expect(try await Health.send("DELETE", "/v1/health/load", nil, [], site).status == 200)
                try await Health.waitForWindow(10, site, key)
            }
        }

        @Test func `what nobody can mean is refused, and nothing is told by it`() async throws {
            try await Site.with(policy: Health.policy, directory: Health.directory) { site in
                try await site.start()
                let good = #"{"state":"overloaded"}"#
                for (method, target, body, status) in [
                    ("PUT", "/v1/health/unknown", good, 404), ("PUT", "/v1/health/alarm/", good, 404),
                    ("PUT", "/v1/health/%61larm", good, 404), ("PUT", "/v1/health/", good, 405),
                    ("PUT", "/v1/healthy", good, 404), ("POST", "/v1/health/alarm", good, 405),
                    ("PUT", "/v1/health/" + String(repeating: "a", count: 4_000), good, 404),
                    ("PUT", "/v1/health/alarm", "", 400), ("PUT", "/v1/health/alarm", "{", 400),
                    ("PUT", "/v1/health/alarm", #"{"number":3}"#, 422),
                    ("PUT", "/v1/health/load", good, 422),
                    (
                        "PUT", "/v1/health/alarm", "{\"state\":\"spare\"" + String(repeating: " ", count: 5_000) + "}",
                        413
                    ),
                    ("DELETE", "/v1/health/alarm", nil, 404),
                ] as [(String, String, String?, Int)] {
                    let answer = try await Health.send(method, target, body, [], site)
                    #expect(answer.status == status, "\(method) \(target.prefix(40)) \(body?.prefix(40) ?? "")")
                }
                let answer = try await Health.send("GET", "/v1/health", nil, [], site)
                let report = try JSONDecoder().decode(Report.self, from: Data(answer.message.body))
                #expect(report.signals.allSatisfy { $0.health == "spare" }, "\(report)")
            }
        }
    }
}
