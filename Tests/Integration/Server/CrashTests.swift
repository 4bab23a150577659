import Foundation
import GRDB
import Synchronization
import Testing

extension ServerTests {
    /// The server is killed while it works.
    @Suite struct Crashes {
        /// A tenant with a rate that load exceeds, a quota that it does not, and a budget that takes months to refill.
        private static let policy = """
            headgate: 1
            name: crashes
            owner: tests
            tiers: [{ name: everything }]
            service: { rate: 100000/s }
            defaults: { class: work }
            classes:
              work: { tier: everything, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
              sign: { match: "POST /v1/signatures" }
            plans:
              standard:
                tenant: { rate: 200/s, burst: 200 }
                operations: { sign: { rate: 3/day, burst: 5 } }
                quotas: { requests: 1_000_000/month }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme:
                plan: standard
            """
        private static let quota = 1_000_000
        private static let act = Check(tenant: "acme", operation: "act")
        private static let sign = Check(tenant: "acme", operation: "sign")

        /// What a client knows of the requests that were admitted.
        private final class Ledger: Sendable {
            private let state = Mutex<(admitted: [(received: ContinuousClock.Instant, count: Int)], asked: Int)>(
                ([], 0))

            /// Notes that calls go out.
            func ask(_ count: Int) { state.withLock { $0.asked += count } }
            /// Notes what came back.
            func note(_ batch: Batch) {
                let count = batch.answers.count(where: \.isAdmitted)
                state.withLock {
                    $0.admitted.append((batch.received, count))
                    $0.asked -= batch.answers.count
                }
            }
            /// How many were admitted until a moment.
            func admitted(until moment: ContinuousClock.Instant) -> Int {
                state.withLock { $0.admitted.filter { $0.received <= moment }.reduce(0) { $0 + $1.count } }
            }
            /// How many calls went out and never got an answer.
            var unanswered: Int { state.withLock { $0.asked } }
        }

        @Test func `a killed server keeps its journal, and no more than a second of use is lost`() async throws {
            try await Site.with(policy: Crashes.policy, directory: Crashes.directory) { site in
                try await site.start()
                for number in 1...6 {
                    let answer = try await site.check(Crashes.sign)
                    #expect(answer.reason == (number <= 5 ? "borrowed" : "operation_budget"))
                }
                let ledger = Ledger()
                let before = try await load(site, ledger)
                try expectIntact(site)
                try await site.start()
                #expect(site.log.contains("did not stop cleanly"))
                let after = Set(try await site.journal().map(\.decisionId))
                #expect(!before.shown.isEmpty)
                #expect(before.shown.isSubset(of: after))

                // The five signatures, what was admitted, and this request itself.
                let used = try await usedQuota(site) - 6
                let atLeast = ledger.admitted(until: before.killed - .seconds(3))
                let known = ledger.admitted(until: before.killed)
                print("admitted \(known), saved \(used), 3 s before the kill \(atLeast)")
                #expect(atLeast > 400)
                #expect(used >= atLeast)
                #expect(used <= known + ledger.unanswered)
                #expect(try await site.check(Crashes.sign).reason == "operation_budget")
            }
        }

        @Test func `a stopped server loses no use at all`() async throws {
            try await Site.with(policy: Crashes.policy, directory: Crashes.directory) { site in
                try await site.start()
                for _ in 1...5 { #expect(try await site.check(Crashes.sign).isAdmitted) }
                for _ in 1...20 { #expect(try await site.check(Crashes.act).isAdmitted) }
                #expect(try await usedQuota(site) == 26)
                #expect(await site.stop() == 0)
                try await site.start()
                #expect(!site.log.contains("did not stop cleanly"))
                #expect(try await usedQuota(site) == 27)
                #expect(try await site.check(Crashes.sign).reason == "operation_budget")
            }
        }

        /// Drives the server beyond its rate and kills it meanwhile.
        ///
        /// - Returns: the decisions that the journal showed right before, and when the server was
        ///   killed at the earliest.
        private func load(
            _ site: Site, _ ledger: Ledger
        ) async throws -> (shown: Set<String>, killed: ContinuousClock.Instant) {
            let port = site.port
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...2 {
                    group.addTask {
                        // The connection ends in the middle: that is what is tested.
                        try? await HTTPConnection.with(port: port) { connection in
                            while true {
                                ledger.ask(50)
                                ledger.note(try await connection.check(Array(repeating: Crashes.act, count: 50)))
                                try await Task.sleep(for: .milliseconds(20))
                            }
                        }
                    }
                }
                try await Task.sleep(for: .seconds(6))
                let shown = Set(try await site.journal().map(\.decisionId))
                let killed = ContinuousClock.now
                await site.kill()
                try await group.waitForAll()
                return (shown, killed)
            }
        }

        /// Expects that both files of the data folder are whole, as the killed process left them.
        ///
        /// Looks at copies: opening a file recovers it, which is for the server to do.
        private func expectIntact(_ site: Site) throws {
            let copies = try site.folder.folder("copies")
            for name in try FileManager.default.contentsOfDirectory(atPath: site.data) where !name.hasSuffix("-shm") {
                try FileManager.default.copyItem(atPath: site.data + "/" + name, toPath: copies.file(name))
            }
            for name in ["journal.sqlite", "usage.sqlite"] {
                let database = try DatabaseQueue(path: copies.file(name))
                let verdict = try database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
                #expect(verdict == ["ok"], "\(name)")
                try database.close()
            }
        }

        /// What the quota says is used, this request included.
        private func usedQuota(_ site: Site) async throws -> Int {
            let body = String(decoding: try JSONEncoder().encode(Crashes.act), as: UTF8.self)
            let response = try await HTTPClient(port: site.port).send(
                HTTPRequest(method: "POST", target: "/v1/check", body: body))
            let field = try #require(response["RateLimit"])
            let match = try #require(field.firstMatch(of: /"quota-requests-month";r=([0-9]+)/))
            let left = try #require(Int(match.1))
            return Crashes.quota - left
        }
    }
}
