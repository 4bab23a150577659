import Foundation
import Testing

extension ProxyTests {
    /// What only Envoy's gRPC filters do.
    @Suite struct EnvoyGRPC {
        /// The lines of Envoy's access log, once there are as many as awaited.
        private func accessLog(_ world: World, lines count: Int) async throws -> [String] {
            var lines: [String] = []
            try await Patience.wait(for: "\(count) lines of Envoy's access log") {
                let text = try String(contentsOfFile: world.proxyFolder.file("envoy.out"), encoding: .utf8)
                lines = text.split(separator: "\n").map(String.init).filter { $0.contains("decision=") }
                return lines.count >= count
            }
            return lines
        }

        @Test(arguments: [ProxyKind.envoyGRPC, .envoyRateLimit])
        func `the access log tells what was decided`(kind: ProxyKind) async throws {
            try await World.with(kind, .signing, keysFor: ["small-co/automation"]) { world in
                let admitted = try await world.send("GET", "/v1/envelopes/7", as: "small-co/automation")
                let stranger = try await world.send("GET", "/v1/envelopes/7")
                let lines = try await accessLog(world, lines: 2)
                let first = try #require(admitted["Headgate-Decision"])
                #expect(
                    lines[0].contains("decision=\(first) reason=within_guarantee tenant=small-co class=integration"))
                #expect(lines[0].contains("tier=business would_be=-"))
                let second = try #require(stranger["Headgate-Decision"])
                #expect(lines[1].contains("decision=\(second) reason=unknown_credential tenant=- class="))
            }
        }

        @Test(arguments: [ProxyKind.envoyGRPC, .envoyRateLimit])
        func `a class that is not enforced yet is let through, and the log says what would be`(
            kind: ProxyKind
        ) async throws {
            let policy = try Example.signing.policy(replacing: [("  default: enforce\n", "  default: shadow\n")])
            try await World.with(kind, .signing, policy: policy, keysFor: ["small-co/automation"]) { world in
                for _ in 0..<3 {
                    let response = try await world.send("POST", "/v1/reports", as: "small-co/automation", body: "{}")
                    #expect(response.status == 200)
                }
                let lines = try await accessLog(world, lines: 3)
                #expect(lines[2].contains("reason=stage_not_enforcing"))
                #expect(lines[2].contains("would_be=operation_budget"))
            }
        }

        @Test(arguments: [ProxyKind.envoyGRPC, .envoyRateLimit])
        func `when one of two processes stops, no request notices`(kind: ProxyKind) async throws {
            let second = try await FreePort.find(1)[0]
            let first =
                "              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 8080 } } }\n"
            let both = first + first.replacingOccurrences(of: "8080", with: String(second))
            try await World.with(kind, .signing, replacing: [(first, both)], keysFor: ["acme/web"]) { world in
                let folder = try world.proxyFolder.folder("second")
                let sibling = try HeadgateUnderTest(besides: world.headgate, port: second, in: folder)
                try await withCleanUp {
                    try await sibling.start()
                    try await awaitHealthy(world, port: second)
                    try await expectAdmitted(world, 60)
                    world.headgate.askToStop()
                    try await expectAdmitted(world, 200)
                    await world.headgate.stop()
                    try await world.headgate.start()
                    try await awaitHealthy(world, port: world.headgate.port)
                    try await expectAdmitted(world, 60)
                    sibling.askToStop()
                    try await expectAdmitted(world, 200)
                } cleanUp: {
                    await sibling.stop()
                }
            }
        }

        /// Waits until Envoy has seen for itself that a process serves.
        private func awaitHealthy(_ world: World, port: Int) async throws {
            try await Patience.wait(for: "port \(port) to be healthy in Envoy's eyes") {
                let clusters = try await world.admin.send(HTTPRequest(method: "GET", target: "/clusters"))
                return clusters.message.text.contains("headgate::127.0.0.1:\(port)::health_flags::healthy")
            }
        }

        /// Expects as many requests to be admitted, one after the other with a little time in between.
        private func expectAdmitted(_ world: World, _ count: Int) async throws {
            for index in 0..<count {
                let response = try await world.send("GET", "/v1/envelopes/7", as: "acme/web")
                try #require(response.status == 200, "request \(index)")
                try #require(response["Headgate-Decision"]?.count == 26, "request \(index)")
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
