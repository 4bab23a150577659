import Foundation
import GRDB
import Testing

extension ServerTests {
    /// What tenants use, as the server writes it down.
    @Suite struct Usage {
        private static let policy = """
            headgate: 1
            name: use
            owner: tests
            tiers: [{ name: everything }]
            defaults: { class: work, timeZone: Pacific/Kiritimati }
            classes:
              work: { tier: everything, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts", cost: 3 }
            plans:
              standard:
                tenant: { rate: 600/s, burst: 600 }
              small:
                tenant: { rate: 1000/s }
                quotas: { requests: { amount: 20/year, warnAt: [ 50%, 80% ] } }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard }
              tiny: { plan: small }
            """
        private static let act = Check(tenant: "acme", operation: "act")

        /// What the record of a server that has ended says, added up.
        struct Sums: Equatable {
            var admitted = 0
            var refused = 0
            var cost = 0
            var bytesIn = 0
            var bytesOut = 0
            var requests: Int { admitted + refused }

            /// How many rows there are.
            static func rowCount(_ site: Site) throws -> Int {
                let database = try DatabaseQueue(path: site.data + "/consumption.sqlite")
                defer { try? database.close() }
                return try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM used") ?? 0 }
            }

            init(_ site: Site, tenant: String) throws {
                let database = try DatabaseQueue(path: site.data + "/consumption.sqlite")
                let row = try database.read { database in
                    try Row.fetchOne(
                        database,
                        sql: """
                            SELECT coalesce(sum(admitted), 0), coalesce(sum(refused), 0), coalesce(sum(cost), 0),
                            coalesce(sum(bytes_in), 0), coalesce(sum(bytes_out), 0) FROM used WHERE tenant = ?
                            """, arguments: [tenant])
                }
                guard let row else { return }
                (admitted, refused, cost, bytesIn, bytesOut) = (row[0], row[1], row[2], row[3], row[4])
                try database.close()
            }
        }

        @Test func `the rows of a stopped server are the requests that were sent, neither more nor less`() async throws
        {
            try await Site.with(policy: Usage.policy, directory: Usage.directory) { site in
                try await site.start()
                let sent = try await HTTPConnection.with(port: site.port) { connection in
                    var answers: [Answer] = []
                    for _ in 0..<200 {
                        answers += try await connection.check(Array(repeating: Usage.act, count: 25)).answers
                    }
                    return answers
                }
                let admitted = sent.count { $0.isAdmitted }
                #expect(await site.stop() == 0)
                let sums = try Sums(site, tenant: "acme")
                #expect(sums.requests == 5_000 && sums.admitted == admitted && sums.cost == 3 * admitted)
                #expect(admitted < 5_000, "some were refused")
                #expect(try Sums(site, tenant: "") == Sums(site, tenant: "nobody"))
            }
        }

        @Test func `strangers get one row, whatever they ask for`() async throws {
            try await Site.with(policy: Usage.policy, directory: Usage.directory) { site in
                try await site.start()
                for number in 0..<50 {
                    let call = Check(credential: "nonsense-\(number)", method: "GET", path: "/v1/things/\(number)")
                    #expect(try await !site.check(call).isAdmitted)
                }
                await site.stop()
                #expect(try Sums.rowCount(site) == 1)
                #expect(try Sums(site, tenant: "").refused == 50)
            }
        }

        @Test func `a killed server loses no more than a second of what was used`() async throws {
            try await Site.with(policy: Usage.policy, directory: Usage.directory) { site in
                try await site.start()
                let (load, killed) = try await Load.with(port: site.port, asking: Usage.act) { _ in
                    try await Task.sleep(for: .seconds(5))
                    let killed = ContinuousClock.now
                    await site.kill()
                    return killed
                }
                try await site.start()
                await site.stop()
                let cost = try Sums(site, tenant: "acme").cost
                // One second and the thread's pause are promised; the rest is for a machine that is busy.
                let atLeast = load.admitted(until: killed - .seconds(3))
                print("admitted \(load.admitted), counted \(cost), 3 s before the kill \(atLeast)")
                #expect(atLeast > 400)
                #expect(cost >= atLeast)
                #expect(cost <= load.admitted + load.unanswered * 3)
            }
        }

        /// How often the server, or the last one, has warned of each share, by its log.
        private func warnings(in log: String) -> [String] {
            log.matches(of: /share=([0-9.]+%)/).map { String($0.1) }
        }

        @Test func `a share of a quota is told once, also over a restart and over a kill`() async throws {
            let tiny = Check(tenant: "tiny", operation: "act")
            try await Site.with(policy: Usage.policy, directory: Usage.directory) { site in
                try await site.start()
                for _ in 1...9 { #expect(try await site.check(tiny).isAdmitted) }
                try await Task.sleep(for: .seconds(2))
                #expect(warnings(in: site.log) == [])
                #expect(try await site.check(tiny).isAdmitted)
                try await Patience.wait(for: "the first warning") { !warnings(in: site.log).isEmpty }
                #expect(site.log.contains("tiny has used 10 of 20 requests this year"))
                // Until the warning and the use are on the disk.
                try await Task.sleep(for: .seconds(2))
                await site.kill()
                try await site.start()
                for _ in 11...15 { #expect(try await site.check(tiny).isAdmitted) }
                try await Task.sleep(for: .seconds(2))
                #expect(warnings(in: site.log) == [], "it was told before")
                #expect(try await site.check(tiny).isAdmitted)
                try await Patience.wait(for: "the second warning") { !warnings(in: site.log).isEmpty }
                #expect(try await site.metrics().sum("headgate_quota_warnings_total", "share=\"80%\"") == 1)
                await site.stop()
                #expect(warnings(in: site.log) == ["80%"])
                try await site.start()
                for _ in 17...20 { #expect(try await site.check(tiny).isAdmitted) }
                #expect(try await site.check(tiny).reason == "quota_exhausted")
                try await Task.sleep(for: .seconds(2))
                #expect(warnings(in: site.log) == [])
            }
        }

        @Test func `bytes that the proxy passes on are the tenant's`() async throws {
            try await RawUpstream.with { connection in
                while let head = try await connection.readHead() {
                    let length = head.firstMatch(of: /(?i)content-length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
                    _ = try await connection.read(length)
                    try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                    try await connection.write([UInt8](repeating: 120, count: 1_000))
                }
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    for size in [0, 10, 30_000] {
                        let body = size == 0 ? nil : String(repeating: "x", count: size)
                        let answer = try await proxy.send(size == 0 ? "GET" : "POST", body: body)
                        #expect(answer.status == 200 && answer.text.utf8.count == 1_000)
                    }
                    #expect(await proxy.site.stop() == 0)
                    let sums = try Sums(proxy.site, tenant: "acme")
                    #expect(sums.admitted == 3 && sums.bytesIn == 30_010 && sums.bytesOut == 3_000)
                }
            }
        }
    }
}
