import Access
import Directory
import Ledger
import Testing
import Vocabulary

@testable import Governance

struct OperatorVaultTests {
    @Test func `what operators sign in with is kept beside the ledger, sealed, under the mark that counts`()
        async throws
    {
        let world = try GovernanceWorld()
        var chance = SeededGenerator(seed: 11)
        let secret = DirectorySecret(using: &chance)
        let vault = OperatorVault(world.ledger.store, secret: secret)
        let (bob, cleo) = (try #require(OperatorName("bob")), try #require(OperatorName("cleo")))
        let mark = OperatorSecrets.drawMark(using: &chance)
        #expect(try vault.secrets(of: bob, mark: nil) == OperatorSecrets())
        #expect(try vault.secrets(of: bob, mark: mark) == OperatorSecrets())
        let cheap = try #require(ScryptCost(rounds: 10, blockSize: 8, parallelism: 1))
        let secrets = OperatorSecrets(
            password: try PasswordHash(
                of: try #require(Password("correct horse battery staple")), cost: cheap, using: &chance),
            code: CodeSecret(using: &chance), recovery: RecoveryCodes.draw(using: &chance).1)
        try vault.save(secrets, of: bob, mark: mark)
        #expect(try vault.secrets(of: bob, mark: mark) == secrets)
        #expect(try world.ledger.store.entries(LedgerQuery(limit: 10)).isEmpty)
        let saved = try #require(try world.ledger.store.snapshot(named: "operator/bob/\(mark)"))
        #expect(!String(decoding: saved.bytes, as: UTF8.self).contains(try #require(secrets.code).base32))
        // Neither another secret, nor bytes of somebody else, nor anything else.
        #expect(throws: LedgerError.self) {
            try OperatorVault(world.ledger.store, secret: DirectorySecret(using: &chance)).secrets(of: bob, mark: mark)
        }
        try world.ledger.store.save(LedgerSnapshot(name: "operator/cleo/\(mark)", sequence: 0, bytes: saved.bytes))
        #expect(throws: LedgerError.self) { try vault.secrets(of: cleo, mark: mark) }
        try world.ledger.store.save(LedgerSnapshot(name: "operator/bob/\(mark)", sequence: 0, bytes: [1, 2, 3]))
        #expect(throws: LedgerError.self) { try vault.secrets(of: bob, mark: mark) }
        try vault.forget(bob, mark: mark)
        #expect(try vault.secrets(of: bob, mark: mark) == OperatorSecrets())
    }

    @Test func `a code signs in once, whoever else sees it and whatever the clock did`() async throws {
        let world = try GovernanceWorld()
        try await world.run(.stateOperator("bob", OperatorFacts(roles: [.init(role: "support")])))
        func signIn(_ step: Int64) -> GovernanceCommand {
            .signIn(operatorName: "bob", SignInFacts(purpose: "session", step: step))
        }
        try await world.run(signIn(7), as: "bob")
        #expect(try await world.refusal(of: signIn(7), as: "bob") == .conflict)
        #expect(try await world.refusal(of: signIn(8), as: "ada") == .forbidden)
        // The clock is ahead for a while, and set back.
        try await world.run(signIn(1_000_000), as: "bob")
        try await world.run(signIn(8), as: "bob")
        #expect(try await world.refusal(of: signIn(1_000_000), as: "bob") == .conflict)
        #expect(try await world.refusal(of: signIn(7), as: "bob") == .conflict)
    }
}
