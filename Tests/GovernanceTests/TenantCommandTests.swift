import Access
import Directory
import Testing
import Vocabulary

@testable import Governance

struct TenantCommandTests {
    private let world: GovernanceWorld

    init() throws { world = try GovernanceWorld() }

    private func entitlement(_ name: String = "acme") throws -> Entitlement {
        let now = world.now
        return try world.governor.read { Entitlement(of: try #require($0.tenants[name]).tenant, at: now) }
    }

    @Test func `a tenant is made, changed, and has one version for all that stands under its name`() async throws {
        let made = try await world.run(.createTenant("acme", TenantFacts(plan: "starter", contract: "c-7")))
        #expect(made.version == 1)
        let changed = try await world.run(
            .changeTenant("acme", TenantFacts(plan: "growth", contract: "c-7", regions: ["eu"])))
        #expect(changed.version == 2)
        let stated = try await world.run(
            .statePrincipal(.tenant("acme"), PrincipalFacts(name: "web", classes: ["web"])))
        #expect(stated.version == 3)
        try world.governor.read { registry in
            let entry = try #require(registry.tenants["acme"])
            #expect(entry.tenant.plan == "growth")
            #expect(entry.tenant.regions == ["eu"])
            #expect(entry.contract == "c-7")
            #expect(entry.principals.map(\.qualifiedName) == ["acme/web"])
            #expect(entry.version == 3)
        }
    }

    @Test func `whoever read an older version is told, and nothing changes`() async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "starter")))
        let ada = try GovernanceWorld.everybody("ada")
        let command = GovernanceCommand.changeTenant("acme", TenantFacts(plan: "growth"))
        await #expect(throws: GovernanceError.self) { try await world.governor.execute(command, by: ada, expecting: 7) }
        try await world.governor.execute(command, by: ada, expecting: 1)
        #expect(try entitlement().plan == "growth")
    }

    @Test func `a command that is sent twice is carried out once`() async throws {
        let ada = try GovernanceWorld.everybody("ada")
        let command = GovernanceCommand.createTenant("acme", TenantFacts(plan: "starter"))
        let first = try await world.governor.execute(command, by: ada, id: "k1")
        let again = try await world.governor.execute(command, by: ada, id: "k1")
        #expect(again.isRepeat && again.receipt == first.receipt)
        #expect(world.governor.sequence == 1)
    }

    @Test func `a plan holds from its day, and a trial ends by itself and is had once`() async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "starter")))
        try await world.run(.assignPlan(tenant: "acme", AssignmentFacts(plan: "growth", from: GovernanceWorld.day(3))))
        #expect(try entitlement().plan == "starter")
        world.pass(days: 3)
        #expect(try entitlement().plan == "growth")

        try await world.run(.createTenant("small", TenantFacts(plan: "starter")))
        let trial = AssignmentFacts(
            plan: "growth", from: GovernanceWorld.day(3), until: GovernanceWorld.day(10), trial: true)
        try await world.run(.assignPlan(tenant: "small", trial))
        #expect(try entitlement("small").isTrial)
        world.pass(days: 7)
        #expect(try entitlement("small").plan == "starter")
        let again = AssignmentFacts(
            plan: "growth", from: GovernanceWorld.day(11), until: GovernanceWorld.day(12), trial: true)
        #expect(try await world.refusal(of: .assignPlan(tenant: "small", again)) == .conflict)
    }

    @Test(arguments: [
        (GovernanceCommand.createTenant("acme", TenantFacts(plan: "starter")), GovernanceRefusal.Code.exists),
        (.createTenant("a b", TenantFacts(plan: "starter")), .invalid),
        (.createTenant("platform", TenantFacts(plan: "starter")), .invalid),
        (.createTenant("other", TenantFacts(plan: "grow")), .unknown),
        (.createTenant("other", TenantFacts(plan: "growth", regions: ["us"])), .unknown),
        (.changeTenant("nobody", TenantFacts(plan: "growth")), .unknown),
        (.changeTenant("acme", TenantFacts(plan: "starter")), .conflict),
        (
            .assignPlan(tenant: "acme", AssignmentFacts(plan: "growth", from: GovernanceWorld.day(0), trial: true)),
            .invalid
        ),
        (
            .assignPlan(
                tenant: "acme",
                AssignmentFacts(
                    plan: "growth", from: GovernanceWorld.day(0), until: GovernanceWorld.day(31), trial: true)),
            .outOfBounds
        ),
        (
            .assignPlan(
                tenant: "acme",
                AssignmentFacts(plan: "growth", from: GovernanceWorld.day(3), until: GovernanceWorld.day(2))), .invalid
        ),
        (.statePrincipal(.tenant("acme"), PrincipalFacts(name: "web", classes: ["nope"])), .unknown),
        (.statePrincipal(.tenant("acme"), PrincipalFacts(name: "a/b")), .invalid),
        (.removePrincipal(.tenant("acme"), name: "web"), .unknown),
    ])
    func `what cannot be is refused`(command: GovernanceCommand, code: GovernanceRefusal.Code) async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "starter")))
        #expect(try await world.refusal(of: command) == code)
        #expect(world.governor.sequence == 1)
    }

    @Test func `who may not is refused, also for tenants of somebody else`() async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "starter")))
        let auditor = try GovernanceWorld.authority("eve", [.auditor])
        await #expect(throws: GovernanceError.self) {
            try await world.governor.execute(.createTenant("x", TenantFacts(plan: "starter")), by: auditor)
        }
        let director = Authority(
            try #require(OperatorName("dora")), grants: [try #require(RoleGrant(.accountDirector, tenants: ["other"]))])
        let assignment = AssignmentFacts(plan: "growth", from: GovernanceWorld.day(1))
        await #expect(throws: GovernanceError.self) {
            try await world.governor.execute(.assignPlan(tenant: "acme", assignment), by: director)
        }
        #expect(world.governor.sequence == 1)
    }
}
