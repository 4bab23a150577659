import Testing

extension ProxyTests {
    /// Envoy's rate limit filter.
    @Suite struct RateLimitFilter {
        private let caller = "small-co/automation"

        @Test func `an admitted request gets the application's answer with its limits`() async throws {
            try await World.with(.envoyRateLimit, .signing, keysFor: [caller]) { world in
                let response = try await world.send("GET", "/v1/envelopes/7", as: caller)
                #expect(response.status == 200)
                #expect(response.text == Upstream.body)
                #expect(response["Headgate-Decision"]?.count == 26)
                response.expectLimits()
                #expect(!response.message.fields.contains { $0.value.contains(Upstream.forgery) })
                #expect(world.upstream.received().map(\.startLine) == ["GET /v1/envelopes/7 HTTP/1.1"])
            }
        }

        @Test func `over its limit a customer gets 429 with everything it needs to know`() async throws {
            try await World.with(.envoyRateLimit, .signing, keysFor: [caller]) { world in
                for _ in 0..<2 {
                    #expect(try await world.send("POST", "/v1/reports", as: caller, body: "{}").status == 200)
                }
                _ = world.upstream.received()
                let response = try await world.send("POST", "/v1/reports", as: caller, body: "{}")
                try response.expectRefusal(429, reason: "operation_budget", type: Problem.types + "quota-exceeded")
                #expect(response.message.values(of: "Content-Type") == ["application/problem+json"])
                response.expectDecision()
                response.expectLimits()
                let wait = try #require(response["Retry-After"].flatMap { Int($0) })
                #expect((1...60).contains(wait))
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test func `whatever the refusal, the status is 429 and the reason says more`() async throws {
            try await World.with(.envoyRateLimit, .signing, keysFor: [caller]) { world in
                try await world.send("GET", "/v1/envelopes/7").expectRefusal(429, reason: "unknown_credential")
                let response = try await world.send("POST", "/v1/bulk-sends", as: caller, body: "{}")
                try response.expectRefusal(429, reason: "not_entitled")
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test func `a bearer token counts, and of two keys neither does`() async throws {
            try await World.with(.envoyRateLimit, .signing, keysFor: [caller, "acme/web"]) { world in
                let key = try #require(world.key(of: caller))
                let field = (name: "Authorization", value: "Bearer \(key)")
                #expect(try await world.send("GET", "/v1/envelopes/7", fields: [field]).status == 200)
                let both = try await world.send("GET", "/v1/envelopes/7", as: "acme/web", fields: [field])
                try both.expectRefusal(429, reason: "unknown_credential")
            }
        }

        @Test func `what a client says in Headgate's name reaches nobody`() async throws {
            try await World.with(.envoyRateLimit, .signing, keysFor: [caller]) { world in
                let names = ["Decision", "Tenant", "Principal", "Operation", "Tier", "Cost", "Region", "Attributes"]
                let fields = names.map { (name: "Headgate-\($0)", value: "forged") }
                #expect(try await world.send("GET", "/v1/envelopes/7", as: caller, fields: fields).status == 200)
                let received = try #require(world.upstream.received().first)
                for name in names { #expect(received.values(of: "Headgate-\(name)").isEmpty, "\(name)") }
            }
        }

        @Test func `without Headgate the gate closes, but for what completes a signature`() async throws {
            try await World.with(.envoyRateLimit, .signing, keysFor: [caller]) { world in
                await world.headgate.stop()
                let closed = try await world.send("GET", "/v1/envelopes/7", as: caller)
                try closed.expectRefusal(503, reason: "fail_closed", type: Problem.types + "temporary-reduced-capacity")
                #expect(closed["Retry-After"] == "5")
                #expect(world.upstream.received().isEmpty)
                let open = try await world.send("POST", "/v1/envelopes/7/signatures", as: caller)
                #expect(open.status == 200)
                #expect(open["Headgate-Decision"] == nil)
                try await world.headgate.start()
                let back = try await world.send("POST", "/v1/envelopes/7/signatures", as: caller)
                #expect(back["Headgate-Decision"]?.count == 26)
            }
        }

        @Test func `Envoy's own switch lets all through, and Headgate goes on counting`() async throws {
            let filter = "                      failure_mode_deny: true\n"
            let off = filter + "                      filter_enforced: { default_value: { numerator: 0 } }\n"
            try await World.with(.envoyRateLimit, .signing, replacing: [(filter, off)], keysFor: [caller]) { world in
                for _ in 0..<4 {
                    let response = try await world.send("POST", "/v1/reports", as: caller, body: "{}")
                    #expect(response.status == 200)
                }
                #expect(world.upstream.received().count == 4)
            }
        }

        @Test func `limits of a domain's own count by key and value`() async throws {
            let old = "descriptors:\n"
            let domain = """
                descriptors:
                  by-class:
                    limits: [{ key: class, requests: 3, unit: day, name: per-class }]

                """
            let policy = try Example.signing.policy(replacing: [(old, domain)])
            let changes = [("      domain: signing-platform\n", "      domain: by-class\n")]
            let actions = ["\":method\", descriptor_key: method", "\":path\", descriptor_key: path"]
            let removed = actions.map {
                ("                            - request_headers: { header_name: \($0) }\n", "")
            }
            try await World.with(
                .envoyRateLimit, .signing, policy: policy, replacing: changes + removed, keysFor: []
            ) { world in
                for name in ["a", "b", "a_b"] {
                    for expected in [200, 200, 200, 429] {
                        let response = try await world.send("GET", "/", fields: [("Headgate-Class", name)])
                        #expect(response.status == expected)
                        if expected == 429 {
                            try response.expectRefusal(
                                429, reason: "descriptor_limit", type: Problem.types + "quota-exceeded")
                        }
                    }
                }
            }
        }
    }
}
