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
        try await fill(world)
        return world
    }

    /// Grants, keys, operators and what else may happen.
    private func fill(_ world: GovernanceWorld) async throws {
        // Before bob is let in anew by ada, who has proposed it.
        let documents = [PolicyText(name: "policy.yaml", text: GovernanceWorld.policyText)]
        try await world.run(
            .proposePolicy(
                ProposalFacts(
                    id: "p1", version: try PolicyText.compile(documents).get().version.description,
                    documents: documents, reason: "r", expires: GovernanceWorld.day(400))))
        try await world.run(.decidePolicy(id: "p1", isApproved: true, reason: nil), as: "bob")
        try await world.run(.publishPolicy(id: "p1"))
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
    }

    private func expectSame(_ left: Registry, _ right: Registry) {
        #expect(left.tenants == right.tenants)
        #expect(left.platform == right.platform)
        #expect(left.operators == right.operators)
        #expect(left.policies == right.policies)
        #expect(left.versions == right.versions)
        #expect(left.tokens == right.tokens)
        #expect(left.keys == right.keys)
        #expect(left.sequence == right.sequence)
    }

    @Test func `reading all records anew gives what holds, and so does what was saved`() async throws {
        let world = try await busyWorld()
        let live = world.governor.read { $0 }
        var anew = Registry()
        for entry in try world.ledger.store.entries(LedgerQuery(limit: 10_000)) { try anew.apply(entry) }
        expectSame(anew, live)
        let image = RegistryImage(world.ledger.store)
        guard case .nothing = try image.load(sealedBy: world.ledger.verifier) else {
            Issue.record("nothing was saved yet")
            return
        }
        try image.save(live, sealedBy: world.ledger)
        expectSame(try #require(try loaded(image, world)), live)
    }

    /// What was saved, if it is believed.
    private func loaded(_ image: RegistryImage, _ world: GovernanceWorld) throws -> Registry? {
        guard case .registry(let registry, _) = try image.load(sealedBy: world.ledger.verifier) else { return nil }
        return registry
    }

    /// What an audit finds.
    private func findings(_ world: GovernanceWorld) throws -> [LedgerFinding.Kind] {
        let audit = try RegistryAudit(world.ledger.store)
        var report = try LedgerAudit.run(world.ledger.store) { audit.visit($0) }
        try audit.finish(world.ledger.store, &report)
        return report.findings.map(\.kind)
    }

    @Test func `what was saved and then changed is not believed, and an audit finds it`() async throws {
        let world = try await busyWorld()
        let store = world.ledger.store
        let image = RegistryImage(store)
        var registry = world.governor.read { $0 }
        try image.save(registry, sealedBy: world.ledger)
        #expect(try findings(world) == [])
        let good = try #require(try store.snapshot(named: "registry/0/1"))
        for place in stride(from: 0, to: good.bytes.count, by: 97) {
            var changed = good
            changed.bytes[place] ^= 1
            try store.save(changed)
            #expect(try loaded(image, world) == nil)
            #expect(try findings(world) == [.changedProjection])
        }
        try store.save(good)
        #expect(try loaded(image, world) != nil)
        // Sealed by the key and wrong all the same: only who computes it again can tell.
        registry.tenants["tenant-4"]?.tenant.plan = "growth"
        try image.save(registry, sealedBy: world.ledger)
        #expect(try loaded(image, world) != nil)
        #expect(try findings(world) == [.changedProjection])
    }

    @Test func `what another ledger has saved is not believed`() async throws {
        let (world, other) = (try await busyWorld(), try await busyWorld())
        let image = RegistryImage(world.ledger.store)
        try image.save(world.governor.read { $0 }, sealedBy: other.ledger)
        #expect(try loaded(image, world) == nil)
        // The same key, and a history that is not this one's: records of a copy that went on elsewhere.
        let seal = try world.ledger.seal(projection: "registry", size: 3, digest: Array(repeating: 0, count: 32))
        let read = try ProjectionSeal(note: Array(seal.description.utf8), by: world.ledger.verifier)
        try read.checkRoot(in: world.ledger.store)
        #expect(throws: LedgerError.self) { try read.checkRoot(in: other.ledger.store) }
        #expect(throws: LedgerError.self) {
            try Checkpoint.checked(Array(seal.description.utf8), by: world.ledger.verifier)
        }
    }

    @Test func `what was saved stays readable until the next one is whole`() async throws {
        let world = try await busyWorld()
        let image = RegistryImage(world.ledger.store)
        let first = world.governor.read { $0 }
        try image.save(first, sealedBy: world.ledger)
        try await world.run(.createTenant("later", TenantFacts(plan: "starter")))
        let second = world.governor.read { $0 }
        // A save that was cut off after its first part: the other place has been written over in part.
        var rest = RegistryEncoder()
        rest.writeRest(of: second)
        try world.ledger.store.save(
            LedgerSnapshot(name: "registry/1/0", sequence: second.sequence, bytes: rest.writer.bytes))
        expectSame(try #require(try loaded(image, world)), first)
        try image.save(second, sealedBy: world.ledger)
        expectSame(try #require(try loaded(image, world)), second)
    }

    @Test func `bytes that are no registry are not read as one`() async throws {
        let world = try await busyWorld()
        let image = RegistryImage(world.ledger.store)
        try image.save(world.governor.read { $0 }, sealedBy: world.ledger)
        let good = try #require(try world.ledger.store.snapshot(named: "registry/0/1"))
        for count in stride(from: 0, to: good.bytes.count, by: 7) {
            var cut = good
            cut.bytes.removeLast(good.bytes.count - count)
            try world.ledger.store.save(cut)
            #expect(try loaded(image, world) == nil)
        }
    }

    @Test func `records that were changed in the file do not hold`() async throws {
        let world = try await busyWorld()
        try world.change("UPDATE record SET bytes = CAST(replace(bytes, 'growth', 'gr0wth') AS BLOB)")
        #expect(throws: GovernanceError.self) { try Governor(ledger: world.ledger) { world.now } }
        // Nor those that were changed after the last that was saved.
        let other = try await busyWorld()
        let image = RegistryImage(other.ledger.store)
        try image.save(other.governor.read { $0 }, sealedBy: other.ledger)
        try await other.run(.createTenant("later", TenantFacts(plan: "starter")))
        guard case .registry(let registry, let seal) = try image.load(sealedBy: other.ledger.verifier) else {
            Issue.record("what was saved is not believed")
            return
        }
        let sound = try Governor(ledger: other.ledger, saved: (registry, seal)) { other.now }
        expectSame(sound.read { $0 }, other.governor.read { $0 })
        try other.change(
            "UPDATE record SET bytes = CAST(replace(bytes, 'starter', 'growth!') AS BLOB) "
                + "WHERE stream = 'tenant/later'")
        #expect(throws: GovernanceError.self) {
            try Governor(ledger: other.ledger, saved: (registry, seal)) { other.now }
        }
    }

    @Test func `a copy of what holds stays as it was while changes go on`() async throws {
        let world = try await busyWorld()
        let copy = world.governor.read { $0 }
        let sequence = copy.sequence
        try await world.run(.changeTenant("tenant-4", TenantFacts(plan: "growth")))
        try await world.run(.createTenant("new", TenantFacts(plan: "growth")))
        #expect(copy.tenants["tenant-4"]?.tenant.plan == "starter" && copy.tenants["new"] == nil)
        #expect(copy.tenants.count == 20 && Array(copy.tenants.values).count == 20)
        let now = world.governor.read { $0 }
        #expect(now.tenants["tenant-4"]?.tenant.plan == "growth" && now.tenants.count == 21)
        let changed = try #require(now.owners(changedSince: sequence))
        #expect(changed.count == 2)
        #expect(now.owners(changedSince: now.sequence)?.count == 0)
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
