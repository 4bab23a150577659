import Testing

extension ProxyTests {
    /// Clients that say what they are not.
    @Suite struct Lies {
        /// Fields by which a client might try to be judged as somebody or something else.
        private static let fields: [(name: String, value: String)] = [
            ("X-Original-Method", "GET"), ("X-Original-URI", "/v1/envelopes/7"),
            ("X-Forwarded-Method", "GET"), ("X-Forwarded-Uri", "/v1/envelopes/7"),
            ("X_Original_URI", "/v1/envelopes/7"), ("X-HTTP-Method-Override", "GET"),
            ("X-Envoy-Original-Path", "/v1/envelopes/7"), ("X-Envoy-Auth-Failure-Mode-Allowed", "true"),
            ("Headgate-Cost", "1"), ("Headgate-Region", "nowhere"), ("Headgate-Attributes", "workflow.stage=dormant"),
            ("Headgate-Tenant", "acme"), ("Headgate-Class", "recovery"), ("Headgate-Decision", "forged"),
        ]

        @Test(arguments: ProxyKind.allCases)
        func `a request is judged by what it is, not by what its fields say`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                for status in [200, 200, 429] {
                    let response = try await world.send(
                        "POST", "/v1/reports", as: "small-co/automation", fields: Lies.fields, body: "{}")
                    #expect(response.status == status)
                }
                let response = try await world.send(
                    "POST", "/v1/bulk-sends", as: "small-co/automation", fields: Lies.fields, body: "{}")
                try response.expectRefusal(403, reason: "not_entitled")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `a client cannot choose the region that is asked`(kind: ProxyKind) async throws {
            // Two requests of this cost would leave less in the region than the holdback of their tier wants.
            let policy = try Example.signing.policy(replacing: [
                ("eu-west-1: { rate: 3000/s, burst: 6000 }", "nowhere: { rate: 400/day }")
            ])
            try await World.with(kind, .signing, policy: policy, keysFor: ["acme/erp"]) { world in
                for _ in 1...4 {
                    let response = try await world.send(
                        "POST", "/v1/bulk-sends", as: "acme/erp", fields: Lies.fields, body: "{}")
                    #expect(response.status == 200)
                }
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `nothing of the lies reaches the application`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                let response = try await world.send(
                    "GET", "/v1/envelopes/9", as: "small-co/automation", fields: Lies.fields)
                #expect(response.status == 200)
                let received = try #require(world.upstream.received().first)
                // X-Envoy-… means nothing behind the others.
                let meaningless = kind.isEnvoy ? ["Headgate-"] : ["Headgate-", "X-Envoy-"]
                for name in Lies.fields.map(\.name) where !meaningless.contains(where: name.hasPrefix) {
                    #expect(received.values(of: name).isEmpty, "\(name)")
                }
                for name in ["Headgate-Cost", "Headgate-Region", "Headgate-Attributes"] {
                    #expect(received.values(of: name).isEmpty, "\(name)")
                }
                // What Headgate says of the caller stands in the place of what the caller said.
                #expect(received["Headgate-Tenant"] == "small-co")
                #expect(received["Headgate-Class"] == "integration")
                #expect(received["Headgate-Decision"] == response["Headgate-Decision"])
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `a path goes to Headgate and to the application as it was sent`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                let encoded = try await world.send("POST", "/v1/bulk%2Dsends", as: "small-co/automation", body: "{}")
                try encoded.expectRefusal(403, reason: "not_entitled")

                let target = "/v1/envelopes/a%20b?x=%2F..%2F&y=1"
                #expect(try await world.send("GET", target, as: "small-co/automation").status == 200)
                #expect(world.upstream.received().map(\.startLine) == ["GET \(target) HTTP/1.1"])
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `a path that two programs may read differently goes nowhere`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/erp"]) { world in
                let plain = try await world.send("POST", "/v1/support/envelopes/7/replays", as: "acme/erp", body: "{}")
                try plain.expectRefusal(403, reason: "class_not_allowed")
                for target in ["/v1/support/envelopes/7/./replays", "/v1/support/envelopes/7/replays;x"] {
                    let odd = try await world.send("POST", target, as: "acme/erp", body: "{}")
                    try odd.expectRefusal(403, reason: "unclassified")
                }
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `two different keys never count as the second for one and the first for the other`(
            kind: ProxyKind
        ) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/web", "small-co/web"]) { world in
                let other = try #require(world.key(of: "small-co/web"))
                let response = try await world.send(
                    "GET", "/v1/envelopes/7", as: "acme/web", fields: [("X-API-Key", other)])
                // Refused, or let through with the one key that was judged.
                let received = world.upstream.received()
                if response.status == 200 {
                    #expect(received.map { $0.values(of: "X-API-Key") } == [[try #require(world.key(of: "acme/web"))]])
                    #expect(received.first?["Headgate-Tenant"] == "acme")
                } else {
                    #expect((400...401).contains(response.status))
                    #expect(received.isEmpty)
                }
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `two different keys in two fields are neither believed nor passed on`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/web", "small-co/web"]) { world in
                let other = try #require(world.key(of: "small-co/web"))
                let both = try await world.send(
                    "GET", "/v1/envelopes/7", as: "acme/web", fields: [("Authorization", "Bearer \(other)")])
                try both.expectRefusal(401, reason: "unknown_credential")
                #expect(world.upstream.received().isEmpty)
                let own = try #require(world.key(of: "acme/web"))
                let same = try await world.send(
                    "GET", "/v1/envelopes/7", as: "acme/web", fields: [("Authorization", "Bearer \(own)")])
                #expect(same.status == 200)
                #expect(world.upstream.received().first?["Headgate-Tenant"] == "acme")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `the proxy's own way to Headgate is not open to clients`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: []) { world in
                for target in ["/.headgate/authorize", "/v1/authorize", "/ext_authz/v1/envelopes/7", "/v1/check"] {
                    let response = try await world.send("GET", target, fields: Lies.fields)
                    #expect([401, 404].contains(response.status), "\(target)")
                }
                #expect(world.upstream.received().isEmpty)
            }
        }
    }
}
