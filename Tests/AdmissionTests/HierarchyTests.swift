import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `five levels, all or none` {
    /// Every level small enough to be the one that refuses.
    private func world() -> World {
        var world = World()
        world.service = ([.perSecond(50)], 60)
        world.region = ([.perSecond(40)], 45)
        world.tiers = [.init(guarantee: .perSecond(10)), .init(), .init(), .init()]
        world.tenant = ([.perSecond(30)], 35)
        world.classes = [
            .init(guarantee: .perSecond(5)), .init(ceiling: .checked(amount: 4, per: .second, burst: 6)),
            .init(guarantee: .perSecond(3), isolated: true), nil,
        ]
        world.operations = [nil, .checked(amount: 2, per: .second, burst: 3)]
        world.quotas = [
            .init(unit: .requests, amount: 400, period: .day), .init(unit: .cost, amount: 900, period: .month),
        ]
        return world
    }

    @Test(arguments: [UInt64](1...40))
    func `a refusal takes from no level, and its time is exact over all levels`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let subject = try world().engine()
        var reasons: Set<Reason> = []
        for step in 0..<400 {
            subject.now += [0, 0, 0, 1_000_000, 30_000_000].randomElement(using: &random) ?? 0
            let tenant = UInt64.random(in: 1...3, using: &random)
            let trafficClass = Int.random(in: 0..<4, using: &random)
            let operation = Int.random(in: 0..<2, using: &random)
            let cost = Int64.random(in: 1...3, using: &random)
            let tier = Int.random(in: 0..<4, using: &random)
            func attempt() -> Verdict {
                subject.decide(
                    tenant: tenant, trafficClass: trafficClass, operation: operation, tier: tier, region: 0, cost: cost)
            }
            let verdict = attempt()
            reasons.insert(verdict.reason)
            guard !verdict.isAdmitted else {
                #expect(verdict.readings(where: { !$0.isSufficient }).isEmpty)
                continue
            }
            let again = attempt()
            #expect(again.levels == verdict.levels, "seed \(seed), step \(step): a refusal changed a level")
            guard let retry = verdict.retryAfter, retry < .seconds(20) else { continue }
            subject.now += retry.count - 1
            #expect(!attempt().isAdmitted, "seed \(seed), step \(step): admitted before the promised time")
            subject.now += 1
            #expect(attempt().isAdmitted, "seed \(seed), step \(step): refused at the promised time")
        }
        #expect(reasons.count >= 3, "the walk reached \(reasons)")
    }

    @Test func `each level refuses in its own name`() throws {
        var seen: Set<Reason> = []
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            var world = world()
            if seed == 1 { world.quotas = [.init(unit: .requests, amount: 5, period: .day)] }
            let subject = try world.engine()
            for _ in 0..<600 {
                subject.now += Int64.random(in: 0...2_000_000, using: &random)
                seen.insert(
                    subject.decide(
                        tenant: .random(in: 1...3, using: &random), trafficClass: .random(in: 0..<4, using: &random),
                        operation: .random(in: 0..<2, using: &random), tier: .random(in: 0..<4, using: &random),
                        region: .random(in: -1...0, using: &random), cost: .random(in: 1...5, using: &random)
                    ).reason)
            }
        }
        #expect(
            seen.isSuperset(of: [
                .withinGuarantee, .borrowed, .serviceSaturated, .regionSaturated, .tenantCeiling, .classBudget,
                .operationBudget, .quarantined, .costExceedsBurst, .quotaExhausted,
            ]))
    }

    @Test func `the caller's own doing is named before ours`() throws {
        var world = World()
        world.service = ([.perSecond(10)], 5)
        world.tenant = ([.perSecond(10)], 5)
        let subject = try world.engine()
        #expect(subject.drain() == 5)
        #expect(subject.decide().reason == .tenantCeiling)
        #expect(subject.decide(tenant: 2).reason == .serviceSaturated)
    }

    @Test func `a reserved tier is served at ten times the service's ceiling`() throws {
        var world = World()
        world.service = ([.perSecond(100)], 100)
        world.tiers = [
            .init(guarantee: .perSecond(40)), .init(guarantee: .perSecond(20), holdbackBasisPoints: 2_500),
            .init(holdbackBasisPoints: 5_000), .init(holdbackBasisPoints: 5_000),
        ]
        let subject = try world.engine()
        var refused = [0, 0, 0]
        var admitted = [0, 0, 0]
        for millisecond in 0..<10_000 {
            subject.now = Int64(millisecond) * 1_000_000
            // Each second 40 critical requests, evenly spaced, and 960 of the others.
            for tier in [millisecond % 25 == 0 ? 0 : millisecond % 2 + 1] {
                if subject.decide(tenant: UInt64(tier), tier: tier).isAdmitted {
                    admitted[tier] += 1
                } else {
                    refused[tier] += 1
                }
            }
        }
        #expect(refused[0] == 0)
        #expect(admitted[1] > admitted[2])
        #expect(admitted.reduce(0, +) <= 100 + 1_000)
        #expect(admitted.reduce(0, +) >= 1_000, "nothing of the ceiling is wasted")
    }

    @Test func `nobody known: only quarantine, region and service are asked`() throws {
        var world = World()
        world.service = ([.perSecond(100)], 100)
        let subject = try world.engine()
        for _ in 0..<10 { #expect(subject.decide(tenant: nil, tier: 3).isAdmitted) }
        let refused = subject.decide(tenant: nil, tier: 3)
        #expect(refused.reason == .quarantined)
        #expect(refused.retryAfter == Nanoseconds(100_000_000))
        #expect(subject.engine.tenantCount == 0)
    }

    @Test func `stages: what would have been refused goes on, and says so`() throws {
        let subject = try World(tenant: ([.perSecond(1)], 1)).engine()
        #expect(subject.decide(stage: .shadow).reason == .borrowed)
        let shadowed = subject.decide(stage: .shadow)
        #expect(shadowed.isAdmitted)
        #expect(shadowed.reason == .stageNotEnforcing)
        #expect(shadowed.wouldBe == .tenantCeiling)
        #expect(shadowed.retryAfter == Nanoseconds.second)
        #expect(subject.decide(stage: .advise).wouldBe == .tenantCeiling)
        let observed = subject.decide(stage: .observe)
        #expect(observed.isAdmitted && observed.readingCount == 0 && observed.wouldBe == nil)
        #expect(!subject.decide(stage: .enforce).isAdmitted)
    }

    @Test func `a request says which classes of its tenant were active around it`() throws {
        let subject = try World(classes: [nil, nil, nil]).engine()
        _ = subject.decide(trafficClass: 2)
        subject.now = 1_500_000_000
        #expect(subject.decide(trafficClass: 0).activeClasses == 0b101)
        #expect(subject.decide(tenant: 2, trafficClass: 1).activeClasses == 0b010)
        subject.now = 3_000_000_000
        #expect(subject.decide(trafficClass: 1).activeClasses == 0b010)
    }
}

extension Verdict {
    /// The readings that satisfy a condition.
    func readings(where condition: (BudgetReading) -> Bool) -> [BudgetReading] {
        (0..<readingCount).map { readings[$0] }.filter(condition)
    }

    /// What every budget held, to compare two looks.
    var levels: [[Int64]] {
        readings(where: { _ in true }).map { [Int64($0.level.rawValue), $0.own, $0.pool, $0.wait] }
    }
}
