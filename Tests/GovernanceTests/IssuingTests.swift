import Access
import Directory
import Ledger
import Policy
import Testing
import Vocabulary

@testable import Governance

/// What the ledger says of short-lived tokens.
struct IssuingTests {
    private let world: GovernanceWorld

    init() throws { world = try GovernanceWorld(policy: nil) }

    private func key(_ id: String, day: Int64 = 0) -> SigningKeyFacts {
        SigningKeyFacts(id: id, algorithm: "ES256", key: "{}", at: GovernanceWorld.day(day))
    }

    private var states: [String] {
        world.governor.read { $0.tokens.keys.map { "\($0.facts.id) \($0.state.rawValue)" } }
    }

    @Test func `keys turn, one signs and one comes after it, whoever turns them`() async throws {
        #expect(try await world.refusal(of: .rotateSigningKeys(key("k1"))) == .conflict)
        try await world.governor.note(
            [
                .signingKeyMade(key("k1")), .signingKeysTurned(KeyTurnFacts(at: GovernanceWorld.day(0))),
                .signingKeyMade(key("k2")),
            ],
            in: TokenRegistry.stream, by: "system/tokens", expecting: 0)
        #expect(states == ["k1 current", "k2 next"])
        // Another server that begins at the same moment comes too late.
        await #expect(throws: GovernanceError.self) {
            try await world.governor.note(
                [.signingKeyMade(key("x"))], in: TokenRegistry.stream, by: "system/tokens", expecting: 0)
        }
        try await world.run(.rotateSigningKeys(key("k3", day: 1)))
        #expect(states == ["k1 retired", "k2 current", "k3 next"])
        #expect(try await world.refusal(of: .rotateSigningKeys(key("k3"))) == .exists)
        for number in 4..<20 { try await world.run(.rotateSigningKeys(key("k\(number)", day: Int64(number)))) }
        #expect(states.count == 8 + 2 && states.suffix(2) == ["k18 current", "k19 next"])
        let support = try GovernanceWorld.authority("eve", [.support])
        await #expect(throws: GovernanceError.self) {
            try await world.governor.execute(.rotateSigningKeys(key("k20")), by: support)
        }
    }

    @Test func `issuers are stated with safe addresses, and no two are called the same`() async throws {
        var facts = IssuerFacts(
            name: "login", issuer: "https://login.example", audience: "headgate", keys: "http://login.example/keys")
        #expect(try await world.refusal(of: .stateIssuer(facts)) == .invalid)
        facts.keys = "https://login.example/keys"
        facts.claims = ["tenant": "org", "colour": "x"]
        #expect(try await world.refusal(of: .stateIssuer(facts)) == .invalid)
        facts.claims = ["tenant": "org"]
        facts.tenants = ["acme"]
        #expect(try await world.refusal(of: .stateIssuer(facts)) == .unknown)
        facts.tenants = nil
        try await world.run(.stateIssuer(facts))
        #expect(try await world.refusal(of: .stateIssuer(facts)) == .conflict)
        facts.name = "other"
        #expect(try await world.refusal(of: .stateIssuer(facts)) == .exists)
        #expect(try await world.refusal(of: .removeIssuer(name: "other")) == .unknown)
        try await world.run(.removeIssuer(name: "login"))
        #expect(world.governor.read { $0.tokens.issuers.isEmpty })
    }

    @Test func `the oldest policy is one that was in force`() async throws {
        let version = "sha256:" + String(repeating: "0", count: 64)
        #expect(try await world.refusal(of: .stateMinimumPolicy(MinimumPolicyFacts(version: version))) == .unknown)
        #expect(try await world.refusal(of: .stateMinimumPolicy(MinimumPolicyFacts(version: nil))) == .conflict)
        let documents = [PolicyText(name: "policy.yaml", text: GovernanceWorld.policyText)]
        let known = try PolicyText.compile(documents).get().version.description
        try await world.run(
            .proposePolicy(ProposalFacts(id: "p1", version: known, documents: documents, reason: "r")))
        try await world.run(.decidePolicy(id: "p1", isApproved: true, reason: nil), as: "bob")
        try await world.run(.publishPolicy(id: "p1"))
        try await world.run(.stateMinimumPolicy(MinimumPolicyFacts(version: known)))
        #expect(world.governor.read { $0.tokens.minimumPolicy } == known)
        try await world.run(.stateMinimumPolicy(MinimumPolicyFacts(version: nil)))
    }

    @Test func `tokens are withdrawn of what there is, by who may withdraw keys there`() async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "starter")))
        try await world.run(.statePrincipal(.tenant("acme"), PrincipalFacts(name: "web")))
        func cut(_ subject: TokenSubject, reason: String? = nil) -> GovernanceCommand {
            .cutTokens(TokenCutFacts(subject: subject, at: GovernanceWorld.day(0), reason: reason))
        }
        try await world.run(cut(TokenSubject(.tenant, tenant: "acme")))
        try await world.run(cut(TokenSubject(.principal, tenant: "acme", principal: "web")))
        for subject in [
            TokenSubject(.tenant, tenant: "nobody"), TokenSubject(.principal, tenant: "acme", principal: "x"),
            TokenSubject(.principal, principal: "web"), TokenSubject(.key, tenant: "acme", key: "k_1"),
        ] {
            #expect(try await world.refusal(of: cut(subject)) == .unknown, "\(subject)")
        }
        #expect(try await world.refusal(of: cut(TokenSubject(.tenant))) == .invalid)
        #expect(try await world.refusal(of: cut(TokenSubject(.everybody))) == .invalid, "without a reason")
        try await world.run(cut(TokenSubject(.everybody), reason: "a drill"))
        let support = try GovernanceWorld.authority("eve", [.support])
        try await world.governor.execute(cut(TokenSubject(.tenant, tenant: "acme")), by: support)
        await #expect(throws: GovernanceError.self) {
            try await world.governor.execute(cut(TokenSubject(.everybody), reason: "r"), by: support)
        }
    }

    @Test func `single tokens are bounded, and those that are forgotten are withdrawn with their principal`() {
        var tokens = TokenRegistry()
        let count = Int64(TokenRegistry.revokedCountMax + 3_000)
        for number in 0..<count {
            let at = EventTime(WallTime(milliseconds: number))
            tokens.apply(
                .tokenRevoked(
                    TokenRevocationFacts(
                        issuer: "i", id: "\(number)", expires: at, tenant: "acme", principal: "p\(number % 7)", at: at))
            )
            #expect(tokens.revoked.count < TokenRegistry.revokedCountMax + 1_024)
        }
        let forgotten = count - Int64(tokens.revoked.count)
        #expect(forgotten >= 3_000 - 1_024 && tokens.cuts.count == 7)
        for number in 0..<forgotten {
            let subject = TokenSubject(.principal, tenant: "acme", principal: "p\(number % 7)")
            #expect(tokens.cuts[subject].map { $0.milliseconds >= number } == true)
        }
    }

    @Test func `private halves lie sealed beside the ledger, each under its name`() throws {
        var chance = SeededGenerator(seed: 71)
        let secret = DirectorySecret(using: &chance)
        let vault = SigningKeyVault(world.ledger.store, secret: secret)
        #expect(try vault.privateText(ofKey: "k1") == nil)
        try vault.save("the private half", ofKey: "k1")
        #expect(try vault.privateText(ofKey: "k1") == "the private half")
        let saved = try #require(try world.ledger.store.snapshot(named: "signing-key/k1"))
        #expect(!String(decoding: saved.bytes, as: UTF8.self).contains("private"))
        try world.ledger.store.save(LedgerSnapshot(name: "signing-key/k2", sequence: 0, bytes: saved.bytes))
        #expect(throws: LedgerError.self) { try vault.privateText(ofKey: "k2") }
        let other = SigningKeyVault(world.ledger.store, secret: DirectorySecret(using: &chance))
        #expect(throws: LedgerError.self) { try other.privateText(ofKey: "k1") }
        try vault.forget(key: "k1")
        #expect(try vault.privateText(ofKey: "k1") == nil)
    }
}
