import Testing

extension ProxyTests {
    /// Headgate is down.
    @Suite struct Outages {
        /// Expects the gate to be closed for a call.
        private func expectClosed(
            _ world: World, _ method: String, _ target: String, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let response = try await world.send(method, target)
            try response.expectRefusal(
                503, reason: "fail_closed", type: Problem.types + "temporary-reduced-capacity",
                sourceLocation: sourceLocation)
            #expect(response["Retry-After"] == "5", sourceLocation: sourceLocation)
            #expect(world.upstream.received().isEmpty, sourceLocation: sourceLocation)
        }

        /// Expects the gate to be open for a call.
        private func expectOpen(
            _ world: World, _ method: String, _ target: String, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let response = try await world.send(method, target)
            #expect(response.status == 200, sourceLocation: sourceLocation)
            #expect(response.text == Upstream.body, sourceLocation: sourceLocation)
            #expect(response["Headgate-Reason"] == "fail_open", sourceLocation: sourceLocation)
            let received = world.upstream.received()
            #expect(received.map(\.startLine) == ["\(method) \(target) HTTP/1.1"], sourceLocation: sourceLocation)
        }

        @Test(arguments: ProxyKind.allCases)
        func `without Headgate the gate closes`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: []) { world in
                await world.headgate.stop()
                try await expectClosed(world, "GET", "/v1/envelopes/7")
                try await expectClosed(world, "POST", "/v1/reports")
                try await expectClosed(world, "GET", "/v1/envelopes/7/signatures")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `but for the operations that complete a signature it opens`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: []) { world in
                await world.headgate.stop()
                try await expectOpen(world, "POST", "/v1/envelopes/7/signatures")
                try await expectOpen(world, "POST", "/v1/envelopes/7/links?locale=de")
                try await expectOpen(world, "POST", "/v1/signing-tokens/verify")
                try await expectOpen(world, "POST", "/v1/audit-events")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `a path that only looks like them stays closed`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: []) { world in
                await world.headgate.stop()
                try await expectClosed(world, "POST", "/v1/envelopes/7/../../bulk-sends?/signatures")
                try await expectClosed(world, "POST", "/v1/envelopes/7%2Fsignatures")
                try await expectClosed(world, "POST", "/v1/envelopes/../signatures")
                try await expectClosed(world, "POST", "/v1/envelopes/7/signatures/../../../bulk-sends")
                try await expectClosed(world, "POST", "//v1/audit-events")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `a client cannot say that the gate is open`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: []) { world in
                await world.headgate.stop()
                let response = try await world.send(
                    "GET", "/v1/envelopes/7",
                    fields: [("X-Envoy-Auth-Failure-Mode-Allowed", "true"), ("X-Original-URI", "/v1/audit-events")])
                try response.expectRefusal(
                    503, reason: "fail_closed", type: Problem.types + "temporary-reduced-capacity")
                #expect(world.upstream.received().isEmpty)
            }
        }

        @Test(arguments: [ProxyKind.nginx, .envoy])
        func `in the operations platform the ways out of an incident open`(kind: ProxyKind) async throws {
            try await World.with(kind, .operations, keysFor: []) { world in
                await world.headgate.stop()
                try await expectOpen(world, "POST", "/v1/support/shipments/9/replays")
                try await expectOpen(world, "PUT", "/v1/reconciliation/orders/42")
                try await expectOpen(world, "GET", "/v1/reconciliation/orders")
                try await expectClosed(world, "POST", "/v1/reconciliation/orders/42")
                try await expectClosed(world, "GET", "/v1/support/shipments/9/replays")
                try await expectClosed(world, "PUT", "/v1/support/orders/9/transitions")
                try await expectClosed(world, "GET", "/v1/orders/42")
                try await expectClosed(world, "GET", "/v1/exports/2026-11-20")
            }
        }

        @Test(arguments: ProxyKind.allCases)
        func `when Headgate is back, it decides again`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["acme/web"]) { world in
                #expect(try await world.send("GET", "/v1/envelopes/7", as: "acme/web").status == 200)
                await world.headgate.stop()
                #expect(try await world.send("GET", "/v1/envelopes/7", as: "acme/web").status == 503)
                try await world.headgate.start()
                let response = try await world.send("GET", "/v1/envelopes/7", as: "acme/web")
                #expect(response.status == 200)
                response.expectDecision()
                try await world.send("GET", "/v1/envelopes/7").expectRefusal(401, reason: "unknown_credential")
            }
        }
    }
}
