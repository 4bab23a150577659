import Directory
import Ledger
import Policy
import Testing
import Vocabulary

@testable import Governance

/// The section `governance` of the policy in force, as judgements go by it; and warnings of quotas.
struct BoundsTests {
    private func world(_ section: String) async throws -> GovernanceWorld {
        let world = try GovernanceWorld(policy: GovernanceWorld.policyText + "\ngovernance: \(section)\n")
        for name in ["acme", "globex", "initech"] {
            try await world.run(.createTenant(name, TenantFacts(plan: "growth")))
        }
        return world
    }

    private func exemption(_ tenant: String, factor: Int64 = 2_000, days: Int64 = 5) -> GovernanceCommand {
        .proposeGrant(
            tenant: tenant,
            GrantFacts(
                id: "x1", kind: "exemption",
                adjustments: [AdjustmentFacts(Adjustment(.tenant, .factor(thousandths: factor)))],
                from: GovernanceWorld.day(0), until: GovernanceWorld.day(days), reason: "a migration"))
    }

    private func override(_ tenant: String, factor: Int64, review: Int64) -> GovernanceCommand {
        .proposeGrant(
            tenant: tenant,
            GrantFacts(
                id: "o1", kind: "override",
                adjustments: [AdjustmentFacts(Adjustment(.tenant, .factor(thousandths: factor)))],
                from: GovernanceWorld.day(0), reason: "contract 7", review: GovernanceWorld.day(review)))
    }

    @Test func `exemptions and trials stay within what the policy says`() async throws {
        let world = try await world("{ exemption: { factor: 1.5, length: 3d }, trial: 2d }")
        #expect(try await world.refusal(of: exemption("acme", days: 3)) == .outOfBounds)
        #expect(try await world.refusal(of: exemption("acme", factor: 1_500, days: 4)) == .outOfBounds)
        try await world.run(exemption("acme", factor: 1_500, days: 3))
        func trial(days: Int64) -> GovernanceCommand {
            .assignPlan(
                tenant: "globex",
                AssignmentFacts(
                    plan: "starter", from: GovernanceWorld.day(0), until: GovernanceWorld.day(days), trial: true))
        }
        #expect(try await world.refusal(of: trial(days: 3)) == .outOfBounds)
        try await world.run(trial(days: 2))
    }

    @Test func `nobody gets more than the policy lets anybody have, or anybody of the plan`() async throws {
        let world = try await world("{ factor: 6, plans: { growth: { factor: 4, review: 10d } } }")
        #expect(try await world.refusal(of: override("acme", factor: 4_500, review: 5)) == .outOfBounds)
        #expect(try await world.refusal(of: override("acme", factor: 4_000, review: 11)) == .outOfBounds)
        try await world.run(override("acme", factor: 4_000, review: 10))
        try await world.run(.changeTenant("globex", TenantFacts(plan: "starter")))
        #expect(try await world.refusal(of: override("globex", factor: 6_500, review: 100)) == .outOfBounds)
        try await world.run(override("globex", factor: 6_000, review: 100))
    }

    @Test func `of a plan's tenants only so many are exceptions at once`() async throws {
        let world = try await world("{ plans: { growth: { exceptions: 2 } } }")
        for name in ["acme", "globex", "initech"] { try await world.run(exemption(name)) }
        func approve(_ tenant: String) -> GovernanceCommand {
            .decideGrant(tenant: tenant, id: "x1", isApproved: true, reason: nil)
        }
        for name in ["acme", "globex"] { try await world.run(approve(name), as: "bob") }
        #expect(try await world.refusal(of: approve("initech"), as: "bob") == .outOfBounds)
        let now = world.now
        try await world.run(
            .endGrant(tenant: "acme", Ending(id: "x1", at: EventTime(now), reason: "done")), as: "bob")
        try await world.run(approve("initech"), as: "bob")
    }

    @Test func `a warning is remembered once for each share and period, whoever says it`() async throws {
        let world = try await world("{}")
        func warning(_ number: Int32, share: Int64 = 8_000, used: Int64 = 800) -> QuotaWarningFacts {
            QuotaWarningFacts(
                unit: .requests, period: .month, number: number, share: share, used: used, amount: 1_000)
        }
        let version = world.governor.read { $0.version(of: "tenant/acme") }
        #expect(try await world.governor.note(warning(682), of: "acme"))
        #expect(try await !world.governor.note(warning(682), of: "acme"))
        #expect(try await !world.governor.note(warning(682, used: 807), of: "acme"), "another server saw more")
        #expect(try await world.governor.note(warning(682, share: 9_500, used: 950), of: "acme"))
        #expect(try await world.governor.note(warning(682), of: "globex"))
        #expect(try await world.governor.note(warning(683), of: "acme"), "another month")
        try world.governor.catchUp()
        #expect(world.governor.read { $0.version(of: "tenant/acme") } == version, "the tenant is as it was")
        let all = try world.governor.warnings(of: nil, before: .max, limit: 10)
        #expect(all.map(\.tenant) == ["acme", "globex", "acme", "acme"])
        #expect(all.map(\.facts.share) == ["80%", "80%", "95%", "80%"])
        #expect(all[0].facts.begins == "2026-12-01" && all[3].facts.begins == "2026-11-01")
        let page = try world.governor.warnings(of: "acme", before: all[0].entry.sequence, limit: 1)
        #expect(page.map(\.facts.share) == ["95%"])
    }
}
