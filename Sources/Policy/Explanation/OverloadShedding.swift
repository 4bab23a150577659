internal import Vocabulary

/// In which order the rest gives way, and at which point.
struct OverloadShedding {
    /// One step: who gives way.
    struct Step: Hashable, Sendable {
        /// The tier.
        let tier: String
        /// What is in it.
        let members: [String]
        /// When it is refused.
        let sentences: [String]
    }

    private let facts: OverloadFacts
    private let snapshot: Snapshot
    private let narrator: Narrator

    /// Prepares the steps.
    init(_ facts: OverloadFacts) {
        self.facts = facts
        snapshot = facts.snapshot
        narrator = Narrator(facts.snapshot, facts.placements)
    }

    /// The steps, what sheds first in front.
    var steps: [Step] {
        let named = (facts.protected + facts.seated + facts.unprotected).sorted { $0.index > $1.index }
        return [unknown] + named.filter { $0.index != snapshot.quarantineTier }.map(step)
    }

    private var unknown: Step {
        let words = UnknownWords(snapshot)
        var sentences = words.sentences
        if words.isQuarantined { sentences += holdback(of: snapshot.quarantineTier) }
        return Step(
            tier: snapshot.tiers[snapshot.quarantineTier].name, members: ["everything unknown"], sentences: sentences)
    }

    private func step(_ tier: OverloadFacts.TierFacts) -> Step {
        var sentences = holdback(of: tier.index)
        if tier.reserves.isEmpty, facts.seated.contains(where: { $0.index == tier.index }) {
            let share = SeatWords(snapshot).share(of: tier.index)
            sentences.append("Where Headgate holds requests, \(share) are its own.")
        } else if tier.reserves.isEmpty {
            sentences.append("It has no reserve to fall back on.")
        } else {
            let amounts = tier.reserves.map { "\(Wording.rate($0.rate)) \($0.place)" }
            sentences.append("What is left to it then is its reserve: \(Wording.list(amounts)).")
        }
        return Step(
            tier: snapshot.tiers[tier.index].name,
            members: tier.operations.map { narrator.words(for: $0, withPatterns: false) }
                + ClassWork(tier.classes.map { snapshot.classes[$0] }).words, sentences: sentences)
    }

    private func holdback(of tier: Int) -> [String] {
        guard let budget = snapshot.service ?? snapshot.regions.first?.budget else {
            return ["It is never refused for want of capacity: the policy sets no ceiling for the service or a region."]
        }
        guard budget.lanes.indices.contains(tier) else { return [] }
        let lane = budget.lanes[tier]
        guard lane.borrows else { return ["It never borrows from the shared pool."] }
        guard lane.holdback > 0 else { return ["It borrows from the shared pool until nothing is left there."] }
        let share = UnitText.percentage(Int64(Int128(lane.holdback) * 10_000 / Int128(budget.poolCapacity)))
        guard snapshot.service != nil else {
            return ["It stops borrowing when less than \(share) of a shared pool is left."]
        }
        let units = (lane.holdback / budget.unitsPerCost, budget.poolCapacity / budget.unitsPerCost)
        return [
            "It stops borrowing when less than \(share) of the service's shared pool is left "
                + "(\(NumberText.grouped(units.0)) of \(NumberText.grouped(units.1)))."
        ]
    }
}
