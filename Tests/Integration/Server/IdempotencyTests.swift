import Foundation
import Testing

extension ServerTests {
    /// Idempotency keys at the doors where Headgate is only asked.
    @Suite struct Idempotency {
        private static let policy = """
            headgate: 1
            name: keys
            owner: tests
            tiers: [{ name: everything }]
            classes: { work: { tier: everything, consequence: low, owner: tests } }
            operations:
              act: { match: "POST /v1/acts" }
              pay: { match: "POST /v1/payments", idempotent: required }
            plans: { standard: { tenant: { rate: 2/day, burst: 2 } } }
            idempotency: { repeats: 3 }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, principals: { web: { classes: [work] } } }
            """

        private func with(_ body: (Site) async throws -> Void) async throws {
            try await Site.with(policy: Idempotency.policy, directory: Idempotency.directory) { site in
                try await body(site)
            }
        }

        private func check(_ key: String?, _ site: Site, operation: String = "act") async throws -> Answer {
            try await site.check(Check(tenant: "acme", operation: operation, idempotencyKey: key))
        }

        @Test func `a repeat is admitted and charged once, in single calls and in batches`() async throws {
            try await with { site in
                try await site.start()
                let first = try await check("k", site)
                #expect(first.reason == "borrowed" && first.remaining == 1)
                let again = try await check("k", site)
                #expect(again.decision == "admit" && again.reason == "idempotent_replay" && again.remaining == 1)
                let call = Check(tenant: "acme", operation: "pay", idempotencyKey: "p")
                let batch = try await HTTPConnection.with(port: site.port) { try await $0.check([call, call, call]) }
                #expect(batch.answers.map(\.reason) == ["borrowed", "idempotent_replay", "idempotent_replay"])
                #expect(batch.answers.map(\.remaining) == [0, 0, 0])
                #expect(try await check("other", site).reason == "tenant_ceiling")
                #expect(try await check("other", site).reason == "tenant_ceiling")
                #expect(try await check("k", site).reason == "idempotent_replay")
                try await Patience.wait(for: "the repeat to be recorded") {
                    try await site.journal().contains { $0.decisionId == again.decisionId }
                }
            }
        }

        @Test func `a proxy's question with a key is admitted again, and the status says so`() async throws {
            try await with { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start()
                func ask(_ field: String?) async throws -> HTTPResponse {
                    var request = HTTPRequest(target: "/v1/authorize")
                    request.fields = [
                        ("Authorization", "Bearer \(key)"), ("X-Original-Method", "POST"),
                        ("X-Original-URI", "/v1/acts?a=1"),
                    ]
                    if let field { request.fields.append(("Idempotency-Key", field)) }
                    return try await HTTPClient(port: site.port, tls: nil).send(request)
                }
                let reasons = try await [ask("\"k\""), ask("k"), ask(nil), ask("k"), ask(nil), ask("\"k\"")].map {
                    "\($0.status) \($0.message["Headgate-Reason"] ?? "")"
                }
                #expect(
                    reasons == [
                        "200 borrowed", "200 idempotent_replay", "200 borrowed", "200 idempotent_replay",
                        "429 tenant_ceiling", "200 idempotent_replay",
                    ])
            }
        }

        @Test func `a key that is none is a mistake in the call`() async throws {
            try await with { site in
                try await site.start()
                for key in [String(repeating: "k", count: 256), "ключ", "a\\nb"] {
                    let response = try await HTTPClient(port: site.port, tls: nil).send(
                        HTTPRequest(
                            method: "POST", target: "/v1/check",
                            body: #"{"tenant":"acme","operation":"act","idempotencyKey":"\#(key)"}"#))
                    #expect(response.status == 400)
                    #expect(response.text.contains("idempotencyKey"))
                }
            }
        }

        @Test func `only so many repeats are free, and what is remembered shows in the metrics`() async throws {
            try await with { site in
                try await site.start()
                var reasons: [String] = []
                for _ in 0..<6 { reasons.append(try await check("k", site).reason) }
                #expect(
                    reasons == ["borrowed"] + Array(repeating: "idempotent_replay", count: 3) + [
                        "borrowed", "tenant_ceiling",
                    ])
                let metrics = try await HTTPClient(port: site.port, tls: nil).send(HTTPRequest(target: "/metrics")).text
                #expect(metrics.contains("\nheadgate_idempotency_keys 1\n"))
                #expect(metrics.contains("\nheadgate_answers_not_kept_total 0\n"))
                #expect(metrics.contains("headgate_archive_failing{file=\"answers\"} 0"))
            }
        }
    }
}
