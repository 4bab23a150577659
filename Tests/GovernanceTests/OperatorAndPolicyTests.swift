import Access
import Ledger
import Policy
import Testing
import Vocabulary

@testable import Governance

struct OperatorAndPolicyTests {
    private func facts(_ roles: Role...) -> OperatorFacts {
        OperatorFacts(roles: roles.map { OperatorFacts.HeldRole(role: $0.rawValue) })
    }

    private func reset(_ name: String, at now: WallTime) -> GovernanceCommand {
        var chance = SeededGenerator(seed: 31)
        return .changeCredentials(
            operatorName: name, CredentialFacts(resetBy: EnrolmentSecret(using: &chance), at: now))
    }

    @Test func `nobody gives themselves roles, and the last administrator stays`() async throws {
        let world = try GovernanceWorld()
        #expect(try await world.refusal(of: .stateOperator("ada", facts(.platformAdmin))) == .separationOfDuties)
        try await world.run(.stateOperator("bob", facts(.platformAdmin)))
        let reset = reset("bob", at: world.now)
        #expect(try await world.refusal(of: reset, as: "bob") == .separationOfDuties)
        try await world.run(reset)
        #expect(try await world.refusal(of: .stateOperator("bob", facts(.support))) == .conflict)
        try await world.run(.stateOperator("cleo", facts(.platformAdmin, .auditor)))
        try await world.run(.stateOperator("bob", facts(.support)))
        #expect(world.governor.read { $0.operators["bob"]?.grants } == [try #require(RoleGrant(.support))])
        #expect(
            try await world.refusal(
                of: .stateOperator("dora", OperatorFacts(roles: [.init(role: "account-director", tenants: ["acme"])])))
                == .unknown)
        #expect(
            try await world.refusal(of: .stateOperator("dora", OperatorFacts(roles: [.init(role: "king")]))) == .invalid
        )
        #expect(try await world.refusal(of: .stateOperator("Dora", facts(.support))) == .invalid)
    }

    private func proposal(_ world: GovernanceWorld, rate: String, expires: Int64? = nil) throws -> ProposalFacts {
        let documents = [
            PolicyText(
                name: "policy.yaml",
                text: GovernanceWorld.policyText.replacing("rate: 300/s", with: "rate: \(rate)"))
        ]
        return ProposalFacts(
            id: world.governor.read { $0.policies.nextID },
            version: try PolicyText.compile(documents).get().version.description, documents: documents,
            reason: "more room", expires: expires.map(GovernanceWorld.day))
    }

    private func rate(_ world: GovernanceWorld) -> String? {
        world.governor.policy(at: world.now)?.plans.first { $0.name == "growth" }?.tenant.rates[0].description
    }

    @Test func `a policy is in force once somebody else has approved it and it is published`() async throws {
        let world = try GovernanceWorld(policy: nil)
        try await world.run(.proposePolicy(try proposal(world, rate: "300/s")))
        #expect(try await world.refusal(of: .publishPolicy(id: "p1")) == .conflict)
        #expect(
            try await world.refusal(of: .decidePolicy(id: "p1", isApproved: true, reason: nil)) == .separationOfDuties)
        try await world.run(.decidePolicy(id: "p1", isApproved: true, reason: nil), as: "bob")
        #expect(rate(world) == nil)
        try await world.run(.publishPolicy(id: "p1"))
        #expect(rate(world) == "300/s")
    }

    @Test func `a policy comes into force at its moment, ends at its moment, and can be put back`() async throws {
        let world = try GovernanceWorld(policy: nil)
        for (number, rate) in ["300/s", "400/s", "500/s"].enumerated() {
            try await world.run(.proposePolicy(try proposal(world, rate: rate, expires: number == 2 ? 8 : nil)))
            try await world.run(.decidePolicy(id: "p\(number + 1)", isApproved: true, reason: nil), as: "bob")
        }
        try await world.run(.publishPolicy(id: "p1"))
        try await world.run(.schedulePolicy(Ending(id: "p2", at: GovernanceWorld.day(2))))
        try await world.run(.schedulePolicy(Ending(id: "p3", at: GovernanceWorld.day(4))))
        #expect(rate(world) == "300/s")
        world.pass(days: 2)
        #expect(rate(world) == "400/s")
        let refusing = GovernanceCommand.decidePolicy(id: "p2", isApproved: false, reason: "too late")
        #expect(try await world.refusal(of: refusing) == .conflict)
        world.pass(days: 2)
        #expect(rate(world) == "500/s")
        world.pass(days: 4)
        #expect(rate(world) == "400/s")
        #expect(try await world.refusal(of: .rollBackPolicy(to: "p3", reason: "no")) == .conflict)
        try await world.run(.rollBackPolicy(to: "p1", reason: "too many refusals"))
        #expect(rate(world) == "300/s")
    }

    @Test func `whoever proposes can take it back, and nobody else can in their name`() async throws {
        let world = try GovernanceWorld(policy: nil)
        try await world.run(.proposePolicy(try proposal(world, rate: "300/s")))
        let withdrawal = GovernanceCommand.withdrawPolicy(Verdict(id: "p1"))
        #expect(try await world.refusal(of: withdrawal, as: "bob") == .forbidden)
        try await world.run(.decidePolicy(id: "p1", isApproved: true, reason: nil), as: "bob")
        try await world.run(withdrawal)
        #expect(try await world.refusal(of: .publishPolicy(id: "p1")) == .conflict)
        #expect(try await world.refusal(of: withdrawal) == .conflict)
        try await world.run(.proposePolicy(try proposal(world, rate: "400/s")))
        try await world.run(.decidePolicy(id: "p2", isApproved: true, reason: nil), as: "bob")
        try await world.run(.publishPolicy(id: "p2"))
        #expect(try await world.refusal(of: .withdrawPolicy(Verdict(id: "p2"))) == .conflict)
    }

    @Test func `looking at the ledger is in nobody's way, however many look`() async throws {
        let world = try GovernanceWorld()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await world.run(.readAudit(AuditFacts(what: "search", filter: ["actor": "\(number)"])))
                }
            }
            try await group.waitForAll()
        }
        #expect(world.governor.sequence == 100)
    }

    @Test func `documents that do not compile, or mean something else than they say, are not proposed`() async throws {
        let world = try GovernanceWorld(policy: nil)
        var facts = try proposal(world, rate: "300/s")
        facts.version = "sha256:00"
        #expect(try await world.refusal(of: .proposePolicy(facts)) == .invalid)
        facts.documents[0].text = "headgate: 1"
        #expect(try await world.refusal(of: .proposePolicy(facts)) == .invalid)
    }

    @Test func `what is published while a clock is ahead holds at once, and what is published later holds after it`()
        async throws
    {
        let world = try GovernanceWorld(policy: nil)
        for (number, rate) in ["300/s", "400/s", "500/s", "600/s"].enumerated() {
            try await world.run(.proposePolicy(try proposal(world, rate: rate)))
            try await world.run(.decidePolicy(id: "p\(number + 1)", isApproved: true, reason: nil), as: "bob")
        }
        try await world.run(.publishPolicy(id: "p1"))
        try await world.run(.schedulePolicy(Ending(id: "p4", at: GovernanceWorld.day(30))))
        world.pass(days: 365)
        #expect(rate(world) == "600/s")
        try await world.run(.publishPolicy(id: "p2"))
        #expect(rate(world) == "400/s")
        // The clock is set right: what was published stays in force, and does not wait for next year.
        world.pass(days: -364)
        #expect(rate(world) == "400/s")
        try await world.run(.publishPolicy(id: "p3"))
        #expect(rate(world) == "500/s")
        try await world.run(.rollBackPolicy(to: "p1", reason: "as it was"))
        #expect(rate(world) == "300/s")
        // p4 came into force by the clock of that time and others came after it: it does not come back by itself.
        world.pass(days: 60)
        #expect(rate(world) == "300/s")
        // The records say that time was set back, and read anew they come to the same.
        let records = try world.ledger.store.entries(LedgerQuery(limit: 1_000))
        #expect(records.map(\.type).filter { $0 == "ledger.clock_set_back" }.count == 1)
        var anew = Registry()
        for entry in records { try anew.apply(entry) }
        #expect(anew.policies == world.governor.read { $0.policies })
    }

    @Test func `a schedule that is to come holds after what is published before its moment`() async throws {
        let world = try GovernanceWorld(policy: nil)
        for (number, rate) in ["300/s", "400/s", "500/s"].enumerated() {
            try await world.run(.proposePolicy(try proposal(world, rate: rate)))
            try await world.run(.decidePolicy(id: "p\(number + 1)", isApproved: true, reason: nil), as: "bob")
        }
        try await world.run(.schedulePolicy(Ending(id: "p2", at: GovernanceWorld.day(2))))
        try await world.run(.publishPolicy(id: "p1"))
        #expect(rate(world) == "300/s")
        world.pass(days: 2)
        #expect(rate(world) == "400/s")
        try await world.run(.publishPolicy(id: "p3"))
        #expect(rate(world) == "500/s")
        try await world.run(.rollBackPolicy(to: "p2", reason: "it was better"))
        #expect(rate(world) == "400/s")
        #expect(world.governor.read { $0.policies.publications.map(\.id) } == ["p1", "p2", "p3", "p2"])
    }
}
