import Admission
import Foundation
import NIOCore
import NIOEmbedded
import Policy
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

@Suite struct `the call for admissions` {
    @Test func `gives a seat, which comes back once`() throws {
        let door = try AdmissionDoor()
        let answer = try #require(try door.admit().answer)
        #expect(answer.status == 200 && answer.decision == "admit" && answer.reason == "borrowed")
        #expect(answer.admission?["leaseMs"] as? Int == 30_000 && answer.admission?["seats"] as? Int == 1)
        #expect(answer.admission?["waitedMs"] as? Int == 0 && answer.id.count == 32)
        #expect(door.gate.counts.inUse == 1)
        #expect(try door.send("DELETE", "/v1/admissions/\(answer.id)").answer?.status == 204)
        #expect(door.gate.counts.inUse == 0)
        #expect(try door.send("DELETE", "/v1/admissions/\(answer.id)").answer?.status == 404)
        #expect(door.gate.staleCount == 0)
    }

    @Test func `refuses who may not wait, and the budget has everything back`() throws {
        let door = try AdmissionDoor()
        #expect(try door.remaining() == 99)
        _ = try door.admit()
        for _ in 0..<5 {
            let answer = try #require(try door.admit().answer)
            #expect(answer.decision == "shed" && answer.reason == "concurrency_limit")
            #expect(answer.body["admission"] is NSNull && answer.head.contains("\r\nRetry-After: "))
            #expect(answer.body["budget"] is NSNull, "no budget refused it")
        }
        #expect(try door.remaining() == 97, "one admission and two checks")
        let counts = door.plane.metrics.total.decisions
        #expect(counts.first { $0.key.reason == .concurrencyLimit }?.value == 5)
        #expect(counts.values.reduce(0, +) == 8, "each is counted once")
    }

    @Test func `holds the answer until there is a seat`() throws {
        let door = try AdmissionDoor()
        let first = try #require(try door.admit().answer)
        let second = try door.admit("\"operation\": \"work\", \"maxWaitMs\": 5000, \"leaseMs\": 2000")
        door.loop.run()
        #expect(second.answer == nil && door.gate.counts.tiers[0].waiting == 1)
        #expect(
            try door.send("DELETE", "/v1/admissions/\(first.id)", "{\"outcome\": \"failed\"}").answer?.status == 204)
        door.loop.run()
        let answer = try #require(second.answer)
        #expect(answer.status == 200 && answer.decision == "queue" && answer.reason == "borrowed")
        #expect(answer.admission?["leaseMs"] as? Int == 2_000)
        #expect(try #require(answer.admission?["waitedMs"] as? Int) >= 1)
        #expect(try door.send("DELETE", "/v1/admissions/\(answer.id)").answer?.status == 204)
        #expect(door.plane.metrics.total.decisions.keys.contains { $0.outcome == .queue })
    }

    @Test func `frees the place of a client that goes, and gives its budget back`() throws {
        let door = try AdmissionDoor()
        let first = try #require(try door.admit().answer)
        let second = try door.admit("\"operation\": \"work\", \"maxWaitMs\": 5000")
        door.loop.run()
        second.deferral?.cancel()
        door.loop.run()
        #expect(door.gate.counts.tiers[0].waiting == 0)
        #expect(try door.send("DELETE", "/v1/admissions/\(first.id)").answer?.status == 204)
        door.loop.run()
        #expect(second.answer == nil && door.gate.counts.inUse == 0)
        #expect(try door.remaining() == 98)
        #expect(door.plane.metrics.total.decisions.keys.contains { $0.reason == .clientClosed })
    }

    @Test func `gives nothing to a client that has gone before anybody has read of it`() throws {
        let door = try AdmissionDoor()
        let first = try #require(try door.admit().answer)
        let second = try door.admit("\"operation\": \"work\", \"maxWaitMs\": 5000")
        door.loop.run()
        second.hasGone = true
        #expect(try door.send("DELETE", "/v1/admissions/\(first.id)").answer?.status == 204)
        door.loop.run()
        #expect(second.answer == nil && door.gate.counts.inUse == 0 && door.leases.counts.open == 0)
        #expect(try door.remaining() == 98)
        #expect(door.gate.staleCount == 0)
    }

    @Test func `waits for what is reserved and lent although the call says no wait`() throws {
        let policy = """
            headgate: 1
            name: door
            owner: tests
            tiers:
              - { name: high, reserve: 40%, queue: { depth: 5, wait: 10s } }
              - { name: low, queue: { depth: 5, wait: 10s } }
            seats: { limit: 10 }
            defaults: { class: work }
            classes:
              work: { tier: high, consequence: low, owner: tests }
              watched: { tier: low, consequence: low, owner: tests }
            operations:
              work: { match: "GET /work", class: work }
              watched: { match: "GET /watched", class: watched }
            plans:
              only: { tenant: { rate: 1000/day, burst: 1000 } }
            """
        let door = try AdmissionDoor(policy)
        var lent: [String] = []
        while door.gate.counts.inUse < 9 {
            lent.append(try #require(try door.admit("\"operation\": \"watched\"").answer).id)
        }
        #expect(try door.admit("\"operation\": \"watched\"").answer?.reason == "concurrency_limit")
        let calls = try (0..<4).map { _ in try door.admit("\"operation\": \"work\"") }
        door.loop.run()
        for id in lent.prefix(3) { #expect(try door.send("DELETE", "/v1/admissions/\(id)").answer?.status == 204) }
        door.loop.run()
        #expect(calls.allSatisfy { $0.answer?.status == 200 && $0.answer?.admission != nil })
        let hasty = try door.admit("\"operation\": \"work\", \"maxWaitMs\": 0")
        #expect(hasty.answer?.reason == "concurrency_limit", "who says that it does not wait does not")
    }

    @Test func `takes seats back on time, to some milliseconds`() throws {
        final class Ahead: Sendable { let nanoseconds = Atomic<Int64>(0) }
        let ahead = Ahead()
        let door = try AdmissionDoor(clock: {
            Nanoseconds(Clock.monotonic().count + ahead.nanoseconds.load(ordering: .relaxed))
        })
        _ = try #require(try door.admit("\"operation\": \"work\", \"leaseMs\": 1500").answer)
        ahead.nanoseconds.store(1_400_000_000, ordering: .relaxed)
        door.loop.advanceTime(by: .milliseconds(1_400))
        ahead.nanoseconds.store(1_520_000_000, ordering: .relaxed)
        door.loop.advanceTime(by: .milliseconds(120))
        #expect(door.gate.counts.inUse == 0 && door.leases.counts == (0, 1))
    }

    @Test func `lets what is only watched run without a seat, and says so`() throws {
        let door = try AdmissionDoor()
        let first = try #require(try door.admit("\"operation\": \"watched\"").answer)
        #expect(first.id.count == 32, "a seat that is free is taken")
        let second = try #require(try door.admit("\"operation\": \"watched\", \"maxWaitMs\": 5000").answer)
        #expect(second.decision == "admit" && second.reason == "stage_not_enforcing" && second.admission == nil)
        let wouldBe = try #require(second.body["wouldBe"] as? [String: Any])
        #expect(wouldBe["reason"] as? String == "concurrency_limit")
        #expect(door.gate.counts.inUse == 1 && door.gate.counts.tiers[0].waiting == 0)
    }

    @Test func `takes seats back when nobody renews the lease`() throws {
        let door = try AdmissionDoor()
        let answer = try #require(try door.admit("\"operation\": \"work\", \"leaseMs\": 5000").answer)
        let start = Clock.monotonic()
        door.leases.expire(at: start + .seconds(4))
        #expect(door.gate.counts.inUse == 1)
        #expect(try door.send("PUT", "/v1/admissions/\(answer.id)", "{\"leaseMs\": 60000}").answer?.status == 200)
        door.leases.expire(at: start + .seconds(59))
        #expect(door.gate.counts.inUse == 1)
        door.leases.expire(at: start + .seconds(62))
        #expect(door.gate.counts.inUse == 0 && door.leases.counts == (0, 1))
        #expect(try door.send("PUT", "/v1/admissions/\(answer.id)").answer?.status == 404)
        #expect(door.gate.staleCount == 0)
    }

    @Test func `lets a stranger end its own admissions and no others`() throws {
        let door = try AdmissionDoor()
        let body = "{\"credential\": \"\(door.keys[0])\", \"operation\": \"work\"}"
        let id = try #require(try door.send("POST", "/v1/admissions", body, isTrusted: false).answer).id
        let path = "/v1/admissions/\(id)"
        #expect(try door.send("DELETE", path, isTrusted: false).answer?.status == 404)
        #expect(try door.send("DELETE", path, isTrusted: false, key: door.keys[1]).answer?.status == 404)
        #expect(try door.send("PUT", path, isTrusted: false, key: door.keys[1]).answer?.status == 404)
        #expect(door.gate.counts.inUse == 1)
        #expect(try door.send("PUT", path, isTrusted: false, key: door.keys[0]).answer?.status == 200)
        let credential = "{\"credential\": \"\(door.keys[0])\"}"
        #expect(try door.send("DELETE", path, credential, isTrusted: false).answer?.status == 204)
    }

    @Test func `refuses a tenant more leases than it may have, and keeps no seat for them`() throws {
        let door = try AdmissionDoor(tenantLeasesMax: 0)
        let answer = try #require(try door.admit().answer)
        #expect(answer.reason == "concurrency_limit" && answer.admission == nil)
        #expect(door.gate.counts.inUse == 0)
        #expect(try door.remaining() == 99)
    }

    @Test(arguments: [
        ("POST", "", "{\"operation\": \"work\", \"maxWaitMs\": 60001}", "`maxWaitMs` must be at most 60000"),
        ("POST", "", "{\"operation\": \"work\", \"leaseMs\": 999}", "`leaseMs` must be an integer of at least 1000"),
        ("POST", "", "{\"operation\": \"work\", \"leaseMS\": 1000}", "did you mean `leaseMs`?"),
        ("PUT", "/00", "{\"outcome\": \"failed\"}", "there are credential and leaseMs"),
        ("DELETE", "/00", "{\"outcome\": \"done\"}", "`outcome` must be `completed`, `failed` or `abandoned`"),
        ("DELETE", "/00", "{\"status\": 99}", "`status` must be an integer of at least 100"),
        ("DELETE", "/00", "[]", "must be an object"),
    ])
    func `says what is wrong with a call`(method: String, path: String, body: String, detail: String) throws {
        let answer = try #require(try AdmissionDoor().send(method, "/v1/admissions" + path, body).answer)
        #expect(answer.status == 400)
        let said = try #require(answer.body["detail"] as? String)
        #expect(said.contains(detail), "\(said)")
    }

    @Test func `does not know those members in a check`() throws {
        let answer = try AdmissionDoor().send("POST", "/v1/check", "{\"operation\": \"work\", \"leaseMs\": 1000}")
            .answer
        #expect(answer?.status == 400)
    }

    @Test(arguments: [
        ("GET", "/v1/admissions", 405), ("GET", "/v1/admissions/1", 405), ("DELETE", "/v1/admissions/", 404),
        ("DELETE", "/v1/admissions/xyz", 404), ("PUT", "/v1/admissionsx/1", 404),
    ])
    func `is found at its paths only`(method: String, path: String, status: Int) throws {
        #expect(try AdmissionDoor().send(method, path).answer?.status == status)
    }
}

@Suite struct `the table of leases` {
    /// Leases in a plain list.
    private struct Oracle {
        var leases: [(id: LeaseID, deadline: Int64, tenant: Int)] = []
    }

    @Test(arguments: [UInt64](1...4))
    func `does what a plain list does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var now = Nanoseconds(5_500_000_000)
        var table = LeaseTable(at: now)
        var oracle = Oracle()
        var next: UInt128 = 0
        for step in 0..<6_000 {
            let tenant = Int.random(in: 0..<3, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                next += 1
                let duration = Nanoseconds.milliseconds(Int64.random(in: 1_000...200_000, using: &random))
                let owner = Lease.Owner(tenant: TenantKey(bits: UInt128(tenant)))
                table.add(
                    Lease(
                        id: LeaseID(bits: next), hold: SeatHold(index: 0, generation: 0, seats: 1), owner: owner,
                        start: now, felt: nil, duration: duration, deadline: now + duration))
                oracle.leases.append((LeaseID(bits: next), (now + duration).count, tenant))
            case 5..<7:
                guard let index = oracle.leases.indices.randomElement(using: &random) else { continue }
                let duration = Nanoseconds.milliseconds(Int64.random(in: 1_000...200_000, using: &random))
                table.renew(oracle.leases[index].id, duration, at: now)
                oracle.leases[index].deadline = (now + duration).count
            case 7..<9:
                guard let index = oracle.leases.indices.randomElement(using: &random) else { continue }
                #expect(table.remove(oracle.leases[index].id) != nil)
                oracle.leases.remove(at: index)
            default:
                now = now + .milliseconds(Int64.random(in: 0...(step % 50 == 0 ? 100_000 : 3_000), using: &random))
                let ended = Set(table.expire(at: now).map(\.id))
                let expected = Set(oracle.leases.filter { $0.deadline <= now.count }.map(\.id))
                #expect(ended == expected, "seed \(seed), step \(step)")
                oracle.leases.removeAll { expected.contains($0.id) }
            }
            #expect(table.count == oracle.leases.count)
            let count = oracle.leases.count { $0.tenant == tenant }
            #expect(table.count(of: TenantKey(bits: UInt128(tenant))) == count)
        }
    }

    @Test func `finds what it has by its name only`() throws {
        var generator = SeededGenerator(seed: 3)
        let id = LeaseID.random(using: &generator)
        #expect(LeaseID(id.text.utf8.span) == id && id.text.count == 32)
        #expect(LeaseID(LeaseID(bits: 7).text.utf8.span) == LeaseID(bits: 7))
        for text in ["", "0", String(repeating: "g", count: 32), String(repeating: "A", count: 32)] {
            #expect(LeaseID(text.utf8.span) == nil, "\(text)")
        }
    }
}
