import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `carrying tenants over one by one` {
    /// Two engines see the same; in one, tenants are carried over at once, in the other each at its next touch.
    @Test(arguments: [UInt64](1...30))
    func `is the same as carrying all over at the moment of the change`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func randomWorld() -> World {
            let (rate, burst, lanes) = `a budget with lanes`.randomBudget(&random)
            var world = World(tenant: ([rate], burst), classes: lanes.map { $0 } + [nil])
            world.operations = [nil, .checked(amount: 1, per: Nanoseconds(30), burst: 5)]
            world.quotas = [.init(unit: .requests, amount: .random(in: 20...40, using: &random), period: .day)]
            world.planName = ["plan", "other"].randomElement(using: &random) ?? ""
            return world
        }
        let first = try randomWorld().snapshot()
        let (eager, lazy) = (EngineUnderTest(first), EngineUnderTest(first))
        for step in 0..<60 {
            eager.now += Int64.random(in: 0...40, using: &random)
            lazy.now = eager.now
            if step % 4 == 3 {
                let snapshot = try step % 8 == 3 ? randomWorld().snapshot() : eager.engine.blueprint.snapshot
                eager.engine.apply(snapshot, at: eager.moment)
                // Published only: each shard adopts it with its first request, which must come at the same moment.
                _ = lazy.engine.publish(snapshot)
                for tenant in UInt64(100)...130 { _ = lazy.decide(tenant: tenant) }
                if step % 16 == 15 { lazy.engine.sweep(limitPerShard: 3, at: lazy.moment) }
            }
            let tenant = UInt64.random(in: 1...6, using: &random)
            let classes = eager.engine.blueprint.snapshot.classes.indices
            let trafficClass = Int.random(in: classes, using: &random)
            let operation = Int.random(in: 0...1, using: &random)
            let cost = Int64.random(in: 1...4, using: &random)
            let left = eager.decide(tenant: tenant, trafficClass: trafficClass, operation: operation, cost: cost)
            let right = lazy.decide(tenant: tenant, trafficClass: trafficClass, operation: operation, cost: cost)
            try #require(left.levels == right.levels, "seed \(seed), step \(step)")
        }
        for tenant in UInt64(1)...6 {
            for trafficClass in eager.engine.blueprint.snapshot.classes.indices {
                for operation in 0...1 {
                    let left = eager.decide(
                        tenant: tenant, trafficClass: trafficClass, operation: operation, isPeek: true)
                    let right = lazy.decide(
                        tenant: tenant, trafficClass: trafficClass, operation: operation, isPeek: true)
                    #expect(left.levels == right.levels, "seed \(seed)")
                }
            }
        }
        let saved = [eager, lazy].map { subject in
            let batch = DurableCollector(subject.engine).collect(at: subject.moment)
            return Dictionary(uniqueKeysWithValues: batch.rows.map { ($0.tenant.bits, Array(batch.numbers(of: $0))) })
        }
        let kept = Set((UInt64(1)...6).map { EngineUnderTest.key($0).bits })
        #expect(
            saved[0].filter { kept.contains($0.key) } == saved[1].filter { kept.contains($0.key) }, "seed \(seed)")
    }

    @Test func `goes on while tenants come and go, until none is left`() throws {
        var world = World(tenant: ([.perSecond(5)], 10))
        let subject = EngineUnderTest(try world.snapshot(), shardCount: 1)
        for tenant in UInt64(1)...5_000 { _ = subject.decide(tenant: tenant, cost: 10) }
        for burst in Int64(11)...20 {
            world.tenant.burst = burst
            _ = subject.engine.publish(try world.snapshot())
            for tenant in UInt64(burst * 100)...UInt64(burst * 130) { _ = subject.decide(tenant: tenant) }
        }
        subject.engine.carryOver(to: subject.engine.blueprint, at: subject.moment)
        for tenant in UInt64(1)...5_000 { #expect(!subject.decide(tenant: tenant).isAdmitted, "nothing was refilled") }
        subject.now = 1_000_000_000
        #expect(subject.drain(tenant: 3) == 5)
    }
}
