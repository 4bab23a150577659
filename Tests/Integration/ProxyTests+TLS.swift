import Testing

extension ProxyTests {
    /// Proxies that ask by TLS, and show a certificate.
    @Suite struct TLS {
        @Test(arguments: [ProxyKind.nginx, .envoy])
        func `a proxy that shows its certificate gets the same decisions`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"], byTLS: true) { world in
                for _ in 0..<2 {
                    let response = try await world.send("POST", "/v1/reports", as: "small-co/automation", body: "{}")
                    #expect(response.status == 200)
                    response.expectDecision()
                }
                let refusal = try await world.send("POST", "/v1/reports", as: "small-co/automation", body: "{}")
                try refusal.expectRefusal(429, reason: "operation_budget", type: Problem.types + "quota-exceeded")
                let stranger = try await world.send("GET", "/v1/envelopes/7")
                try stranger.expectRefusal(401, reason: "unknown_credential")
            }
        }
    }
}
