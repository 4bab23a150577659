import Policy
import Testing
import Vocabulary

/// What holds when a policy does not say.
struct PolicyDefaultTests {
    @Test(arguments: [
        ("{ rate: 4000/s }", "40/s", 40), ("{ rate: 150/s }", "1/s", 1), ("{ rate: 99/s }", "1/s", 1),
        ("{ rate: 60000/min }", "600/min", 600), ("{ rate: 100000/day }", "1/s", 1),
        ("{ rate: 86400000/day }", "864000/day", 864_000),
        ("{ envelope: { baseline: 200/s, burst: 900/s, overload: 900/s } }", "2/s", 2),
    ])
    func `the quarantine gets one hundredth of the service, but something`(service: String, rate: String, burst: Int64)
        throws
    {
        var policy = SmallPolicy()
        policy.more = "service: \(service)\n"
        let quarantine = try policy.snapshot().unknown.quarantine
        #expect(quarantine.rate.description == rate)
        #expect(quarantine.burst == burst)
    }

    @Test func `without a service budget the quarantine gets ten per second, and room for the dearest request`() throws
    {
        var policy = SmallPolicy()
        #expect(try policy.snapshot().unknown.quarantine == Meter(rate: Rate(amount: 10, period: .second), burst: 10))
        policy.more = "operations: { export: { cost: 3, when: [ { size: large, cost: 50 } ] } }\n"
        let unknown = try policy.snapshot().unknown
        #expect(unknown.cost == 50)
        #expect(unknown.quarantine.burst == 50)
    }

    @Test func `to be unknown is never cheaper than the dearest operation`() throws {
        var policy = SmallPolicy()
        policy.more = "operations: { export: { cost: 30 } }\nunknown: { cost: 5 }\n"
        #expect(policy.places == ["10:18 no-effect"])
        #expect(try policy.snapshot().unknown.cost == 30)
    }

    @Test(arguments: [
        (1, [0, 0]), (2, [0, 5_000, 5_000]), (3, [0, 2_500, 5_000, 5_000]), (4, [0, 1_666, 3_333, 5_000, 5_000]),
    ])
    func `holdbacks rise evenly to one half`(count: Int, holdbacks: [Int64]) throws {
        var policy = SmallPolicy()
        policy.tiers = "tiers: [ " + (1...count).map { "{ name: t\($0) }" }.joined(separator: ", ") + " ]\n"
        policy.classes = "classes: { only: { tier: t1, consequence: low, owner: web } }\n"
        #expect(try policy.snapshot().tiers.map(\.holdbackBasisPoints) == holdbacks)
    }

    @Test func `the only class is the default, else the one called interactive`() throws {
        var policy = SmallPolicy()
        #expect(try policy.snapshot().defaultClass == 1)
        policy.classes = "classes: { only: { tier: critical, consequence: low, owner: web } }\n"
        #expect(try policy.snapshot().defaultClass == 0)
        policy.classes += "  \n"
        policy.more = "defaults: { class: only }\n"
        #expect(try policy.snapshot().defaultClass == 0)
    }

    @Test func `a burst is what flows in during one period`() throws {
        var policy = SmallPolicy()
        policy.plans = """
            plans:
              standard:
                tenant: { rate: 18000/min }
                classes: { interactive: { guarantee: 7/3s, ceiling: 3/s } }

            """
        policy.more = "service: { envelope: { baseline: 100/s, burst: 12000/min, overload: 300/s } }\n"
        let snapshot = try policy.snapshot()
        #expect(snapshot.service?.burst == 100)
        #expect(snapshot.plans[0].tenant.burst == 18_000)
        #expect(snapshot.plans[0].tenant.lanes[0].guaranteeBurst == 7)
        // The ceiling must not keep the guarantee from its own burst.
        #expect(snapshot.plans[0].tenant.lanes[0].ceiling?.burst == 7)
    }

    @Test func `every class is enforced unless a stage says otherwise`() throws {
        var policy = SmallPolicy()
        #expect(try policy.snapshot().classes.map(\.stage) == [.enforce, .enforce])
        policy.more = "stages: { default: shadow, classes: { interactive: advise } }\n"
        #expect(try policy.snapshot().classes.map(\.stage) == [.shadow, .advise])
    }
}
