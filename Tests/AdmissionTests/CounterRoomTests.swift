import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

/// Values of descriptors come from strangers, and each of them is a counter in the table of tenants.
@Suite struct `counters of descriptors` {
    private static let start = """
        headgate: 1
        name: counters
        owner: tests
        tiers: [{ name: critical }, { name: rest }]
        classes: { interactive: { tier: rest, consequence: low, owner: tests } }
        operations: { read: { match: "GET /things" } }
        plans: { p: { tenant: { rate: 10/s } } }
        """
    private static let limits = """

        descriptors:
          edge:
            limits:
              - { key: address, requests: 10, unit: month }
        """

    private func snapshot(_ text: String) throws -> Snapshot {
        try #require(PolicyCompiler.compile([SourceFile(name: "counters.yaml", text: text)]).snapshot)
    }

    /// An engine with room for a hundred, under a policy whose only limit is the plan behind those of tenants.
    private func subject() throws -> EngineUnderTest {
        EngineUnderTest(
            try snapshot(Self.start + Self.limits), shardCount: 1, tenantCountMax: 100)
    }

    private func count(_ value: UInt64, _ subject: EngineUnderTest) -> Verdict {
        subject.decide(
            AdmissionRequest(
                tenant: EngineUnderTest.key(1_000_000 + value), plan: subject.engine.blueprint.snapshot.plans.count,
                operation: -1, trafficClass: -1, tier: -1))
    }

    @Test func `leave a quarter of the room to tenants`() throws {
        let subject = try subject()
        for value in UInt64(0)..<75 { #expect(count(value, subject).isAdmitted) }
        for value in UInt64(75)..<200 {
            let verdict = count(value, subject)
            #expect(!verdict.isAdmitted && verdict.reason == .tenantsFull)
        }
        #expect(subject.engine.counterCount == 75 && subject.engine.counterCountMax == 75)
        #expect(subject.engine.refusedCounterCount == 125)
        for tenant in UInt64(1)...25 { #expect(subject.decide(tenant: tenant).isAdmitted) }
        #expect(subject.engine.refusedNewcomerCount == 125, "no tenant among them")
        #expect(subject.decide(tenant: 26).reason == .tenantsFull)
        #expect(count(3, subject).isAdmitted, "who is in goes on")
    }

    @Test func `do not push out a tenant that was idle`() throws {
        let subject = try subject()
        #expect(subject.decide(tenant: 1).isAdmitted)
        subject.now = 60_000_000_000
        // Looking for room, newcomers forget the tenant, whose budget is full again.
        for value in UInt64(0)..<1_000 { _ = count(value, subject) }
        #expect(subject.engine.tenantCount == subject.engine.counterCount)
        #expect(subject.decide(tenant: 1, tier: 0).isAdmitted)
    }

    @Test func `are forgotten with their limit, and counted off`() throws {
        let subject = try subject()
        for value in UInt64(0)..<75 { #expect(count(value, subject).isAdmitted) }
        #expect(subject.decide(tenant: 1).isAdmitted)
        subject.engine.apply(try snapshot(Self.start), at: subject.moment)
        #expect(subject.engine.tenantCount == 1 && subject.engine.counterCount == 0)
        subject.engine.apply(try snapshot(Self.start + Self.limits), at: subject.moment)
        #expect(count(1, subject).isAdmitted)
        #expect(subject.engine.counterCount == 1)
    }

    @Test func `stay through a change of the policy, and are forgotten once they are idle`() throws {
        // A second is soon over, and nothing of it has to be saved before it may be forgotten.
        let limits = Self.limits.replacing("month", with: "second")
        let subject = EngineUnderTest(
            try snapshot(Self.start + limits), shardCount: 1, tenantCountMax: 100)
        for value in UInt64(0)..<75 { #expect(count(value, subject).isAdmitted) }
        let others = limits.replacing("requests: 10", with: "requests: 20")
        subject.engine.apply(try snapshot(Self.start + others), at: subject.moment)
        #expect(subject.engine.counterCount == 75)
        subject.now = 60_000_000_000
        while subject.engine.sweep(limitPerShard: 100, at: subject.moment) > 0 {}
        #expect(subject.engine.counterCount == 0 && subject.engine.tenantCount == 0)
    }
}
