import Admission
import Policy
import Testing
import Vocabulary

@testable import Gateway

@Suite("Room in memory")
struct CapacityWatchTests {
    private let watch = CapacityWatch()
    private let engine: AdmissionEngine
    private let policy: Snapshot

    init() throws {
        policy = try SmallWorld.compile(
            """
            headgate: 1
            name: room
            owner: tests
            tiers: [{ name: high }, { name: low }]
            classes: { interactive: { tier: low, consequence: low, owner: tests } }
            operations: { read: { match: "GET /things" } }
            plans: { only: { tenant: { rate: 1/day } } }
            descriptors: { edge: { limits: [{ key: address, requests: 1, unit: month }] } }
            """)
        engine = AdmissionEngine(snapshot: policy, at: .zero, shardCount: 1, tenantCountMax: 8)
    }

    private func ask(_ key: UInt128, counter: Bool) {
        var verdict = Verdict()
        let request =
            counter
            ? AdmissionRequest(
                tenant: TenantKey(bits: key), plan: policy.plans.count, operation: -1, trafficClass: -1, tier: -1)
            : AdmissionRequest(tenant: TenantKey(bits: key), plan: 0, operation: 0, trafficClass: 0, tier: 1)
        _ = engine.decide(
            request, with: engine.blueprint, at: Moment(monotonic: .zero, wall: WallTime(milliseconds: 0)),
            into: &verdict)
    }

    @Test func `is told of once a minute, and is a problem until nobody was refused for one`() {
        for key in UInt128(0)..<6 { ask(key << 96, counter: true) }
        #expect(watch.look(at: engine, .seconds(1)) == nil)
        #expect(watch.problems.isEmpty)
        ask(6 << 96, counter: true)
        #expect(watch.look(at: engine, .seconds(2))?.contains("6 counters of descriptors, of 6") == true)
        ask(7 << 96, counter: true)
        #expect(watch.look(at: engine, .seconds(30)) == nil)
        #expect(watch.problems.map(\.part) == ["memory"])
        ask(8 << 96, counter: true)
        #expect(watch.look(at: engine, .seconds(62)) != nil)
        #expect(watch.look(at: engine, .seconds(121)) == nil)
        #expect(watch.problems.count == 1)
        #expect(watch.look(at: engine, .seconds(122)) == nil)
        #expect(watch.problems.isEmpty)
    }

    @Test func `that is full of tenants is another problem`() {
        for key in UInt128(0)..<9 { ask(key << 96, counter: false) }
        #expect(watch.look(at: engine, .seconds(1))?.contains("8 tenants and counters, of 8") == true)
        #expect(engine.refusedNewcomerCount == 1 && engine.refusedCounterCount == 0)
    }
}
