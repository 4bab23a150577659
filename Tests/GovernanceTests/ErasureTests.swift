import Access
import Directory
import Ledger
import Testing
import Vocabulary

@testable import Governance

/// Records on which nothing rests can go.
struct ErasureTests {
    private let world: GovernanceWorld

    init() throws { world = try GovernanceWorld() }

    private func erase(_ sequences: Int64...) async throws {
        try await world.governor.erase(
            ErasureFacts(sequences: sequences, reason: "asked to forget"), by: try GovernanceWorld.everybody("ada"),
            at: world.now)
    }

    private func refusal(_ sequences: Int64...) async throws -> GovernanceRefusal.Code? {
        do {
            try await world.governor.erase(
                ErasureFacts(sequences: sequences, reason: "r"), by: try GovernanceWorld.everybody("ada"),
                at: world.now)
            return nil
        } catch GovernanceError.refused(let refusal) {
            return refusal.code
        }
    }

    /// Everything that the ledger says, read anew.
    private func replayed() throws -> Registry {
        var registry = Registry()
        for entry in try world.ledger.store.entries(LedgerQuery(limit: 10_000)) { try registry.apply(entry) }
        return registry
    }

    @Test func `a tenant that has been stated anew holds the same without what was said before`() async throws {
        try await world.run(.createTenant("t1", TenantFacts(plan: "starter", contract: "Jane Doe")))
        try await world.run(.statePrincipal(.tenant("t1"), PrincipalFacts(name: "web", summary: "Jane's")))
        #expect(try await refusal(0) == .conflict, "it is all that is known of the plan")
        try await world.run(.changeTenant("t1", TenantFacts(plan: "growth")))
        #expect(try await refusal(1) == .conflict)
        try await world.run(.statePrincipal(.tenant("t1"), PrincipalFacts(name: "web")))
        try await erase(0, 1)
        let entries = try world.ledger.store.entries(LedgerQuery(limit: 10))
        #expect(entries.filter { if case .erased = $0.content { true } else { false } }.map(\.sequence) == [0, 1])
        let (held, anew) = (world.governor.read { $0 }, try replayed())
        #expect(held.tenants["t1"]?.tenant == anew.tenants["t1"]?.tenant)
        #expect(held.tenants["t1"]?.principals == anew.tenants["t1"]?.principals)
        #expect(anew.tenants["t1"]?.contract == nil && anew.tenants["t1"]?.version == 4)
        #expect(entries.last?.type == "audit.erased")
        #expect(try await refusal(0) == .conflict, "it is erased already")
        #expect(try await refusal(99) == .unknown)
    }

    @Test func `a key that is revoked stays revoked`() async throws {
        try await world.run(.createTenant("t1", TenantFacts(plan: "starter")))
        try await world.run(.statePrincipal(.tenant("t1"), PrincipalFacts(name: "web")))
        var chance = SeededGenerator(seed: 81)
        let hash = DirectorySecret(using: &chance).authenticator.hash(of: Credential(for: .live, using: &chance))
        try await world.run(
            .issueKey(
                .tenant("t1"), KeyFacts(id: "k_1", principal: "web", hash: hash.description), overlap: nil))
        try await world.run(.revokeKey(id: "k_1", reason: "Jane's phone was stolen"))
        #expect(try await refusal(3) == .conflict)
        #expect(try await refusal(2, 3) == .conflict)
    }

    @Test func `reads go at once, sign-ins after a day, and who let whom in never`() async throws {
        try await world.run(.readAudit(AuditFacts(what: "search", filter: ["text": "Jane Doe"])))
        try await world.run(.stateOperator("bob", OperatorFacts(roles: [.init(role: "support")])))
        try await world.run(
            .signIn(operatorName: "bob", SignInFacts(purpose: "session", step: 7, address: "192.0.2.1")), as: "bob")
        try await erase(0)
        #expect(try await refusal(2) == .conflict)
        #expect(try await refusal(1) == .conflict)
        world.pass(days: 1)
        try await erase(2)
        #expect(try await refusal() == .invalid)
        let support = try GovernanceWorld.authority("eve", [.support])
        await #expect(throws: GovernanceError.self) {
            try await world.governor.erase(ErasureFacts(sequences: [0], reason: "r"), by: support, at: world.now)
        }
    }
}
