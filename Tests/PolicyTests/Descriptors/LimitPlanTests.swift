import Policy
import Testing
import Vocabulary

/// The plans that the engine counts the limits of descriptors by.
struct LimitPlanTests {
    @Test func `each limit has a plan with a budget without lanes, or with a quota`() throws {
        let snapshot = try DescriptorSample(
            """
              d:
                limits:
                  - { key: a, rate: 7/3s, burst: 20 }
                  - { key: b, requests: 500, unit: hour }
                  - { key: c, requests: 5000, unit: year }
                  - { key: d, requests: 0, unit: second }
                  - { key: e, unlimited: true }

            """
        ).snapshot()
        #expect(snapshot.plans.map(\.name) == ["standard"])
        #expect(snapshot.enginePlans == snapshot.plans + snapshot.limitPlans)
        #expect(snapshot.limitPlans.map(\.name) == ["/d/a", "/d/b", "/d/c", "/d/d"])
        #expect(snapshot.limitPlans.allSatisfy { $0.tenant.lanes.isEmpty && $0.operationMeters.isEmpty })
        let (a, b) = (snapshot.limitPlans[0].tenant, snapshot.limitPlans[1].tenant)
        #expect(a.rates[0] == Rate(amount: 7, period: .seconds(3)) && a.burst == 20)
        #expect(b.rates[0] == Rate(amount: 500, period: .seconds(3_600)) && b.burst == 500)
        #expect(snapshot.limitPlans[2].quotas == [Plan.Quota(unit: .cost, amount: 5_000, period: .year)])
        #expect(snapshot.limitPlans[3].quotas == [Plan.Quota(unit: .cost, amount: 0, period: .day)])
        #expect(snapshot.limitPlans[2].tenant == .unlimited)
        let plans = ["a", "b", "c", "d", "e"].map { key in
            snapshot.descriptors.limit(at: snapshot.descriptors.node("d", [(key, "x")]))?.plan
        }
        #expect(plans == [1, 2, 3, 4, -1])
    }

    @Test func `an unlimited budget holds more than any call costs, and is full again at once`() {
        let budget = Budget.unlimited
        #expect(budget.poolCapacity == Meter.capacityMax && budget.unitsPerCost == 1)
        #expect(budget.poolInflow == [Meter.capacityMax, Meter.capacityMax, Meter.capacityMax])
    }

    @Test func `keys and values are never joined: what the reference service counts together is apart`() throws {
        let snapshot = try DescriptorSample(
            """
              d:
                limits:
                  - { key: a, value: b_c, rate: 1/s }
                  - { key: a_b, value: c, rate: 2/s }
                  - { key: a_b_c, rate: 3/s }
                  - { key: a, limits: [ { key: b, value: c, rate: 4/s } ] }
                  - { key: "a/b", rate: 5/s }
                  - { key: "a=b", value: c, rate: 6/s }
                  - { key: a, value: "b=c", rate: 7/s }
                  - { key: a, value: "b/b=c", rate: 8/s }
                  - { key: "a%2Fb", rate: 9/s }
                  - { key: "a%2Fb", value: "*", rate: 10/s }
              d/a:
                limits: [ { key: b, value: c, rate: 11/s } ]

            """
        ).snapshot()
        let index = snapshot.descriptors
        let nodes = [
            index.node("d", [("a", "b_c")]), index.node("d", [("a_b", "c")]), index.node("d", [("a_b_c", "")]),
            index.node("d", [("a", "x"), ("b", "c")]), index.node("d", [("a/b", "")]),
            index.node("d", [("a=b", "c")]), index.node("d", [("a", "b=c")]), index.node("d", [("a", "b/b=c")]),
            index.node("d/a", [("b", "c")]),
        ]
        #expect(Set(nodes).count == nodes.count && !nodes.contains(-1))
        let rates = nodes.map { index.limit(at: $0)?.amount?.requests }
        #expect(rates == [1, 2, 3, 4, 5, 6, 7, 8, 11])
        let names = snapshot.enginePlans.map(\.name)
        #expect(Set(names).count == names.count, "\(names)")
        #expect(index.node("d", [("a_b", "x")]) == -1)
    }

    @Test func `names of plans do not depend on the order of limits, on rates or on other domains`() throws {
        let first = try DescriptorSample(
            "  d:\n    limits: [ { key: a, value: x, rate: 1/s }, { key: a, rate: 2/s } ]\n"
        ).snapshot()
        let second = try DescriptorSample(
            "  d:\n    limits: [ { key: a, rate: 9/min }, { key: a, value: x, requests: 9, unit: week } ]\n"
                + "  c: { limits: [ { key: z, rate: 1/s } ] }\n"
        ).snapshot()
        #expect(first.limitPlans.map(\.name) == ["/d/a=x", "/d/a"])
        #expect(second.limitPlans.map(\.name) == ["/c/z", "/d/a=x", "/d/a"])
    }

    @Test(arguments: [
        ("300/s", 300, DescriptorLimit.Unit.second), ("7/3s", 140, .minute), ("1/7s", 12_342, .day),
        ("90/min", 90, .minute), ("120/min", 2, .second), ("400/1000ms", 400, .second), ("1/2s", 30, .minute),
        ("100000/day", 100_000, .day), ("86400/day", 1, .second), ("5/ms", 5_000, .second),
    ])
    func `a rate is told to Envoy in the smallest unit in which it is whole`(
        rate: String, requests: Int64, unit: DescriptorLimit.Unit
    ) throws {
        let snapshot = try DescriptorSample("  d: { limits: [ { key: a, rate: \(rate) } ] }\n").snapshot()
        let amount = snapshot.descriptors.limit(at: snapshot.descriptors.node("d", [("a", "")]))?.amount
        #expect(amount?.requests == requests && amount?.unit == unit)
    }
}
