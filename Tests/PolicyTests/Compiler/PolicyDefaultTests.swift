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

    @Test func `blackouts written in pieces are one window`() throws {
        func windows(_ blackouts: String) throws -> [TrafficClass.Blackout] {
            var policy = SmallPolicy()
            policy.more = "stages: { blackouts: [ \(blackouts) ] }\n"
            return try policy.snapshot().classes[0].blackouts
        }
        let night = "days: [ sun ], from: \"22:00\", to: \"06:00\", stage: shadow"
        let pieces =
            "{ days: [ sun ], from: \"22:00\", to: \"24:00\", stage: shadow }, "
            + "{ days: [ mon ], from: \"00:00\", to: \"04:00\", stage: shadow }, "
            + "{ days: [ mon ], from: \"03:00\", to: \"06:00\", stage: shadow }"
        #expect(try windows("{ \(night) }") == windows(pieces))
        #expect(try windows(pieces) == [.init(startMinute: 6 * 1_440 + 1_320, endMinute: 360, stage: .shadow)])
        let always = "{ from: \"00:00\", to: \"24:00\", stage: shadow }"
        #expect(try windows(always) == [.init(startMinute: 0, endMinute: 10_080, stage: .shadow)])
        #expect(try windows(always)[0].contains(minuteOfWeek: 10_079))
    }

    @Test func `white space around a text is no part of it, and control characters are refused`() throws {
        var policy = SmallPolicy()
        policy.head = "headgate: 1\nname: example\nowner: |\n  platform\n"
        #expect(try policy.snapshot().owner == "platform")
        policy.head = "headgate: 1\nname: example\nowner: \"plat\\nform\"\n"
        #expect(policy.places == ["3:8 invalid-value"])
        policy.head = "headgate: 1\nname: example\nowner: \"plat\\u001bform\"\n"
        #expect(policy.places == ["3:8 invalid-value"])
        policy.head = "headgate: 1\nname: example\nowner: platform\ndescription: |\n  two\n  lines\n"
        #expect(policy.places.isEmpty)
    }

    @Test(arguments: 1...4)
    func `reserved shares are exact, whatever the numbers`(seed: UInt64) throws {
        var random = MatchingRandom(seed: seed)
        for _ in 0..<60 {
            let baseline = Rate(
                amount: Int64.random(in: 1...100_000, using: &random),
                period: Nanoseconds(random.pick([1_000_000, 1_000_000_000, 7_000_000_000, 60_000_000_000])))
            let shares = [Int64.random(in: 10...6_000, using: &random), Int64.random(in: 10...4_000, using: &random)]
            var policy = SmallPolicy()
            policy.tiers =
                "tiers: [ { name: critical, reserve: \(UnitText.percentage(shares[0])) }, "
                + "{ name: business, reserve: \(UnitText.percentage(shares[1])) } ]\n"
            policy.more = "service: { rate: \(baseline), burst: 1000 }\nunknown: { operation: block }\n"
            let service = try #require(try policy.snapshot().service)
            for (lane, share) in zip(service.lanes, shares) {
                let guarantee = try #require(lane.guarantee)
                let expected = Int128(baseline.amount) * Int128(share) * Int128(guarantee.period.count)
                let actual = Int128(guarantee.amount) * 10_000 * Int128(baseline.period.count)
                #expect(actual == expected)
                #expect(lane.guaranteeBurst == 1_000 * share / 10_000)
            }
            let inflow = service.lanes.reduce(service.poolInflow[0]) { $0 + $1.inflow }
            let flowing = Int128(inflow) * Int128(baseline.period.count)
            let promised = Int128(baseline.amount) * Int128(service.unitsPerCost)
            #expect(flowing == promised)
        }
    }
}
