import Foundation
import Testing

extension ServerTests {
    /// Seats for work that runs elsewhere, over real connections.
    @Suite struct AdmissionCalls {
        private static func policy(seats: Int) -> String {
            """
            headgate: 1
            name: seats
            owner: tests
            tiers: [{ name: high, queue: { depth: 5, wait: 15s } }]
            seats: { limit: \(seats) }
            classes:
              work: { tier: high, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard: { tenant: { rate: 1000/s } }

            """
        }
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, principals: { web: { classes: [work] } } }
            """

        /// What these tests read of an answer.
        private struct Answer: Decodable, Sendable {
            let decision: String
            let reason: String
            let admission: Admission?

            struct Admission: Decodable, Sendable {
                let id: String
                let waitedMs: Int
            }
        }

        private static func admit(_ port: Int, maxWait: Int = 0) async throws -> Answer {
            let body = #"{"tenant":"acme","operation":"act","maxWaitMs":\#(maxWait)}"#
            let request = HTTPRequest(method: "POST", target: "/v1/admissions", fields: [], body: body)
            let response = try await HTTPClient(port: port).send(request)
            return try JSONDecoder().decode(Answer.self, from: Data(response.message.body))
        }

        private func end(_ answer: Answer, _ site: Site) async throws -> Int {
            let id = try #require(answer.admission).id
            let request = HTTPRequest(method: "DELETE", target: "/v1/admissions/\(id)", fields: [], body: "")
            return try await HTTPClient(port: site.port).send(request).status
        }

        /// Waits for less than requests here may wait, so that none has gone because its time was over.
        private func waitForQueue(_ site: Site, of count: Int) async throws {
            try await Patience.wait(for: "\(count) that wait", atMost: .seconds(8)) {
                try await site.metrics().sum("headgate_seats_waiting") == count
            }
        }

        @Test func `an answer is held until a seat is given back, and that is recorded`() async throws {
            try await Site.with(policy: AdmissionCalls.policy(seats: 1), directory: AdmissionCalls.directory) { site in
                try await site.start()
                let first = try await AdmissionCalls.admit(site.port)
                #expect(first.decision == "admit")
                #expect(try await AdmissionCalls.admit(site.port).reason == "concurrency_limit")
                let port = site.port
                async let held = AdmissionCalls.admit(port, maxWait: 10_000)
                try await waitForQueue(site, of: 1)
                #expect(try await end(first, site) == 204)
                let second = try await held
                #expect(second.decision == "queue" && second.reason == "borrowed")
                #expect(try #require(second.admission).waitedMs > 0)
                #expect(try await end(first, site) == 404)
                #expect(try await end(second, site) == 204)
                let metrics = try await site.metrics()
                #expect(metrics.sum("headgate_seats_in_use") == 0 && metrics.sum("headgate_leases_open") == 0)
                #expect(metrics.sum("headgate_seats_refused_total", "reason=\"concurrency_limit\"") == 1)
                #expect(metrics.sum("headgate_decisions_total", "outcome=\"queue\"") == 1)
                #expect(await site.stop() == 0)
                let lines = try await site.journal()
                #expect(Set(lines.map(\.decision)).isSuperset(of: ["queue", "shed"]))
            }
        }

        @Test func `a client that goes while it waits frees its place`() async throws {
            try await Site.with(policy: AdmissionCalls.policy(seats: 1), directory: AdmissionCalls.directory) { site in
                try await site.start()
                _ = try await AdmissionCalls.admit(site.port)
                let body = #"{"tenant":"acme","operation":"act","maxWaitMs":10000}"#
                try await HTTPConnection.with(port: site.port) { connection in
                    let head = "POST /v1/admissions HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                    try await connection.write((head + body).utf8)
                    try await waitForQueue(site, of: 1)
                }
                try await waitForQueue(site, of: 0)
            }
        }

        @Test func `a new policy gives seats to whoever waits`() async throws {
            try await Site.with(policy: AdmissionCalls.policy(seats: 1), directory: AdmissionCalls.directory) { site in
                try await site.start()
                let first = try await AdmissionCalls.admit(site.port)
                let port = site.port
                async let held = AdmissionCalls.admit(port, maxWait: 15_000)
                try await waitForQueue(site, of: 1)
                _ = try site.folder.write(AdmissionCalls.policy(seats: 2), to: "policy.yaml")
                #expect(try await held.decision == "queue")
                #expect(try await end(first, site) == 204)
            }
        }
    }
}
