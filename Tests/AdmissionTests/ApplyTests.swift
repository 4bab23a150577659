import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `applying a snapshot` {
    @Test func `keeps what was spent: an edit is not a free burst`() throws {
        var world = World(tenant: ([.perSecond(10)], 100))
        let subject = try world.engine()
        #expect(subject.drain() == 100)
        world.tenant = ([.perSecond(20)], 500)
        subject.engine.apply(try world.snapshot(), at: subject.moment)
        #expect(subject.drain() == 0)
        subject.now = 1_000_000_000
        #expect(subject.drain() == 20, "the new rate holds from now on")
        world.tenant = ([Rate(amount: 7, period: .seconds(3))], 500)
        subject.engine.apply(try world.snapshot(), at: subject.moment)
        subject.now = 4_000_000_000
        #expect(subject.drain() == 7)
    }

    @Test func `the same snapshot again changes nothing`() throws {
        var world = World(tenant: ([.perSecond(10)], 100), classes: [.init(guarantee: .perSecond(4)), nil])
        world.service = ([.perSecond(1_000)], 1_000)
        world.quotas = [.init(unit: .requests, amount: 500, period: .day)]
        let subject = try world.engine()
        let other = try world.engine()
        var random = SeededGenerator(seed: 11)
        for step in 0..<500 {
            subject.now += Int64.random(in: 0...100_000_000, using: &random)
            other.now = subject.now
            if step % 7 == 0 { subject.engine.apply(try world.snapshot(), at: subject.moment) }
            let trafficClass = Int.random(in: 0...1, using: &random)
            let cost = Int64.random(in: 1...9, using: &random)
            #expect(
                subject.decide(trafficClass: trafficClass, cost: cost).levels
                    == other.decide(trafficClass: trafficClass, cost: cost).levels)
        }
    }

    @Test(arguments: [UInt64](1...60))
    func `never makes the sum of all buckets grow`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func randomWorld() -> World {
            let (rate, burst, lanes) = `a budget with lanes`.randomBudget(&random)
            return World(tenant: ([rate], burst), classes: lanes.map { $0 } + [nil])
        }
        let subject = try randomWorld().engine()
        for _ in 0..<20 {
            subject.now += Int64.random(in: 0...30, using: &random)
            for trafficClass in subject.engine.blueprint.snapshot.classes.indices {
                _ = subject.decide(trafficClass: trafficClass, cost: .random(in: 1...4, using: &random))
            }
            let before = held(by: subject)
            subject.engine.apply(try randomWorld().snapshot(), at: subject.moment)
            #expect(held(by: subject) <= before + 0.000_001, "seed \(seed)")
        }
    }

    /// What the tenant's budget holds, in cost units: the pool and each lane, as refusals of an impossible cost show
    /// it.
    private func held(by subject: EngineUnderTest) -> Double {
        let snapshot = subject.engine.blueprint.snapshot
        var sum = 0.0
        for trafficClass in snapshot.classes.indices {
            let reading = subject.decide(trafficClass: trafficClass, cost: 1_000_000).readings[0]
            if trafficClass == 0 { sum += Double(reading.pool) / Double(reading.unitsPerCost) }
            sum += Double(reading.own) / Double(reading.unitsPerCost)
        }
        return sum
    }

    @Test func `a request classified with the older snapshot is told to classify again`() throws {
        let world = World()
        let subject = try world.engine()
        let older = subject.engine.blueprint
        let newer = subject.engine.apply(try world.snapshot(), at: subject.moment)
        let request = AdmissionRequest(tenant: TenantKey(bits: 5), plan: 0, operation: 0, trafficClass: 0, tier: 1)
        var verdict = Verdict()
        #expect(!subject.engine.decide(request, with: older, at: subject.moment, into: &verdict))
        #expect(subject.engine.decide(request, with: newer, at: subject.moment, into: &verdict))
    }

    @Test func `a tenant that changes its plan takes its spending along`() throws {
        var small = World(tenant: ([.perSecond(1)], 10))
        small.quotas = [.init(unit: .requests, amount: 15, period: .month)]
        let subject = try small.engine()
        #expect(subject.drain() == 10)
        var large = World(tenant: ([.perSecond(100)], 1_000))
        large.planName = "large"
        large.quotas = [.init(unit: .requests, amount: 15, period: .month)]
        subject.engine.apply(try large.snapshot(), at: subject.moment)
        #expect(subject.drain() == 0)
        subject.now = 1_000_000_000
        #expect(subject.drain() == 5, "the quota's use came along")
    }

    @Test func `an envelope changes the ceiling from now on, not backwards`() throws {
        var world = World()
        world.service = ([.perSecond(100), .perSecond(200), .perSecond(400)], 100)
        let subject = try world.engine()
        #expect(subject.drain() == 100)
        subject.now = 500_000_000
        subject.engine.setEnvelope(.overload, at: Nanoseconds(subject.now))
        #expect(subject.drain() == 50)
        subject.now += 100_000_000
        #expect(subject.drain() == 40)
        subject.engine.setEnvelope(.baseline, at: Nanoseconds(subject.now))
        subject.now += 100_000_000
        #expect(subject.drain() == 10)
    }

    @Test func `a tenant's higher ceiling needs both the moment before and now`() throws {
        let world = World(tenant: ([.perSecond(10), .perSecond(20), .perSecond(40)], 100))
        let subject = try world.engine()
        #expect(subject.drain() == 100)
        subject.now = 1_000_000_000
        var admitted = 0
        while subject.decide(envelope: .overload).isAdmitted { admitted += 1 }
        #expect(admitted == 10, "baseline held until now")
        subject.now = 2_000_000_000
        admitted = 0
        while subject.decide(envelope: .overload).isAdmitted { admitted += 1 }
        #expect(admitted == 40)
    }
}

@Suite struct `forgetting idle tenants` {
    @Test(arguments: [UInt64](1...20))
    func `changes no decision`(seed: UInt64) throws {
        var world = World(tenant: ([.perSecond(5)], 8), classes: [.init(guarantee: .perSecond(2)), nil])
        world.quotas = [.init(unit: .requests, amount: 60, period: .day)]
        let swept = try world.engine()
        let kept = try world.engine()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            swept.now += Int64.random(in: 0...400_000_000, using: &random)
            if Int.random(in: 0..<200, using: &random) == 0 { swept.now += 86_400_000_000_000 }
            kept.now = swept.now
            swept.engine.sweep(limitPerShard: 1_000, at: swept.moment)
            let tenant = UInt64.random(in: 1...40, using: &random)
            let trafficClass = Int.random(in: 0...1, using: &random)
            #expect(
                swept.decide(tenant: tenant, trafficClass: trafficClass).levels
                    == kept.decide(tenant: tenant, trafficClass: trafficClass).levels, "seed \(seed)")
        }
    }

    @Test func `memory follows the tenants that are active, not all that ever came`() throws {
        let subject = try World(tenant: ([.perSecond(10)], 10)).engine()
        for tenant in 1...100_000 {
            subject.now += 1_000_000
            _ = subject.decide(tenant: UInt64(tenant))
        }
        // A bucket is full again after a second at most; a thousand tenants come in that time.
        #expect(subject.engine.tenantCount < 4_000, "\(subject.engine.tenantCount) tenants in memory")
        subject.now += 10_000_000_000
        subject.engine.sweep(limitPerShard: .max, at: subject.moment)
        #expect(subject.engine.tenantCount == 0)
    }
}
