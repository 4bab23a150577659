import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `a look` {
    @Test(arguments: [UInt64](1...30))
    func `says what a decision would say, and changes nothing`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let looking = try `requests decided together`.world().engine()
        let other = try `requests decided together`.world().engine()
        let collector = DurableCollector(looking.engine)
        for step in 0..<200 {
            looking.now += [0, 0, 1_000_000, 40_000_000].randomElement(using: &random) ?? 0
            other.now = looking.now
            let request = `requests decided together`.randomRequest(&random)
            var look = request
            look.isPeek = true
            let before = looking.engine.tenantCount
            let seen = looking.decide(look)
            #expect(looking.engine.tenantCount == before, "a look leaves no tenant behind")
            #expect(collector.collect(at: looking.moment).rows.count <= 1)
            let verdict = looking.decide(request)
            #expect(seen.levels == verdict.levels, "seed \(seed), step \(step)")
            #expect(seen.reason == verdict.reason && seen.isAdmitted == verdict.isAdmitted)
            #expect(seen.retryAfter == verdict.retryAfter && seen.activeClasses == verdict.activeClasses)
            #expect(other.decide(request).levels == verdict.levels, "an engine that never looked says the same")
        }
    }

    @Test func `may cost nothing, and marks nothing as changed or active`() throws {
        let subject = try World(quotas: [.init(unit: .requests, amount: 5, period: .day)]).engine()
        let seen = subject.decide(trafficClass: 0, cost: 0, isPeek: true)
        #expect(seen.isAdmitted && seen.readings[0].need == 0)
        #expect(DurableCollector(subject.engine).collect(at: subject.moment).isEmpty)
        #expect(subject.engine.tenantCount == 0)
        #expect(subject.drain() == 5)
    }

    @Test func `of a tenant on another plan leaves it on its plan`() throws {
        let small = World(tenant: ([.perSecond(1)], 10))
        let subject = EngineUnderTest(try small.snapshot(plans: [("small", 10), ("tiny", 3)]))
        #expect(subject.decide(plan: 0, cost: 1).isAdmitted)
        #expect(subject.decide(plan: 1, isPeek: true).readings[0].pool == 3_000_000_000)
        #expect(subject.drain() == 9, "carried over to the small plan, six would be gone")
    }

    @Test func `asks no shared budget without a tier, nor does a decision`() throws {
        var world = World(tenant: ([.perSecond(1)], 3))
        world.service = ([.perSecond(1)], 2)
        world.region = ([.perSecond(1)], 2)
        let subject = try world.engine()
        #expect(subject.drain(tier: -1, region: 0) == 3)
        let refused = subject.decide(tier: -1, region: 0)
        #expect(refused.reason == .tenantCeiling && refused.readingCount == 1)
        #expect(subject.drain(tenant: 2, tier: 1, region: 0) == 2, "the service and the region gave nothing before")
    }
}
