import Foundation
import HTTPTypes
import HeadgateClient
import Testing

extension ServerTests {
    /// A Swift service asks the server, which goes away and comes back.
    @Suite struct Clients {
        /// The signing platform on a port of its own, a client of it, and calls of two tiers.
        private struct World {
            let site: Site
            let client: HeadgateClient
            let critical: AdmissionCall
            let late: AdmissionCall
            private let listen: [String]

            init(_ site: Site, _ change: (inout HeadgateClient.Configuration) -> Void = { _ in }) async throws {
                let port = try await FreePort.find(1)[0]
                listen = ["--listen", "127.0.0.1:\(port)"]
                self.site = site
                var critical = AdmissionCall(method: "POST", path: "/v1/envelopes/7/signatures")
                critical.credential = try await site.addKey(for: "acme/web")
                self.critical = critical
                var late = AdmissionCall(method: "GET", path: "/v1/analytics/usage")
                late.credential = try await site.addKey(for: "acme/erp")
                self.late = late
                var configuration = HeadgateClient.Configuration(server: "http://127.0.0.1:\(port)")
                // The machine may be busy building: what is tested is that there is a time, not how short it is.
                configuration.callTimeout = .seconds(2)
                change(&configuration)
                client = try HeadgateClient(configuration: configuration)
            }

            func start() async throws { try await site.start(listen) }
        }

        private static func withWorld(
            _ change: (inout HeadgateClient.Configuration) -> Void = { _ in },
            _ body: (World) async throws -> Void
        ) async throws {
            let (policy, directory) = (try Example.signing.policy(), try Example.signing.text("directory.yaml"))
            try await Site.with(policy: policy, directory: directory) { site in
                try await body(try await World(site, change))
            }
        }

        @Test func `a client gives the server's decisions`() async throws {
            try await Clients.withWorld { world in
                try await world.start()
                let signed = await world.client.check(world.critical)
                #expect(signed.isAdmitted && signed.origin == .engine && signed.tier == "critical")
                #expect(signed.operation == "submit-signature" && signed.tenant == "acme" && signed.cost == 2)
                #expect(signed.limitFields.map { $0.name.canonicalName }.contains("ratelimit"))
                var stranger = world.critical
                stranger.credential = "nonsense"
                let refused = await world.client.check(stranger)
                #expect(refused.reason == "unknown_credential" && refused.status.code == 401)
                let (site, id) = (world.site, try #require(refused.id))
                try await Patience.wait(for: "the decision to be in the journal") {
                    try await site.run("explain", id, "--data", site.data).status == 0
                }
            }
        }

        @Test func `a client refuses what the server cannot read`() async throws {
            try await Clients.withWorld { world in
                try await world.start()
                var call = world.critical
                call.region = "nowhere"
                let decision = await world.client.check(call)
                #expect(decision.reason == "fail_closed" && !world.client.isServerAway)
            }
        }

        @Test func `tiers fail open or closed while the server is dead, and the guard lets go when it is back`()
            async throws
        {
            try await Clients.withWorld { world in
                try await world.start()
                #expect(await world.client.check(world.critical).origin == .engine)
                let late = await world.client.check(world.late)
                #expect(late.origin == .engine && late.tier == "best-effort")
                await world.site.kill()
                let open = await world.client.check(world.critical)
                #expect(open.reason == "fail_open" && open.tier == "critical" && open.isAdmitted)
                let closed = await world.client.check(world.late)
                #expect(closed.reason == "fail_closed" && closed.tier == "best-effort" && !closed.isAdmitted)
                #expect(world.client.isServerAway)

                // Nobody is asked any more, so what is decided here takes no time.
                let start = ContinuousClock.now
                for _ in 0..<1_000 { #expect(await world.client.check(world.late).origin == .localGuard) }
                #expect(ContinuousClock.now - start < .seconds(2))

                try await world.start()
                try await Patience.wait(for: "the client to find the server") { !world.client.isServerAway }
                #expect(await world.client.check(world.late).origin == .engine)
            }
        }

        @Test func `no more work runs at once than the local limit says, while the server is dead`() async throws {
            try await Clients.withWorld {
                $0.localGuard.tiers["critical"] = .open(concurrencyMax: 3, perCaller: 3)
            } _: { world in
                try await world.start()
                #expect(await world.client.check(world.critical).origin == .engine)
                await world.site.kill()
                let running = Gauge()
                let (client, critical) = (world.client, world.critical)
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            let admission = await client.admit(critical)
                            guard admission.decision.isAdmitted else { return admission.abandoned() }
                            await running.work()
                            admission.completed(status: 200)
                        }
                    }
                }
                let (most, total) = await running.counts
                #expect((1...3).contains(most) && total >= 3)
            }
        }

        @Test func `a server that swallows what it is sent costs a request no more than its time`() async throws {
            try await Clients.withWorld {
                $0.callTimeout = .milliseconds(50)
                for tier in ["critical", "business"] {
                    $0.localGuard.tiers[tier] = .open(concurrencyMax: 1_000, perCaller: 1_000)
                }
            } _: { world in
                try await world.start()
                _ = await world.client.check(world.critical)
                world.site.send(SIGSTOP)
                let start = ContinuousClock.now
                for _ in 0..<100 { #expect(await world.client.check(world.critical).isAdmitted) }
                // Three calls of 50 ms each, and then nobody is asked; the rest is for a machine that is busy.
                #expect(ContinuousClock.now - start < .seconds(2))
                #expect(world.client.isServerAway)
                world.site.send(SIGCONT)
                try await Patience.wait(for: "the client to find the server") { !world.client.isServerAway }
            }
        }
    }
}

/// Counts what runs at once.
private actor Gauge {
    private var running = 0
    private var most = 0
    private var total = 0

    /// The most that ran at once, and all that ran.
    var counts: (most: Int, total: Int) { (most, total) }

    /// Runs for a moment.
    func work() async {
        running += 1
        total += 1
        most = max(most, running)
        try? await Task.sleep(for: .milliseconds(20))
        running -= 1
    }
}
