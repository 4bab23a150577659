import Foundation
import GRDB
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

        @Test func `a killed server keeps its journal, and no more than a second of use is lost`() async throws {
            try await Site.with(policy: Crashes.policy, directory: Crashes.directory) { site in
                try await site.start()
                for number in 1...6 {
                    let answer = try await site.check(Crashes.sign)
                    #expect(answer.reason == (number <= 5 ? "borrowed" : "operation_budget"))
                }
                let (load, before) = try await Load.with(port: site.port, asking: Crashes.act) { _ in
                    try await Task.sleep(for: .seconds(5))
                    let shown = Set(try await site.journal().map(\.decisionId))
                    let killed = ContinuousClock.now
                    await site.kill()
                    return (shown: shown, killed: killed)
                }
                try expectIntact(site)
                try await site.start()
                #expect(site.log.contains("did not stop cleanly"))
                #expect(!before.shown.isEmpty)
                #expect(before.shown.isSubset(of: try await site.journal().map(\.decisionId)))

                // The five signatures, what was admitted, and this request itself.
                let used = try await usedQuota(site) - 6
                // One second is promised; two more are for a machine that is busy with something else.
                let atLeast = load.admitted(until: before.killed - .seconds(3))
                print("admitted \(load.admitted), saved \(used), 3 s before the kill \(atLeast)")
                #expect(atLeast > 400)
                #expect(used >= atLeast)
                #expect(used <= load.admitted + load.unanswered)
                #expect(try await site.check(Crashes.sign).reason == "operation_budget")
            }
        }

        @Test func `a server that is killed again and again never forgets what it knew before`() async throws {
            try await Site.with(policy: Crashes.policy, directory: Crashes.directory) { site in
                var known = 0
                var shown: Set<String> = []
                for round in 1...5 {
                    try await site.start()
                    #expect(shown.isSubset(of: try await site.journal().map(\.decisionId)), "round \(round)")
                    let used = try await usedQuota(site)
                    #expect(used > known, "round \(round)")
                    known = used
                    // Not in step with the half seconds in which use is saved.
                    _ = try await Load.with(port: site.port, asking: Crashes.act) { _ in
                        try await Task.sleep(for: .milliseconds(830 + 70 * round))
                        shown = Set(try await site.journal().map(\.decisionId))
                        await site.kill()
                    }
                }
                try expectIntact(site)
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

        @Test func `a server stopped under load answers what it decides, and counts what it answers`() async throws {
            try await Site.with(policy: Crashes.policy, directory: Crashes.directory) { site in
                try await site.start()
                let (load, status) = try await Load.with(port: site.port, asking: Crashes.act) { _ in
                    try await Task.sleep(for: .seconds(1))
                    return await site.stop()
                }
                #expect(status == 0)
                #expect(!load.failures.contains { $0.contains("ends too early") }, "\(load.failures)")
                try await site.start()
                let used = try await usedQuota(site) - 1
                #expect(used >= load.admitted)
                #expect(used <= load.admitted + load.unanswered)
            }
        }

        @Test func `counters of descriptors survive a restart, for as long as there is their limit`() async throws {
            func limited(_ limits: String) -> String {
                Crashes.policy + "\ndescriptors: { edge: { limits: [ \(limits) ] } }\n"
            }
            let limits = "{ key: address, requests: 2, unit: day }, { key: user, requests: 2, unit: hour }"
            let calls = ["address", "user"].map { RateLimitCall(domain: "edge", entries: [($0, "10.0.0.7")]) }
            try await Site.with(policy: limited(limits), directory: Crashes.directory) { site in
                try await site.start()
                for call in calls {
                    for expected in [RateLimitCall.Answer.ok, .ok, .overLimit] {
                        #expect(try await call.send(port: site.port) == expected)
                    }
                }
                await site.stop()
                try await site.start()
                for call in calls { #expect(try await call.send(port: site.port) == .overLimit) }
                let other = RateLimitCall(domain: "edge", entries: [("address", "10.0.0.8")])
                #expect(try await other.send(port: site.port) == .ok)
                await site.stop()
                // Other numbers for all plans, and the second limit is another one, whose counters are new.
                let changed = limits.replacing("key: user", with: "key: user, value: \"10*\"")
                try limited("{ key: aardvark, rate: 1/s }, " + changed)
                    .write(toFile: site.policy, atomically: true, encoding: .utf8)
                try await site.start()
                #expect(try await calls[0].send(port: site.port) == .overLimit)
                #expect(try await calls[1].send(port: site.port) == .ok)
            }
        }

        @Test func `damaged files do not keep a server from starting, and are kept for whoever can read them`()
            async throws
        {
            try await Site.with(policy: Crashes.policy, directory: Crashes.directory) { site in
                try await site.start()
                await site.stop()
                for name in ["journal.sqlite", "usage.sqlite"] {
                    try String(repeating: "nonsense", count: 1_000)
                        .write(toFile: site.data + "/" + name, atomically: false, encoding: .utf8)
                }
                try await site.start()
                #expect(site.log.contains(#/journal\.sqlite was beyond use .*; it now stands at /#))
                #expect(site.log.contains(#/usage\.sqlite was beyond use .*; it now stands at /#))
                let kept = try FileManager.default.contentsOfDirectory(atPath: site.data).filter { name in
                    let content = try? String(contentsOfFile: site.data + "/" + name, encoding: .utf8)
                    return content?.hasPrefix("nonsense") == true
                }
                #expect(kept.count == 2)
                #expect(try await usedQuota(site) == 1)
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
