import Directory
import Policy
import Testing
import Vocabulary

@testable import Governance

struct GrantCommandTests {
    private let world: GovernanceWorld

    init() throws { world = try GovernanceWorld() }

    private func exemption(
        _ id: String, factor: Int64 = 2_000, target: String = "tenant", from: Int64 = 0, until: Int64? = 5,
        reason: String = "a migration"
    ) -> GovernanceCommand {
        var adjustment = AdjustmentFacts(Adjustment(.tenant, .factor(thousandths: factor)))
        adjustment.target = target
        return .proposeGrant(
            tenant: "acme",
            GrantFacts(
                id: id, kind: "exemption", adjustments: [adjustment], from: GovernanceWorld.day(from),
                until: until.map(GovernanceWorld.day), reason: reason))
    }

    private func override(
        _ id: String, _ change: Adjustment.Change, _ target: Adjustment.Target = .tenant, review: Int64? = 100
    ) -> GovernanceCommand {
        .proposeGrant(
            tenant: "acme",
            GrantFacts(
                id: id, kind: "override", adjustments: [AdjustmentFacts(Adjustment(target, change))],
                from: GovernanceWorld.day(0), reason: "contract 7", review: review.map(GovernanceWorld.day)))
    }

    private func decide(_ id: String, isApproved: Bool = true, reason: String? = nil) -> GovernanceCommand {
        .decideGrant(tenant: "acme", id: id, isApproved: isApproved, reason: reason)
    }

    private var adjustments: [String] {
        get throws {
            let now = world.now
            return try world.governor.read {
                Entitlement(of: try #require($0.tenants["acme"]).tenant, at: now).adjustments.map(\.description)
            }
        }
    }

    private func createTenant() async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "growth")))
    }

    @Test func `an exemption holds once somebody else has approved it, and ends by itself`() async throws {
        try await createTenant()
        try await world.run(exemption("x1"))
        #expect(try adjustments == [])
        #expect(try await world.refusal(of: decide("x1")) == .separationOfDuties)
        try await world.run(decide("x1"), as: "bob")
        #expect(try adjustments == ["tenant ×2"])
        world.pass(days: 5)
        #expect(try adjustments == [])
        #expect(try await world.refusal(of: decide("x1"), as: "bob") == .conflict)
    }

    @Test func `who refuses says why, and a grant can end earlier and never later`() async throws {
        try await createTenant()
        try await world.run(exemption("x1"))
        #expect(try await world.refusal(of: decide("x1", isApproved: false), as: "bob") == .invalid)
        try await world.run(decide("x1", isApproved: false, reason: "too much"), as: "bob")
        #expect(try adjustments == [])
        try await world.run(exemption("x2"))
        try await world.run(decide("x2"), as: "bob")
        let later = GovernanceCommand.endGrant(
            tenant: "acme", Ending(id: "x2", at: GovernanceWorld.day(9), reason: "more time"))
        #expect(try await world.refusal(of: later) == .invalid)
        try await world.run(
            .endGrant(tenant: "acme", Ending(id: "x2", at: GovernanceWorld.day(1), reason: "done early")))
        world.pass(days: 1)
        #expect(try adjustments == [])
    }

    @Test func `the bounds of the policy hold for a grant alone and for all of them together`() async throws {
        try await createTenant()
        #expect(try await world.refusal(of: exemption("x", factor: 3_001)) == .outOfBounds)
        #expect(try await world.refusal(of: exemption("x", until: 31)) == .outOfBounds)
        #expect(try await world.refusal(of: exemption("x", until: nil)) == .invalid)
        #expect(try await world.refusal(of: exemption("x", reason: " ")) == .invalid)
        #expect(try await world.refusal(of: exemption("x", target: "class/export")) == .conflict)
        #expect(try await world.refusal(of: exemption("x", target: "klass/web")) == .invalid)
        #expect(
            try await world.refusal(of: override("o", .rate(Rate(amount: 3_001, period: .second), burst: nil)))
                == .outOfBounds)
        #expect(try await world.refusal(of: override("o", .factor(thousandths: 2_000), review: nil)) == .invalid)
        // 4 times the plan by contract is within the bound of 10, and 3 times that is not.
        try await world.run(override("o", .rate(Rate(amount: 1_200, period: .second), burst: nil)))
        try await world.run(decide("o"), as: "bob")
        #expect(try await world.refusal(of: exemption("x", factor: 3_000)) == .outOfBounds)
        try await world.run(exemption("y", factor: 2_000))
        try await world.run(decide("y"), as: "bob")
        #expect(try adjustments == ["tenant 2400/s"])
    }

    @Test func `grants that begin one after the other are held to the bounds together`() async throws {
        try await createTenant()
        let late = GovernanceCommand.proposeGrant(
            tenant: "acme",
            GrantFacts(
                id: "o", kind: "override",
                adjustments: [AdjustmentFacts(Adjustment(.tenant, .factor(thousandths: 9_000)))],
                from: GovernanceWorld.day(3), reason: "contract 7", review: GovernanceWorld.day(100)))
        try await world.run(late)
        try await world.run(decide("o"), as: "bob")
        #expect(try await world.refusal(of: exemption("x", factor: 3_000, from: 2, until: 5)) == .outOfBounds)
        try await world.run(exemption("y", factor: 3_000, from: 1, until: 3))
    }

    @Test func `what was within bounds when it was asked for is looked at again when it is approved`() async throws {
        try await createTenant()
        try await world.run(exemption("x1", factor: 3_000))
        try await world.run(override("o", .rate(Rate(amount: 1_200, period: .second), burst: nil)))
        try await world.run(decide("o"), as: "bob")
        #expect(try await world.refusal(of: decide("x1"), as: "bob") == .outOfBounds)
    }
}
