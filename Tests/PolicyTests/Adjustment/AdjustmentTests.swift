import Testing
import Vocabulary

@testable import Policy

struct AdjustmentTests {
    private func policy() throws -> Snapshot {
        let text = """
            headgate: 1
            name: p
            owner: o
            tiers: [ { name: critical }, { name: rest } ]
            classes:
              export: { tier: rest, consequence: low, owner: o }
              web: { tier: critical, consequence: low, owner: o }
            defaults: { class: web }
            operations:
              list: { match: "GET /list" }
              search: { match: "GET /search" }
            plans:
              growth:
                tenant: { rate: 300/s, burst: 600 }
                classes: { web: { guarantee: 100/s, ceiling: 200/s } }
                operations: { search: { rate: 7/3s, burst: 10 } }
                quotas: { requests: 5000000/month }
                features: [ bulk ]
            """
        let result = PolicyCompiler.compile([SourceFile(name: "p.yaml", text: text)])
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        return try #require(result.snapshot)
    }

    private func adjusted(_ adjustments: Adjustment..., features: [String] = []) throws -> Plan {
        let policy = try policy()
        return try policy.plans[0].adjusted(by: adjustments, adding: features, in: policy)
    }

    @Test func `a factor multiplies rate and burst, exactly`() throws {
        let plan = try adjusted(
            Adjustment(.tenant, .factor(thousandths: 1_500)),
            Adjustment(.operation("search"), .factor(thousandths: 1_500)))
        #expect(plan.tenant.rates == [Rate](repeating: Rate(amount: 450, period: .second), count: 3))
        #expect(plan.tenant.burst == 900)
        #expect(plan.operationMeters[0].rate.description == "7/2s")
        #expect(plan.operationMeters[0].burst == 15)
        #expect(plan.base == "growth")
        #expect(plan.name == "growth with operation/search ×1.5, tenant ×1.5")
    }

    @Test func `a class keeps its guarantee and its ceiling in proportion`() throws {
        let plan = try adjusted(Adjustment(.trafficClass("web"), .rate(Rate(amount: 150, period: .second), burst: nil)))
        let lane = plan.tenant.lanes[plan.laneOfClass[1]]
        #expect(lane.guarantee == Rate(amount: 150, period: .second))
        #expect(lane.guaranteeBurst == 150)
        #expect(lane.ceiling?.rate == Rate(amount: 300, period: .second))
        #expect(plan.tenant.rates[0] == Rate(amount: 300, period: .second))
    }

    @Test func `a quota takes an amount or a factor, and features are added`() throws {
        let plan = try adjusted(Adjustment(.quota(.requests, .month), .amount(7)), features: ["bulk", "webhooks"])
        #expect(plan.quotas == [Plan.Quota(unit: .requests, amount: 7, period: .month)])
        #expect(plan.features == ["bulk", "webhooks"])
        #expect(plan.name == "growth with quota/requests/month 7, feature/webhooks")
        #expect(
            try adjusted(Adjustment(.quota(.requests, .month), .factor(thousandths: 500))).quotas[0].amount == 2_500_000
        )
    }

    @Test func `nothing to change is the plan itself`() throws {
        #expect(try adjusted(features: ["bulk"]) == policy().plans[0])
    }

    @Test(arguments: [
        (Adjustment(.trafficClass("web"), .factor(thousandths: 4_000)), "add up to more than the tenant's rate"),
        (Adjustment(.trafficClass("export"), .factor(thousandths: 2_000)), "no budget of its own"),
        (Adjustment(.trafficClass("nope"), .factor(thousandths: 2_000)), "the policy has no class"),
        (Adjustment(.operation("list"), .factor(thousandths: 2_000)), "no budget of its own"),
        (Adjustment(.quota(.bytes, .day), .amount(1)), "no quota of bytes a day"),
        (Adjustment(.quota(.requests, .month), .rate(Rate(amount: 1, period: .second), burst: nil)), "has an amount"),
        (Adjustment(.tenant, .amount(5)), "write one, such as"),
        (Adjustment(.tenant, .factor(thousandths: 0)), "a factor is above 0"),
        (Adjustment(.tenant, .rate(Rate(amount: 1_000_003, period: Nanoseconds(999_983)), burst: .max)), "common unit"),
    ])
    func `what a plan cannot have is refused with words`(adjustment: Adjustment, words: String) throws {
        let problem = #expect(throws: AdjustmentProblem.self) { try adjusted(adjustment) }
        #expect(problem?.description.contains(words) == true, "\(problem?.description ?? "")")
    }

    @Test(arguments: ["tenant", "class/export", "operation/search", "quota/requests/month", "quota/bytes/day"])
    func `targets are read as they are written`(text: String) {
        #expect(Adjustment.Target(text)?.description == text)
    }

    @Test(arguments: ["", "tenants", "class/", "class/a/b", "quota/requests", "quota/requests/hour", "quota/x/day"])
    func `other words are no targets`(text: String) { #expect(Adjustment.Target(text) == nil) }
}
