import Testing

extension ProxyTests {
    /// What customers get when Headgate and the application do what they should.
    @Suite struct Answers {
        @Test(arguments: ProxyKind.allCases)
        func `an admitted request gets the application's answer with its limits`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                let response = try await world.send("GET", "/v1/envelopes/7?view=short", as: "small-co/automation")
                #expect(response.status == 200)
                #expect(response.text == Upstream.body)
                response.expectDecision()
                response.expectLimits()
                #expect(response["Retry-After"] == nil)

                let received = try #require(world.upstream.received().first)
                #expect(received.startLine == "GET /v1/envelopes/7?view=short HTTP/1.1")
                #expect(received["Headgate-Decision"] == response["Headgate-Decision"])
                #expect(received["Headgate-Tenant"] == "small-co")
                #expect(received["Headgate-Class"] == "integration")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `over its limit a customer gets 429 with everything it needs to know`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                for _ in 0..<2 {
                    let response = try await world.send("POST", "/v1/reports", as: "small-co/automation", body: "{}")
                    #expect(response.status == 200)
                }
                _ = world.upstream.received()
                let response = try await world.send("POST", "/v1/reports", as: "small-co/automation", body: "{}")
                try response.expectRefusal(429, reason: "operation_budget", type: Problem.types + "quota-exceeded")
                response.expectDecision()
                response.expectLimits()
                let wait = try #require(response["Retry-After"].flatMap { Int($0) })
                #expect((1...60).contains(wait))
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `an unknown key gets 401 and reaches nothing`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: []) { world in
                let credentials = [[], [("Authorization", "Bearer hg_live_nobody")], [("X-API-Key", "nobody")]]
                for fields in credentials {
                    let response = try await world.send("GET", "/v1/envelopes/7", fields: fields)
                    try response.expectRefusal(401, reason: "unknown_credential")
                    #expect(response["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
                }
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `a key works as a bearer token too`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/web"]) { world in
                let key = try #require(world.key(of: "acme/web"))
                let response = try await world.send(
                    "GET", "/v1/envelopes/7", fields: [("Authorization", "Bearer \(key)")])
                #expect(response.status == 200)
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `what the plan does not include gets 403`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                let response = try await world.send("POST", "/v1/bulk-sends", as: "small-co/automation", body: "{}")
                try response.expectRefusal(403, reason: "not_entitled")
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `when best effort is shed with 503, signing goes on`(kind: ProxyKind) async throws {
            let service = "service: { envelope: { baseline: 4000/s, burst: 5000/s, overload: 6000/s }, burst: 8000 }"
            let policy = try Example.signing.policy(replacing: [(service, "service: { rate: 1000/day, burst: 1000 }")])
            try await World.with(kind, .signing, policy: policy, keysFor: ["acme/erp"]) { world in
                let (refusal, before) = try await world.send(
                    "GET", "/v1/envelopes", as: "acme/erp", until: 503, atMost: 200)
                #expect(before > 0)
                try refusal.expectRefusal(
                    503, reason: "service_saturated", type: Problem.types + "temporary-reduced-capacity")
                refusal.expectDecision()
                #expect(refusal["Retry-After"].flatMap { Int($0) } != nil)
                #expect(try await world.send("POST", "/v1/signing-tokens/verify", as: "acme/erp").status == 200)
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `the application cannot speak for Headgate`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/web"]) { world in
                let response = try await world.send("GET", "/v1/envelopes/7", as: "acme/web")
                #expect(response.message.values(of: "Headgate-Reason").count == 1)
                #expect(!response.message.fields.contains { $0.value.contains(Upstream.forgery) })
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `who the caller is stays between Headgate and the application`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/web"]) { world in
                let response = try await world.send("GET", "/v1/envelopes/7", as: "acme/web")
                for name in ["Tenant", "Principal", "Operation", "Class", "Tier"] {
                    #expect(response.message.values(of: "Headgate-\(name)").isEmpty)
                }
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `the head of an answer has the fields of the whole`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                let response = try await world.send("HEAD", "/v1/envelopes/7")
                #expect(response.status == 401)
                #expect(response["Headgate-Reason"] == "unknown_credential")
                #expect(response.message.body.isEmpty)
            }
        }

        @Test(arguments: [ProxyKind.nginx, .envoy])
        func `the ERP's burst does not touch the repair lane`(kind: ProxyKind) async throws {
            let erp = "northwind-logistics/erp"
            let worker = "northwind-logistics/reconciliation-worker"
            try await World.with(kind, .operations, keysFor: [erp, worker]) { world in
                let refusal = try await world.send("GET", "/v1/orders", as: erp, until: 429, atMost: 2_000).response
                refusal.expectLimits()
                let repair = try await world.send("PUT", "/v1/reconciliation/orders/42", as: worker, body: "{}")
                #expect(repair.status == 200)
                #expect(repair["Headgate-Reason"] == "within_guarantee")
                let trespass = try await world.send("PUT", "/v1/reconciliation/orders/42", as: erp, body: "{}")
                try trespass.expectRefusal(403, reason: "class_not_allowed")
            }
        }

        @Test(arguments: [ProxyKind.nginx, .envoy])
        func `under the flat cap the ERP's burst stops the repair`(kind: ProxyKind) async throws {
            let erp = "northwind-logistics/erp"
            let worker = "northwind-logistics/reconciliation-worker"
            // The same bucket, filled slowly, so that nothing flows in while the test runs.
            let policy = try Example.operations.text(
                "policy-flat.yaml", replacing: [("rate: 300/s, burst: 900", "rate: 300/day, burst: 900")])
            try await World.with(kind, .operations, policy: policy, keysFor: [erp, worker]) { world in
                let (refusal, before) = try await world.send("GET", "/v1/orders", as: erp, until: 429, atMost: 400)
                #expect(before == 300)
                try refusal.expectRefusal(429, reason: "tenant_ceiling", type: Problem.types + "quota-exceeded")
                let repair = try await world.send("PUT", "/v1/reconciliation/orders/42", as: worker, body: "{}")
                try repair.expectRefusal(429, reason: "tenant_ceiling", type: Problem.types + "quota-exceeded")
            }
        }
    }
}
