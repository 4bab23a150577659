import Access
import Directory
import Ledger
import Policy
import Testing
import Vocabulary

@testable import Governance

struct RegistryTests {
    /// A world in which all kinds of things have happened.
    private func busyWorld() async throws -> GovernanceWorld {
        let world = try GovernanceWorld()
        for number in 0..<20 {
            try await world.run(
                .createTenant(
                    "tenant-\(number)",
                    TenantFacts(
                        plan: number % 2 == 0 ? "starter" : "growth", segment: "a segment with a longer name",
                        regions: number % 3 == 0 ? ["eu"] : nil)))
            try await world.run(
                .statePrincipal(.tenant("tenant-\(number)"), PrincipalFacts(name: "web", classes: ["web"])))
        }
        try await world.run(
            .proposeGrant(
                tenant: "tenant-1",
                GrantFacts(
                    id: "x", kind: "exemption",
                    adjustments: [AdjustmentFacts(Adjustment(.tenant, .factor(thousandths: 1_500)))],
                    features: ["bulk"], from: GovernanceWorld.day(0), until: GovernanceWorld.day(9), reason: "r")))
        try await world.run(.decideGrant(tenant: "tenant-1", id: "x", isApproved: true, reason: nil), as: "bob")
        try await world.run(
            .assignPlan(
                tenant: "tenant-2",
                AssignmentFacts(
                    plan: "growth", from: GovernanceWorld.day(1), until: GovernanceWorld.day(2), trial: true)))
        var chance = SeededGenerator(seed: 11)
        let secret = DirectorySecret(using: &chance)
        for id in ["k_1", "k_2"] {
            let hash = secret.authenticator.hash(of: Credential(for: .live, using: &chance)).description
            try await world.run(
                .issueKey(
                    .tenant("tenant-3"),
                    KeyFacts(id: id, principal: "web", hash: hash, replaces: id == "k_2" ? "k_1" : nil),
                    overlap: .days(1)))
        }
        try await world.run(.revokeKey(id: "k_2", reason: nil))
        try await world.run(.statePrincipal(.platform, PrincipalFacts(name: "gateway", attributes: ["workflow.stage"])))
        try await world.run(.stateOperator("bob", OperatorFacts(roles: [.init(role: "platform-admin")])))
        try await world.run(
            .changeCredentials(
                operatorName: "bob", CredentialFacts(resetBy: EnrolmentSecret(using: &chance), at: world.now)))
        try await world.run(
            .signIn(operatorName: "bob", SignInFacts(purpose: SignInFacts.enrolmentPurpose)), as: "bob")
        try await world.run(
            .changeCredentials(operatorName: "bob", CredentialFacts(what: .enrolled, mark: "M", step: 9)), as: "bob")
        try await world.run(.stateOperator("cleo", OperatorFacts(roles: [.init(role: "support")])))
        try await world.run(
            .changeCredentials(
                operatorName: "cleo", CredentialFacts(resetBy: EnrolmentSecret(using: &chance), at: world.now)))
        let made = ["s1", "s2"].map {
            GovernanceEvent.signingKeyMade(
                SigningKeyFacts(id: $0, algorithm: "ES256", key: "{}", at: GovernanceWorld.day(0)))
        }
        try await world.governor.note(
            [made[0], .signingKeysTurned(KeyTurnFacts(at: GovernanceWorld.day(0))), made[1]],
            in: TokenRegistry.stream, by: "system/tokens")
        try await world.run(
            .stateIssuer(
                IssuerFacts(
                    name: "login", issuer: "https://login.example", audience: "a", keys: "https://login.example/keys",
                    tenants: ["tenant-1"], claims: ["tenant": "org"])))
        try await world.governor.note(
            [
                .tokenRevoked(
                    TokenRevocationFacts(
                        issuer: "i", id: "t", expires: GovernanceWorld.day(1), principal: "gateway",
                        at: GovernanceWorld.day(0)))
            ], in: TokenRegistry.revocationStream, by: "principal/platform/gateway")
        for subject in [TokenSubject(.tenant, tenant: "tenant-1"), TokenSubject(.key, tenant: "tenant-3", key: "k_1")] {
            try await world.run(.cutTokens(TokenCutFacts(subject: subject, at: GovernanceWorld.day(0))))
        }
        let documents = [PolicyText(name: "policy.yaml", text: GovernanceWorld.policyText)]
        try await world.run(
            .proposePolicy(
                ProposalFacts(
                    id: "p1", version: try PolicyText.compile(documents).get().version.description,
                    documents: documents, reason: "r", expires: GovernanceWorld.day(400))))
        try await world.run(.decidePolicy(id: "p1", isApproved: true, reason: nil), as: "bob")
        try await world.run(.publishPolicy(id: "p1"))
        return world
    }

    private func expectSame(_ left: Registry, _ right: Registry) {
        #expect(left.directory() == right.directory())
        #expect(left.operators == right.operators)
        #expect(left.policies == right.policies)
        #expect(left.versions == right.versions)
        #expect(left.tokens == right.tokens)
        #expect(left.keys == right.keys)
        #expect(left.sequence == right.sequence)
        #expect(left.tenants.mapValues(\.requests) == right.tenants.mapValues(\.requests))
        #expect(left.tenants.mapValues(\.version) == right.tenants.mapValues(\.version))
        #expect(left.tenants.mapValues(\.created) == right.tenants.mapValues(\.created))
    }

    @Test func `reading all records anew gives what holds, and so does what was saved`() async throws {
        let world = try await busyWorld()
        let live = world.governor.read { $0 }
        var anew = Registry()
        for entry in try world.ledger.store.entries(LedgerQuery(limit: 10_000)) { try anew.apply(entry) }
        expectSame(anew, live)
        let image = RegistryImage(world.ledger.store)
        #expect(try image.load() == nil)
        try image.save(live)
        expectSame(try #require(try image.load()), live)
    }

    @Test func `what was saved stays readable until the next one is whole`() async throws {
        let world = try await busyWorld()
        let image = RegistryImage(world.ledger.store)
        let first = world.governor.read { $0 }
        try image.save(first)
        try await world.run(.createTenant("later", TenantFacts(plan: "starter")))
        let second = world.governor.read { $0 }
        // A save that was cut off after its first part: the other place has been written over in part.
        var rest = RegistryEncoder()
        rest.writeRest(of: second)
        try world.ledger.store.save(
            LedgerSnapshot(name: "registry/1/0", sequence: second.sequence, bytes: rest.writer.bytes))
        expectSame(try #require(try image.load()), first)
        try image.save(second)
        expectSame(try #require(try image.load()), second)
    }

    @Test func `bytes that are no registry are not read as one`() async throws {
        let world = try await busyWorld()
        let image = RegistryImage(world.ledger.store)
        try image.save(world.governor.read { $0 })
        let good = try #require(try world.ledger.store.snapshot(named: "registry/0/1"))
        for count in stride(from: 0, to: good.bytes.count, by: 7) {
            var cut = good
            cut.bytes.removeLast(good.bytes.count - count)
            try world.ledger.store.save(cut)
            let loaded = try image.load()
            #expect(loaded == nil || (loaded?.tenants.count ?? 0) < 20)
        }
    }

    @Test(arguments: [
        GovernanceEvent.tenantCreated(TenantFacts(plan: "p", segment: "ä\"/", regions: [])),
        .planAssigned(AssignmentFacts(plan: "p", from: GovernanceWorld.day(1), reason: "r")),
        .keyExpires(Ending(id: "k", at: GovernanceWorld.day(3))),
        .policyPublished(PublicationFacts(id: "p1", rollback: true)),
    ])
    func `events are read as they are written`(event: GovernanceEvent) throws {
        #expect(try GovernanceEvent(type: event.type, payload: event.payload) == event)
    }

    @Test func `unknown types are nothing, and known types with another payload are an error`() throws {
        #expect(try GovernanceEvent(type: "rollout.begun", payload: []) == nil)
        #expect(throws: UnreadableEvent.self) { try GovernanceEvent(type: "tenant.created", payload: Array("{}".utf8)) }
    }

    @Test func `two governors on one ledger come to the same`() async throws {
        let world = try GovernanceWorld()
        let clock = GovernanceClock()
        let other = try Governor(
            ledger: world.ledger, fixedPolicy: world.governor.policy(at: world.now)
        ) { clock.now }
        let ada = try GovernanceWorld.everybody("ada")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let governor = number % 2 == 0 ? other : world.governor
                group.addTask {
                    try await governor.execute(
                        .createTenant("t\(number)", TenantFacts(plan: "starter")), by: ada)
                    try await governor.execute(
                        .changeTenant("t\(number)", TenantFacts(plan: "growth")), by: ada)
                }
            }
            try await group.waitForAll()
        }
        try other.catchUp()
        try world.governor.catchUp()
        #expect(other.sequence == 80)
        expectSame(other.read { $0 }, world.governor.read { $0 })
    }
}
