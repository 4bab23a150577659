import Directory
import Testing
import Vocabulary

@testable import Governance

struct KeyCommandTests {
    private let world: GovernanceWorld
    private let secret: DirectorySecret

    init() throws {
        world = try GovernanceWorld()
        var chance = SeededGenerator(seed: 1)
        secret = DirectorySecret(using: &chance)
    }

    private func key(_ id: String, replaces: String? = nil, expires: Int64? = nil) -> (Credential, KeyFacts) {
        var chance = SeededGenerator(seed: UInt64(id.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        let credential = Credential(for: .live, using: &chance)
        return (
            credential,
            KeyFacts(
                id: id, principal: "web", hash: secret.authenticator.hash(of: credential).description,
                expires: expires.map(GovernanceWorld.day), replaces: replaces)
        )
    }

    private func prepare() async throws {
        try await world.run(.createTenant("acme", TenantFacts(plan: "growth")))
        try await world.run(.statePrincipal(.tenant("acme"), PrincipalFacts(name: "web", classes: ["web"])))
    }

    private func status(of credential: Credential) -> APIKey.Status? {
        let registry = world.governor.read { $0 }
        let snapshot = DirectorySnapshot(
            owners: registry.owners, platform: registry.platform, count: registry.tenants.count,
            authenticator: secret.authenticator)
        guard case .known(_, _, let status) = snapshot.match(credential.text.utf8.span, at: world.now) else {
            return nil
        }
        return status
    }

    @Test func `a key is accepted, and one that is revoked is not`() async throws {
        try await prepare()
        let (credential, facts) = key("k_1")
        #expect(status(of: credential) == nil)
        try await world.run(.issueKey(.tenant("acme"), facts, overlap: nil))
        #expect(status(of: credential) == .active)
        try await world.run(.revokeKey(id: "k_1", reason: "leaked"))
        #expect(status(of: credential) == .revoked)
        #expect(try await world.refusal(of: .revokeKey(id: "k_1", reason: nil)) == .conflict)
        #expect(try await world.refusal(of: .revokeKey(id: "k_2", reason: nil)) == .unknown)
    }

    @Test func `a key that replaces another is accepted beside it for the overlap`() async throws {
        try await prepare()
        let (old, oldFacts) = key("k_1")
        try await world.run(.issueKey(.tenant("acme"), oldFacts, overlap: nil))
        let (new, newFacts) = key("k_2", replaces: "k_1")
        try await world.run(.issueKey(.tenant("acme"), newFacts, overlap: .days(7)))
        #expect([status(of: old), status(of: new)] == [.active, .active])
        world.pass(days: 7)
        #expect([status(of: old), status(of: new)] == [.expired, .active])
    }

    @Test func `a rotation never makes a key live longer`() async throws {
        try await prepare()
        let (old, oldFacts) = key("k_1", expires: 2)
        try await world.run(.issueKey(.tenant("acme"), oldFacts, overlap: nil))
        try await world.run(.issueKey(.tenant("acme"), key("k_2", replaces: "k_1").1, overlap: .days(7)))
        world.pass(days: 2)
        #expect(status(of: old) == .expired)
    }

    @Test func `keys go with their principal, and their ids stay known to nobody`() async throws {
        try await prepare()
        let (credential, facts) = key("k_1")
        try await world.run(.issueKey(.tenant("acme"), facts, overlap: nil))
        #expect(try await world.refusal(of: .issueKey(.tenant("acme"), facts, overlap: nil)) == .exists)
        try await world.run(.removePrincipal(.tenant("acme"), name: "web"))
        #expect(status(of: credential) == nil)
        #expect(world.governor.read { $0.key("k_1") == nil })
    }
}
