import Policy
import Testing
import Vocabulary

@testable import Gateway

/// Where Headgate is only asked, a repeat costs nothing.
struct ChargedOnceTests {
    @Test func `a repeat is admitted and not charged`() throws {
        let rig = try KeyRig()
        let first = rig.ask("\"k\"")
        #expect(first.isAdmitted && first.reason == .borrowed && first.remaining == 2)
        let id = first.id
        for field in ["\"k\"", "k", " k "] {
            let repeated = rig.ask(field)
            #expect(repeated.outcome == .admit && repeated.reason == .idempotentReplay)
            #expect(repeated.remaining == 2)
            #expect(repeated.repetition?.first == id)
            #expect(!repeated.hasSpent)
        }
        #expect(rig.ask("other").remaining == 1)
        #expect(rig.ask(nil).remaining == 0)
    }

    @Test func `a repeat is admitted when nothing is left, and says when there is more`() throws {
        let rig = try KeyRig()
        for key in ["a", "b", "c"] { #expect(rig.ask(key).isAdmitted) }
        #expect(rig.ask("d").reason == .tenantCeiling)
        let repeated = rig.ask("b")
        #expect(repeated.isAdmitted && repeated.reason == .idempotentReplay)
        #expect(repeated.retryAfter == nil && repeated.wouldBe == nil && repeated.remaining == 0)
    }

    @Test func `a refusal does not make the repeat free`() throws {
        let rig = try KeyRig()
        for key in ["a", "b", "c"] { #expect(rig.ask(key).isAdmitted) }
        for _ in 0..<3 { #expect(rig.ask("d").reason == .tenantCeiling) }
    }

    @Test func `one key is free for one request of one caller`() throws {
        let rig = try KeyRig()
        #expect(rig.ask("k").reason == .borrowed)
        #expect(rig.ask("k", by: "app").reason == .borrowed)
        #expect(rig.ask("k", by: nil).reason == .borrowed)
        #expect(rig.ask("k", of: "globex").reason == .borrowed)
        #expect(rig.ask("k", "POST /payments").reason == .tenantCeiling)
        #expect(rig.ask("k", of: "globex", cost: 2).reason == .borrowed)
        #expect(rig.ask("k", of: "globex", cost: 2).reason == .tenantCeiling)
    }

    @Test(arguments: ["POST /plain", "GET /notes/1"])
    func `what takes no key, and what changes nothing, is charged each time`(target: String) throws {
        let rig = try KeyRig()
        let left = (0..<3).map { _ in rig.ask("k", target).remaining }
        #expect(left == [2, 1, 0])
    }

    @Test func `a key that cannot be read counts as none`() throws {
        let rig = try KeyRig()
        #expect((0..<2).map { _ in rig.ask("\"k").remaining } == [2, 1])
    }

    @Test func `only so many repeats are free`() throws {
        let rig = try KeyRig("{ repeats: 2 }")
        #expect((0..<6).map { _ in rig.ask("k").remaining } == [2, 2, 2, 1, 0, 0])
    }

    @Test func `what is not charged is not remembered`() throws {
        let observed = try KeyRig(stage: "observe")
        for _ in 0..<3 { #expect(observed.ask("k").reason == .stageNotEnforcing) }
        #expect(observed.plane.idempotency.statistics.keys == 0)
        let shadowed = try KeyRig(stage: "shadow")
        for key in ["a", "b", "c"] { #expect(shadowed.ask(key).reason == .borrowed) }
        for _ in 0..<2 { #expect(shadowed.ask("d").wouldBe == .tenantCeiling) }
        let repeated = shadowed.ask("a")
        #expect(repeated.reason == .idempotentReplay && repeated.wouldBe == nil)
        #expect(shadowed.plane.idempotency.statistics.keys == 3)
    }
}
