import HeadgateClient
import Testing

extension ServerTests {
    /// Seats that a client holds at the real server.
    @Suite struct ClientAdmissions {
        private static let policy = """
            headgate: 1
            name: seats
            owner: tests
            tiers: [{ name: high, queue: { depth: 50, wait: 10s } }]
            seats: { limit: 1 }
            classes:
              work: { tier: high, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard: { tenant: { rate: 1000/s } }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, principals: { web: { classes: [work] } } }
            """

        /// A running server with one seat.
        private static func withServer(_ body: (Site) async throws -> Void) async throws {
            try await Site.with(policy: policy, directory: directory) { site in
                try await site.start()
                try await body(site)
            }
        }

        private static func client(of site: Site, lease: Duration = .seconds(30)) throws -> HeadgateClient {
            var configuration = HeadgateClient.Configuration(server: "http://127.0.0.1:\(site.port)")
            configuration.callTimeout = .seconds(2)
            configuration.leaseTime = lease
            return try HeadgateClient(configuration: configuration)
        }

        private static func call(waitMax: Duration = .zero) -> AdmissionCall {
            var call = AdmissionCall(operation: "act")
            call.tenant = "acme"
            call.waitMax = waitMax
            return call
        }

        /// Waits for the seat in a task of its own, which gives it back at once.
        private static func wait(_ client: HeadgateClient, atMost waitMax: Duration) -> Task<Decision, Never> {
            Task {
                let admission = await client.admit(call(waitMax: waitMax))
                let decision = admission.decision
                admission.completed(status: 200)
                return decision
            }
        }

        private static func waitForQueue(_ site: Site, of count: Int) async throws {
            try await Patience.wait(for: "\(count) that wait") {
                try await site.metrics().sum("headgate_seats_waiting") == count
            }
        }

        @Test func `a seat goes from one holder to the next who waits, in another process as well`() async throws {
            try await ClientAdmissions.withServer { site in
                let (holder, other) = (try ClientAdmissions.client(of: site), try ClientAdmissions.client(of: site))
                let first = await holder.admit(ClientAdmissions.call())
                let decision = first.decision
                #expect(decision.outcome == .admit && decision.origin == .engine)
                let hasty = await ClientAdmissions.wait(other, atMost: .zero).value
                #expect(hasty.outcome == .shed && hasty.reason == "concurrency_limit")
                let patient = ClientAdmissions.wait(other, atMost: .seconds(20))
                try await ClientAdmissions.waitForQueue(site, of: 1)
                first.completed(status: 200)
                let second = await patient.value
                #expect(second.outcome == .queue && second.waited > .zero)
                try await Patience.wait(for: "the seat to come back") {
                    try await site.metrics().sum("headgate_seats_in_use") == 0
                }
            }
        }

        // At once would be better: the server does not read while it owes an answer, and so does not see who leaves.
        @Test func `a task that is cancelled hears so, and its place is free when its wait would have ended`()
            async throws
        {
            try await ClientAdmissions.withServer { site in
                let client = try ClientAdmissions.client(of: site)
                let held = await client.admit(ClientAdmissions.call())
                let waiting = (0..<10).map { _ in ClientAdmissions.wait(client, atMost: .seconds(20)) }
                try await ClientAdmissions.waitForQueue(site, of: 10)
                for task in waiting { task.cancel() }
                let cancelled = ContinuousClock.now
                for task in waiting { #expect(await task.value.isAdmitted == false) }
                #expect(ContinuousClock.now - cancelled < .seconds(5))
                try await ClientAdmissions.waitForQueue(site, of: 0)
                held.completed()
            }
        }

        @Test func `work that is longer than its lease keeps its seat, and that of a dead holder runs out`()
            async throws
        {
            try await ClientAdmissions.withServer { site in
                let holder = try ClientAdmissions.client(of: site, lease: .seconds(1))
                let other = try ClientAdmissions.client(of: site)
                let held = await holder.admit(ClientAdmissions.call())
                let start = ContinuousClock.now
                // Three leases long somebody waits in vain.
                let hopeful = await ClientAdmissions.wait(other, atMost: .seconds(3)).value
                #expect(!hopeful.isAdmitted && ContinuousClock.now - start >= .seconds(3))
                // From now on it says nothing any more, as if it had been killed.
                holder.close()
                let next = await ClientAdmissions.wait(other, atMost: .seconds(20)).value
                #expect(next.outcome == .queue && next.waited < .seconds(10))
                #expect(try await site.metrics().sum("headgate_leases_expired_total") == 1)
                held.completed()
            }
        }
    }
}
