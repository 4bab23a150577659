import Policy
import Testing
import Vocabulary

@testable import Policy

@Suite struct DifferenceNumberTests {
    @Test func `a doubled cost halves the calls a plan can make`() throws {
        var draft = SnapshotDraft.signing
        draft.operations[4].cost = 40
        let line = try #require(
            try draft.difference().lines.first { $0.short == "plan growth/operation export calls-at-most loses" })
        // 40 cost units per second of its own, at 20 and at 40 each.
        #expect(line.old == .pace(Pace(Rate(amount: 2, period: .second))))
        #expect(line.new == .pace(Pace(Rate(amount: 1, period: .second))))
        #expect(PolicyDifference.Change(from: line.old, to: line.new)?.percent == "-50%")
        #expect(line.note == "one call costs 40 instead of 20")
    }

    @Test func `absolute and relative change are those of the same second`() throws {
        var draft = SnapshotDraft.signing
        draft.plans[0].tenant = SnapshotDraft.CeilingDraft(27_000, per: .seconds(60), burst: 600)
        let line = try #require(try draft.difference().lines.first { $0.short == "plan growth ceiling gains" })
        let change = try #require(PolicyDifference.Change(from: line.old, to: line.new))
        #expect(change.absolute == "+150/s" && change.percent == "+50%")
        #expect(line.new.text == "27,000/min")
    }

    @Test func `the same pace in another period is a change that nobody feels`() throws {
        var draft = SnapshotDraft.signing
        draft.plans[0].tenant = SnapshotDraft.CeilingDraft(18_000, per: .seconds(60), burst: 600)
        let difference = try draft.difference()
        #expect(difference.lines.map(\.short) == ["plan growth ceiling changes"])
        #expect(difference.lines[0].note == "the same pace, stated in another period")
        #expect(PolicyDifference.Change(from: difference.lines[0].old, to: difference.lines[0].new) == nil)
        #expect(
            difference.summary
                == "Nobody gains or loses; plan growth changes; nothing protected loses anything.")
    }

    @Test func `a burst that follows from the rate is said only where the period differs`() throws {
        var draft = SnapshotDraft.signing
        draft.plans[0].lanes["repair"] = .init(guarantee: Rate(amount: 50, period: .second))
        #expect(try !draft.difference().lines.contains { $0.aspect == .guaranteeBurst })
        draft.plans[0].lanes["repair"] = .init(guarantee: Rate(amount: 1_800, period: .seconds(60)))
        draft.plans[0].tenant.burst = 3_000
        #expect(
            try draft.difference().lines.map(\.short) == [
                "plan growth burst gains", "plan growth/class repair guarantee changes",
                "plan growth/class repair guarantee-burst gains",
            ])
    }

    @Test func `at most is the ceiling without what isolated classes keep, at least is the guarantee`() throws {
        for seed in UInt64(0)..<200 {
            let draft = SnapshotDraft.drawn(seed: seed)
            let snapshot = try draft.snapshot()
            for plan in snapshot.plans {
                let stated = try #require(draft.plans.first { $0.name == plan.name })
                let view = PlanView(snapshot, plan)
                for (index, trafficClass) in snapshot.classes.enumerated() {
                    let own = stated.lanes[trafficClass.name]
                    let guarantee = own?.guarantee?.amount ?? 0
                    let kept = snapshot.classes.filter { $0.isolated && $0.name != trafficClass.name }
                        .reduce(0) { $0 + (stated.lanes[$1.name]?.guarantee?.amount ?? 0) }
                    let isAlone = own != nil && trafficClass.isolated
                    let most = isAlone ? guarantee : stated.tenant.rates[0].amount - kept
                    let cap = own?.ceiling?.rates[0].amount ?? .max
                    #expect(view.most(trafficClass: index) == Pace(perSecond: min(most, cap)), "seed \(seed)")
                    #expect(view.least(trafficClass: index) == Pace(perSecond: min(guarantee, cap)), "seed \(seed)")
                }
            }
        }
    }

    @Test func `nothing protected loses when only best effort does`() throws {
        var draft = SnapshotDraft.signing
        draft.plans[0].lanes["export"] = .init(ceiling: .init(30))
        draft.plans[1].lanes["export"] = .init(ceiling: .init(30))
        #expect(try draft.difference().summary.hasSuffix("; nothing protected loses anything."))
    }

    @Test func `a protected operation that loses its tier is named`() throws {
        var draft = SnapshotDraft.signing
        draft.operations[0].tier = "business"
        #expect(
            try draft.difference().summary
                == "Operation submit-signature loses; of what is protected, and of what it lives from, this loses: "
                + "operation submit-signature (tier critical -> business).")
    }
}

extension SnapshotDraft {
    /// What differs from the signing platform.
    func difference() throws -> PolicyDifference {
        PolicyDifference(from: try SnapshotDraft.signing.snapshot(), to: try snapshot())
    }
}

extension Pace {
    fileprivate init(perSecond amount: Int64) {
        self = amount == 0 ? .zero : Pace(Rate(amount: amount, period: .second))
    }
}
