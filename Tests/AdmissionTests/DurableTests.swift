import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `what survives a restart` {
    private func restore(_ saved: UsageBatch, in subject: EngineUnderTest, plan: Int = 0) -> Int {
        subject.engine.restore(saved, at: subject.moment) { _ in plan }
    }

    @Test(arguments: [UInt64](1...20))
    func `a tenant put back is as it was, but for what flowed in`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var world = World(tenant: ([Rate(amount: 600, period: .seconds(3_600))], 400))
        world.classes = [
            .init(guarantee: Rate(amount: 100, period: .seconds(3_600)), guaranteeBurst: 50),
            .init(ceiling: .checked(amount: 90, per: .day, burst: 70)), nil,
        ]
        world.operations = [nil, .checked(amount: 5, per: .day, burst: 30)]
        world.quotas = [.init(unit: .requests, amount: 1_000, period: .month)]
        let before = try world.engine()
        for _ in 0..<200 {
            before.now += Int64.random(in: 0...1_000_000_000, using: &random)
            _ = before.decide(
                trafficClass: .random(in: 0...2, using: &random), operation: .random(in: 0...1, using: &random),
                cost: .random(in: 1...4, using: &random))
        }
        let collector = DurableCollector(before.engine)
        let saved = collector.collect(at: before.moment)
        #expect(saved.rows.count == 1)
        #expect(collector.collect(at: before.moment).isEmpty, "nothing changed since")

        let after = try world.engine()
        let age = Nanoseconds.seconds(.random(in: 0...5_000, using: &random))
        after.wallAtZero = before.moment.wall.milliseconds + age.count / 1_000_000
        #expect(restore(saved, in: after) == 1)
        before.now += age.count
        for trafficClass in 0...2 {
            let left = before.decide(trafficClass: trafficClass, operation: 1, cost: 500)
            let right = after.decide(trafficClass: trafficClass, operation: 1, cost: 500)
            #expect(left.readingCount > 2)
            for index in 0..<left.readingCount {
                // Nothing is rounded: levels are saved in the budget's own units, and the age is whole seconds.
                let lost =
                    left.readings[index].own + left.readings[index].pool
                    - right.readings[index].own - right.readings[index].pool
                #expect(lost == 0, "seed \(seed), reading \(index)")
            }
        }
    }

    @Test func `only what takes longer than ten seconds to fill is kept, and quotas`() throws {
        var world = World(tenant: ([.perSecond(10)], 100))
        world.classes = [
            .init(guarantee: .perSecond(1), ceiling: .checked(amount: 1, per: .day, burst: 70)),
            .init(ceiling: .checked(amount: 10, per: .second, burst: 100)), nil,
        ]
        world.operations = [
            .checked(amount: 10, per: .second, burst: 100), .checked(amount: 10, per: .second, burst: 101),
        ]
        world.quotas = [.init(unit: .cost, amount: 1_000, period: .week)]
        func kept() throws -> [UsageShape.Slot] {
            let subject = try world.engine()
            #expect(subject.decide().isAdmitted)
            let batch = DurableCollector(subject.engine).collect(at: subject.moment)
            #expect(batch.numbers(of: try #require(batch.rows.first)).count == batch.shapes[0].numberCount)
            #expect(batch.shapes[0].plan == "plan")
            return batch.shapes[0].slots
        }
        let quota = UsageShape.Slot.quota(unit: .cost, period: .week)
        let meters: [UsageShape.Slot] = [
            .level(bucket: "ceiling/class-0", unitsPerCost: Meter.checked(amount: 1, per: .day, burst: 1).unitsPerCost),
            .level(bucket: "operation/operation-1", unitsPerCost: 100_000_000),
        ]
        // A guarantee of 1 leaves 9 per second for the 99 of the pool: eleven seconds.
        #expect(try kept().map(\.numberCount) == [2, 1, 1, 1, 1, 1])
        world.tenant = ([.perSecond(11)], 100)
        #expect(try kept() == [quota] + meters)
    }

    @Test func `a bucket that was not kept is full`() throws {
        var world = World(tenant: ([.perSecond(100)], 100))
        world.operations = [.checked(amount: 1, per: .day, burst: 5)]
        let before = try world.engine()
        #expect(before.drain() == 5)
        let saved = DurableCollector(before.engine).collect(at: before.moment)
        let after = try world.engine()
        after.wallAtZero = before.wallAtZero
        #expect(restore(saved, in: after) == 1)
        #expect(after.decide().reason == .operationBudget)
        world.operations = [nil]
        after.engine.apply(try world.snapshot(), at: after.moment)
        #expect(after.drain() == 100)
    }

    @Test func `each tenant that changed is collected once, however many and however often`() throws {
        let subject = try World(quotas: [.init(unit: .requests, amount: 9, period: .day)]).engine()
        let collector = DurableCollector(subject.engine)
        for round in 1...3 {
            for tenant in 0..<UInt64(5_000) { for _ in 0..<2 { #expect(subject.decide(tenant: tenant).isAdmitted) } }
            let batch = collector.collect(at: subject.moment)
            #expect(batch.rows.count == 5_000)
            #expect(Set(batch.rows.map(\.tenant)).count == 5_000)
            #expect(batch.rows.allSatisfy { batch.numbers(of: $0).last == Int64(2 * round) })
            #expect(collector.collect(at: subject.moment).isEmpty)
        }
    }

    @Test func `a tenant is found again on another plan, and after a policy that names all anew`() throws {
        let world = World(tenant: ([.perSecond(1)], 20), quotas: [.init(unit: .requests, amount: 50, period: .day)])
        let before = EngineUnderTest(try world.snapshot(plans: [("big", 20), ("small", 15)]))
        let collector = DurableCollector(before.engine)
        #expect(before.decide(tenant: 1, plan: 0, cost: 5).isAdmitted)
        #expect(collector.collect(at: before.moment).rows.count == 1)
        before.engine.apply(try world.snapshot(plans: [("other", 20), ("small", 15)]), at: before.moment)
        #expect(before.decide(tenant: 1, plan: 1, cost: 5).isAdmitted)
        #expect(before.decide(tenant: 2, plan: 0, cost: 5).isAdmitted)
        let saved = collector.collect(at: before.moment)
        #expect(Set(saved.rows.map { saved.shapes[$0.shape].plan }) == ["other", "small"])

        let after = EngineUnderTest(try world.snapshot(plans: [("only", 18)]))
        #expect(restore(saved, in: after) == 2)
        #expect(after.drain(tenant: 1) == 10)
        #expect(after.drain(tenant: 2) == 15)
    }

    @Test func `a tenant that nobody wants any more is not put back`() throws {
        let world = World(quotas: [.init(unit: .requests, amount: 3, period: .day)])
        let before = try world.engine()
        for tenant in [UInt64](1...3) { #expect(before.drain(tenant: tenant) == 3) }
        let saved = DurableCollector(before.engine).collect(at: before.moment)
        let after = try world.engine()
        let wanted = EngineUnderTest.key(2)
        #expect(after.engine.restore(saved, at: after.moment) { $0.tenant == wanted ? 0 : nil } == 1)
        #expect(after.engine.tenantCount == 1)
        #expect(after.drain(tenant: 2) == 0)
    }

    @Test func `numbers that no engine saves do no harm`() throws {
        var world = World(tenant: ([Rate(amount: 1, period: .day)], 20))
        world.quotas = [.init(unit: .requests, amount: 50, period: .day)]
        let slots: [UsageShape.Slot] = [
            .quota(unit: .requests, period: .day), .level(bucket: "pool", unitsPerCost: 1),
            .level(bucket: "lane/nobody", unitsPerCost: 1), .level(bucket: "dream", unitsPerCost: .max),
        ]
        for number in [Int64.min, -1, 0, .max] {
            for wall in [Int64.min, 0, .max] {
                let subject = try world.engine()
                var batch = UsageBatch()
                batch.shapes = [UsageShape(plan: "plan", slots: slots)]
                batch.begin(EngineUnderTest.key(1), shape: 0, at: WallTime(milliseconds: wall))
                for _ in 0..<5 { batch.append(number) }
                #expect(restore(batch, in: subject) == 1)
                #expect(subject.drain() <= 20)
            }
        }
    }
}
