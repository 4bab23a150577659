import Access
import Ledger
import Testing
import Vocabulary

@testable import Governance

struct OperatorVaultTests {
    @Test func `what operators sign in with is kept beside the ledger and not in it`() async throws {
        let world = try GovernanceWorld()
        let vault = OperatorVault(world.ledger.store)
        let bob = try #require(OperatorName("bob"))
        #expect(try vault.secrets(of: bob) == OperatorSecrets())
        var chance = SeededGenerator(seed: 11)
        let cheap = try #require(ScryptCost(rounds: 10, blockSize: 8, parallelism: 1))
        let secrets = OperatorSecrets(
            password: try PasswordHash(
                of: try #require(Password("correct horse battery staple")), cost: cheap, using: &chance),
            code: CodeSecret(using: &chance), recovery: RecoveryCodes.draw(using: &chance).1)
        try vault.save(secrets, of: bob)
        #expect(try vault.secrets(of: bob) == secrets)
        #expect(try world.ledger.store.entries(LedgerQuery(limit: 10)).isEmpty)
        try world.ledger.store.save(LedgerSnapshot(name: "operator/bob", sequence: 0, bytes: [1, 2, 3]))
        #expect(throws: LedgerError.self) { try vault.secrets(of: bob) }
    }

    @Test func `a code signs in once, whoever else sees it`() async throws {
        let world = try GovernanceWorld()
        try await world.run(.stateOperator("bob", OperatorFacts(roles: [.init(role: "support")])))
        let first = GovernanceCommand.signIn(operatorName: "bob", SignInFacts(purpose: "session", step: 7))
        try await world.run(first, as: "bob")
        #expect(try await world.refusal(of: first, as: "bob") == .conflict)
        let older = GovernanceCommand.signIn(operatorName: "bob", SignInFacts(purpose: "session", step: 6))
        #expect(try await world.refusal(of: older, as: "bob") == .conflict)
        #expect(try await world.refusal(of: first, as: "ada") == .forbidden)
        try await world.run(.signIn(operatorName: "bob", SignInFacts(purpose: "session", step: 8)), as: "bob")
    }
}
