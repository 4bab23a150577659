import Policy
import Testing
import Vocabulary

/// Who runs and who waits, as a policy states it.
struct PolicySeatTests {
    private func policy(
        _ seats: String = "", business: String = "reserve: 20%, queue: { depth: 200, wait: 1s }", plan: String = "",
        operation: String = "cost: 3"
    ) -> SmallPolicy {
        var policy = SmallPolicy()
        policy.tiers = "tiers: [ { name: critical, reserve: 40% }, { name: business, \(business) } ]\n"
        policy.plans = "plans: { standard: { tenant: { rate: 300/s }\(plan) } }\n"
        policy.more = "operations: { export: { \(operation) } }\n" + (seats.isEmpty ? "" : "seats: { \(seats) }\n")
        return policy
    }

    @Test func `without a word the limit is looked for, from few`() throws {
        let snapshot = try SmallPolicy().snapshot()
        #expect(snapshot.seats == Seats(limit: .adaptive(min: 4, first: 32, max: 1_000), waitingMax: 10_000))
        #expect(snapshot.tiers.map(\.floorBasisPoints) == [100, 100, 0])
        #expect(snapshot.tiers.map(\.tenantShareBasisPoints) == [10_000, 10_000, 10_000])
        #expect(snapshot.plans.map(\.weight) == [1])
    }

    @Test(arguments: [
        ("limit: 200", Seats.Limit.fixed(200)), ("limit: adaptive", .adaptive(min: 4, first: 32, max: 1_000)),
        ("max: 20", .adaptive(min: 4, first: 20, max: 20)), ("max: 2", .adaptive(min: 2, first: 2, max: 2)),
        ("min: 50", .adaptive(min: 50, first: 50, max: 1_000)),
        ("min: 2000", .adaptive(min: 2_000, first: 2_000, max: 2_000)),
        ("first: 3", .adaptive(min: 3, first: 3, max: 1_000)),
        ("min: 1, first: 7, max: 9", .adaptive(min: 1, first: 7, max: 9)),
    ])
    func `what is stated of the limit moves what is not`(text: String, limit: Seats.Limit) throws {
        #expect(try policy(text).snapshot().seats.limit == limit)
    }

    @Test func `every word is heard`() throws {
        let text =
            "reserve: 20%, kept: 25%, floor: 2%, tenantShare: 30%, queue: { depth: 200, wait: 1s, perTenant: 20 }"
        let snapshot = try policy("waiting: 500", business: text, plan: ", weight: 4", operation: "seats: 2").snapshot()
        let tier = snapshot.tiers[1]
        #expect(tier.keptBasisPoints == 2_500 && tier.floorBasisPoints == 200 && tier.tenantShareBasisPoints == 3_000)
        #expect(tier.queue == Tier.Queue(depthMax: 200, waitMax: .second, tenantDepthMax: 20))
        #expect(snapshot.plans[0].weight == 4 && snapshot.operations[0].seats == 2)
        #expect(snapshot.seats.waitingMax == 500)
    }

    @Test func `what is kept follows the queue unless it is stated`() throws {
        #expect(try policy().snapshot().tiers.map(\.keptBasisPoints) == [10_000, 1_000, 10_000])
        #expect(try policy(business: "reserve: 20%").snapshot().tiers[1].keptBasisPoints == 10_000)
    }

    @Test func `what is the default anyway does not change the version, and every other word does`() throws {
        let standard = try policy().snapshot().version
        let business = "reserve: 20%, queue: { depth: 200, wait: 1s }"
        let same = [
            policy("limit: adaptive, min: 4, first: 32, max: 1000, waiting: 10_000"), policy(plan: ", weight: 1"),
            policy(operation: "cost: 3, seats: 1"),
            policy(business: "reserve: 20%, kept: 10%, floor: 1%, tenantShare: 100%, queue: { depth: 200, wait: 1s }"),
            policy(business: "reserve: 20%, queue: { depth: 200, wait: 1s, perTenant: 200 }"),
        ]
        for policy in same { #expect(try policy.snapshot().version == standard, "\(policy.text)") }
        let other = [
            policy("limit: 32"), policy("min: 5"), policy("first: 31"), policy("max: 999"), policy("waiting: 9_999"),
            policy(plan: ", weight: 2"), policy(operation: "cost: 3, seats: 2"),
            policy(business: business + ", kept: 11%"), policy(business: business + ", floor: 2%"),
            policy(business: business + ", tenantShare: 99%"),
            policy(business: "reserve: 20%, queue: { depth: 200, wait: 1s, perTenant: 199 }"),
        ]
        let versions = try other.map { try $0.snapshot().version }
        #expect(Set(versions + [standard]).count == other.count + 1)
    }
}
