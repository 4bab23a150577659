import Access
import Policy
import Testing
import Vocabulary

@testable import Governance

/// One person does not act as two by letting the other one in.
struct IndependenceTests {
    private let world: GovernanceWorld

    init() throws { world = try GovernanceWorld(policy: nil) }

    /// Makes operators whom the machine has let in.
    private func makeOperators(_ names: String...) async throws {
        for name in names {
            _ = try await MachineEnrolment.letIn(
                try #require(OperatorName(name)), roles: [.platformAdmin], governor: world.governor, at: world.now)
            try await enrol(name)
        }
    }

    private func enrol(_ name: String) async throws {
        try await world.run(
            .changeCredentials(operatorName: name, CredentialFacts(what: .enrolled, mark: "mark-\(name)")), as: name)
    }

    /// Lets one operator in by another, and has whoever it is set a password and a phone.
    private func letIn(_ name: String, by sponsor: String) async throws {
        var chance = SeededGenerator(seed: 41)
        if world.governor.read({ $0.operators[name] == nil }) {
            try await world.run(
                .stateOperator(name, OperatorFacts(roles: [.init(role: "policy-approver")])), as: sponsor)
        }
        let facts = CredentialFacts(resetBy: EnrolmentSecret(using: &chance), at: world.now)
        try await world.run(.changeCredentials(operatorName: name, facts), as: sponsor)
        try await enrol(name)
    }

    private func propose(by name: String) async throws -> String {
        let documents = [PolicyText(name: "policy.yaml", text: GovernanceWorld.policyText)]
        let id = world.governor.read { $0.policies.nextID }
        let version = try PolicyText.compile(documents).get().version.description
        try await world.run(
            .proposePolicy(ProposalFacts(id: id, version: version, documents: documents, reason: "r")), as: name)
        return id
    }

    private func refusal(of id: String, by name: String) async throws -> GovernanceRefusal.Code? {
        try await world.refusal(of: .decidePolicy(id: id, isApproved: true, reason: nil), as: name)
    }

    private func approve(_ id: String, by name: String) async throws {
        try await world.run(.decidePolicy(id: id, isApproved: true, reason: nil), as: name)
    }

    private func vouch(for name: String) -> GovernanceCommand {
        let generation = world.governor.read { $0.operators[name]?.credentialGeneration ?? 0 }
        return .vouch(operatorName: name, VouchFacts(generation: generation, reason: "seen in person"))
    }

    @Test func `who has reset somebody approves nothing of theirs, nor they of theirs, until a third vouches`()
        async throws
    {
        try await makeOperators("ada", "bob", "cleo")
        let before = try await propose(by: "ada")
        try await letIn("bob", by: "ada")
        let (byAda, byBob) = (try await propose(by: "ada"), try await propose(by: "bob"))
        for id in [before, byAda] { #expect(try await refusal(of: id, by: "bob") == .separationOfDuties) }
        #expect(try await refusal(of: byBob, by: "ada") == .separationOfDuties)
        #expect(try await world.refusal(of: vouch(for: "bob"), as: "ada") == .separationOfDuties)
        #expect(try await world.refusal(of: vouch(for: "bob"), as: "bob") == .separationOfDuties)
        try await world.run(vouch(for: "bob"), as: "cleo")
        // What was proposed while bob may have been ada stays closed to both for good.
        #expect(try await refusal(of: byAda, by: "bob") == .separationOfDuties)
        #expect(try await refusal(of: byBob, by: "ada") == .separationOfDuties)
        for id in [byAda, byBob] { try await approve(id, by: "cleo") }
        try await approve(before, by: "bob")
        try await approve(propose(by: "ada"), by: "bob")
    }

    @Test func `an operator who was made is no second person either, nor are two who were made by one`() async throws {
        try await makeOperators("ada")
        try await letIn("puppet", by: "ada")
        try await letIn("second", by: "ada")
        let (byAda, byPuppet) = (try await propose(by: "ada"), try await propose(by: "puppet"))
        #expect(try await refusal(of: byAda, by: "puppet") == .separationOfDuties)
        #expect(try await refusal(of: byPuppet, by: "second") == .separationOfDuties)
        #expect(try await world.refusal(of: vouch(for: "puppet"), as: "second") == .separationOfDuties)
        // Along a chain and around a circle it is the same.
        try await letIn("third", by: "second")
        try await letIn("ada", by: "third")
        #expect(world.governor.read { $0.group(of: "third") } == ["ada", "puppet", "second", "third"])
        #expect(try await refusal(of: byPuppet, by: "third") == .separationOfDuties)
        try await makeOperators("bob")
        #expect(world.governor.read { $0.group(of: "bob") } == ["bob"])
        try await approve(byAda, by: "bob")
    }

    @Test func `vouching is for one set of credentials, and for somebody who has set them`() async throws {
        try await makeOperators("ada", "bob", "cleo")
        #expect(try await world.refusal(of: vouch(for: "bob"), as: "cleo") == .conflict)
        try await letIn("bob", by: "ada")
        let early = vouch(for: "bob")
        try await letIn("bob", by: "ada")
        #expect(try await world.refusal(of: early, as: "cleo") == .stale)
        var chance = SeededGenerator(seed: 43)
        let facts = CredentialFacts(resetBy: EnrolmentSecret(using: &chance), at: world.now)
        try await world.run(.changeCredentials(operatorName: "bob", facts), as: "ada")
        #expect(try await world.refusal(of: vouch(for: "bob"), as: "cleo") == .conflict)
    }

    @Test func `a reset and being disabled end tokens for good, and sessions with them`() async throws {
        try await makeOperators("ada", "bob")
        func token(_ seed: UInt64) async throws -> TokenGrant {
            var chance = SeededGenerator(seed: seed)
            let request = TokenRequest(label: "ci", scopes: [.read], lifetimeMilliseconds: 86_400_000)
            let grant = request.issue(for: try #require(OperatorName("bob")), at: world.now, using: &chance).grant
            try await world.run(.issueToken(operatorName: "bob", TokenFacts(grant)), as: "bob")
            return grant
        }
        let first = try await token(51)
        func isUsable(_ grant: TokenGrant) -> Bool? {
            world.governor.read { $0.token(grant.hash)?.isUsable(at: world.now) }
        }
        #expect(isUsable(first) == true)
        let generation = world.governor.read { $0.operators["bob"]?.credentialGeneration ?? 0 }
        let held = [OperatorFacts.HeldRole(role: "platform-admin")]
        try await world.run(.stateOperator("bob", OperatorFacts(roles: held, disabled: true)), as: "ada")
        try await world.run(.stateOperator("bob", OperatorFacts(roles: held)), as: "ada")
        #expect(isUsable(first) == false)
        #expect(world.governor.read { $0.operators["bob"]?.credentialGeneration } == generation + 1)
        let second = try await token(52)
        try await letIn("bob", by: "ada")
        #expect(isUsable(second) == false)
    }

    @Test func `what lets somebody in is good once and for an hour`() async throws {
        try await makeOperators("ada", "bob")
        var chance = SeededGenerator(seed: 61)
        let secret = EnrolmentSecret(using: &chance)
        let facts = CredentialFacts(resetBy: secret, at: world.now)
        var late = facts
        late.expires = GovernanceWorld.day(2)
        #expect(try await world.refusal(of: .changeCredentials(operatorName: "bob", late), as: "ada") == .invalid)
        try await world.run(.changeCredentials(operatorName: "bob", facts), as: "ada")
        let open = try #require(world.governor.read { $0.operators["bob"]?.enrolment })
        func after(_ seconds: Int64) -> WallTime { WallTime(milliseconds: world.now.milliseconds + seconds * 1_000) }
        #expect([-1, 0, 3_599, 3_600].map { open.accepts(secret, at: after($0)) } == [false, true, true, false])
        #expect(!open.accepts(EnrolmentSecret(using: &chance), at: world.now))
        let signIn = GovernanceCommand.signIn(
            operatorName: "bob", SignInFacts(purpose: SignInFacts.enrolmentPurpose))
        try await world.run(signIn, as: "bob")
        #expect(try await world.refusal(of: signIn, as: "bob") == .conflict)
        #expect(
            try await world.refusal(
                of: .changeCredentials(operatorName: "bob", CredentialFacts(what: .password, mark: "m")), as: "ada")
                == .forbidden)
    }
}
