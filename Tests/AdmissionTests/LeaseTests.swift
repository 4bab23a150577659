import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

/// Budgets large enough to be lent, and tenants that never refuse.
@Suite struct `leases on shared budgets` {
    private static let millisecond: Int64 = 1_000_000

    static func world(burst: Int64 = 40_000, rate: Int64 = 100_000) -> World {
        var world = World(tenant: ([.perSecond(100_000_000)], 100_000_000))
        world.service = ([.perSecond(rate)], burst)
        world.region = ([.perSecond(rate)], burst)
        world.tiers = [
            .init(guarantee: .perSecond(rate / 10)),
            .init(guarantee: .perSecond(rate / 20), holdbackBasisPoints: 2_000),
            .init(holdbackBasisPoints: 5_000), .init(holdbackBasisPoints: 5_000),
        ]
        return world
    }

    private func engines(_ world: World) throws -> (leasing: EngineUnderTest, other: EngineUnderTest) {
        let snapshot = try world.snapshot()
        return (
            EngineUnderTest(snapshot, shardCount: 64), EngineUnderTest(snapshot, shardCount: 64, isLeasing: false)
        )
    }

    @Test(arguments: [0, 1, 2])
    func `at one instant admit exactly what the budget holds, to whichever shards`(tier: Int) throws {
        let (leasing, other) = try engines(Self.world())
        var random = SeededGenerator(seed: 5)
        var admitted = (leasing: 0, other: 0)
        for attempt in 0..<60_000 {
            let tenant = UInt64.random(in: 1...500, using: &random)
            let region = Int.random(in: -1...0, using: &random)
            let isAdmitted = leasing.decide(tenant: tenant, tier: tier, region: region).isAdmitted
            #expect(isAdmitted == other.decide(tenant: tenant, tier: tier, region: region).isAdmitted)
            if isAdmitted { admitted.leasing += 1 }
            if attempt == 1_000 { #expect(leasing.engine.lentCost > 1_000, "shards hold leases") }
        }
        #expect(leasing.engine.lentCost == 0 && other.engine.lentCost == 0, "nothing is lent at the boundary")
        for tier in 0...2 {
            admitted.leasing += leasing.drain(tier: tier)
            admitted.other += other.drain(tier: tier)
        }
        #expect(admitted.leasing == 40_000, "all of the burst, and no unit more")
        #expect(leasing.levels == other.levels)
    }

    @Test(arguments: [UInt64](1...12))
    func `never admit more than burst and rate allow, over any interval`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let subject = EngineUnderTest(try Self.world().snapshot(), shardCount: 64)
        var events: [(now: Int64, sum: Int64)] = [(0, 0)]
        var refused = 0
        for phase in 0..<12 {
            let gap = phase % 3 == 0 ? Int64(20_000) : 2_000
            for _ in 0..<2_000 {
                subject.now += Int64.random(in: 0...gap, using: &random)
                let cost = Int64.random(in: 1...9, using: &random)
                let verdict = subject.decide(
                    tenant: .random(in: 1...300, using: &random), tier: .random(in: 0...2, using: &random),
                    region: .random(in: -1...0, using: &random), cost: cost)
                guard verdict.isAdmitted else {
                    refused += 1
                    continue
                }
                events.append((subject.now, (events.last?.sum ?? 0) + cost))
            }
            subject.now += Int64.random(in: 0...100, using: &random) * Self.millisecond
        }
        // Conformance over every interval: sum − rate·time never rises by more than the burst above its lowest point.
        var lowest = Double.infinity
        for (index, event) in events.enumerated().dropFirst() {
            let before = Double(events[index - 1].sum) - Double(event.now) / 10_000
            lowest = min(lowest, before)
            #expect(Double(event.sum) - Double(event.now) / 10_000 - lowest <= 40_000.000_001, "seed \(seed)")
        }
        #expect(refused > 100, "the walk reached the boundary")
    }

    @Test(arguments: [UInt64](1...12))
    func `differ from no leases by what flows in within a millisecond, and only downwards`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (leasing, other) = try engines(Self.world())
        for _ in 0..<300 {
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                leasing.now += Int64.random(in: 0...30_000, using: &random)
                other.now = leasing.now
                let tenant = UInt64.random(in: 1...300, using: &random)
                let tier = Int.random(in: 0...2, using: &random)
                let verdict = leasing.decide(tenant: tenant, tier: tier, region: 0)
                #expect(verdict.isAdmitted && other.decide(tenant: tenant, tier: tier, region: 0).isAdmitted)
            }
            let (left, right) = (leasing.levels, other.levels)
            // Cost units per millisecond: 100 in all, 10 and 5 in the guaranteed lanes.
            #expect(left.sum <= right.sum && left.sum > right.sum - 101, "seed \(seed): \(left), \(right)")
            for lane in 0...2 {
                #expect(left.lanes[lane] <= right.lanes[lane] && left.lanes[lane] > right.lanes[lane] - 11)
            }
        }
    }

    @Test func `leave an idle lane its whole guarantee at the instant it wakes`() throws {
        let subject = EngineUnderTest(try Self.world().snapshot(), shardCount: 64)
        for tenant in UInt64(1)...200 { #expect(subject.decide(tenant: tenant, tier: 0, cost: 5).isAdmitted) }
        // 1,000 units are back after 100 ms at 10,000 per second; the other tiers take all they get meanwhile.
        for step in 0..<2_000 {
            subject.now += 50_000
            _ = subject.decide(tenant: UInt64(step % 300), tier: 1 + step % 2, cost: 9)
        }
        while subject.decide(tenant: 7, tier: 1).isAdmitted {}
        while subject.decide(tenant: 8, tier: 2).isAdmitted {}
        #expect(subject.drain(tier: 0) >= 10_000, "the lane's own bucket")
    }

    @Test(arguments: [UInt64](1...20))
    func `do not make a promised time untrue`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let subject = EngineUnderTest(try Self.world().snapshot(), shardCount: 64)
        var promises = 0
        for step in 0..<4_000 {
            subject.now += Int64.random(in: 0...40_000, using: &random)
            let tenant = UInt64.random(in: 1...300, using: &random)
            let tier = Int.random(in: 0...2, using: &random)
            let cost = step % 9 == 0 ? Int64.random(in: 1...30_000, using: &random) : 9
            let verdict = subject.decide(tenant: tenant, tier: tier, cost: cost)
            guard !verdict.isAdmitted, let retry = verdict.retryAfter else { continue }
            promises += 1
            subject.now += retry.count - 1
            #expect(!subject.decide(tenant: tenant, tier: tier, cost: cost, isPeek: true).isAdmitted, "seed \(seed)")
            subject.now += 1
            #expect(subject.decide(tenant: tenant, tier: tier, cost: cost).isAdmitted, "seed \(seed)")
        }
        #expect(promises > 10)
    }

    @Test func `end with their snapshot, and with the envelope's settlement lose nothing`() throws {
        let world = Self.world()
        let subject = EngineUnderTest(try world.snapshot(), shardCount: 64)
        var admitted = 0
        for tenant in UInt64(1)...5_000 where subject.decide(tenant: tenant, tier: 0).isAdmitted {
            admitted += 1
            if tenant % 700 == 0 { subject.engine.apply(try world.snapshot(), at: subject.moment) }
            if tenant % 900 == 0 { subject.engine.setEnvelope(.overload, at: Nanoseconds(subject.now)) }
        }
        #expect(admitted == 5_000)
        for tier in 0...2 { admitted += subject.drain(tier: tier) }
        #expect(admitted == 40_000)
    }
}

extension EngineUnderTest {
    /// What the service holds by lane, and in all, in cost units, as looks that must be refused show it exactly.
    fileprivate var levels: ServiceLevels {
        var levels = ServiceLevels()
        for tier in 0...2 {
            let verdict = decide(tenant: nil, tier: tier, cost: 1 << 30, isPeek: true)
            let reading = verdict.readings[verdict.readingCount - 1]
            levels.lanes.append(Double(reading.own) / Double(reading.unitsPerCost))
            levels.pool = Double(reading.pool) / Double(reading.unitsPerCost)
        }
        return levels
    }
}

private struct ServiceLevels: Equatable {
    var lanes: [Double] = []
    var pool = 0.0
    var sum: Double { lanes.reduce(pool, +) }
}
