internal import Vocabulary

/// The answer to "which exact requests are protected during overload?", made from a snapshot and from nothing else.
package struct OverloadExplanation: Sendable {
    /// The answer in one sentence.
    ///
    /// It names exactly the operations that are in a tier with a reserve in some context, and says in which; then what
    /// is shed first.
    package let sentence: String
    /// The operations that the sentence names as protected, the most protected tier first.
    package let protectedOperations: [ProtectedOperation]
    /// What each protected class keeps inside a tenant, plan by plan.
    package let keeps: [ClassKeep]
    /// What the sentence does not promise.
    package let caveats: [String]

    /// Who answers for the policy, and its version.
    let title: String
    /// What is kept for tiers.
    let tiers: [ProtectedTier]
    /// The order in which work gives way.
    let steps: [OverloadShedding.Step]
    /// Who waits, and who is let go first, where Headgate holds requests.
    let seats: [String]

    /// An operation that is protected in some context.
    package struct ProtectedOperation: Hashable, Sendable {
        /// The operation's name.
        package let name: String
        /// Its patterns.
        package let patterns: [String]
        /// The tier.
        package let tier: String
        /// In which contexts, as a clause such as `unless workflow.stage is dormant`; `nil`: in all.
        package let condition: String?
        /// What one request can cost, lowest first.
        package let costs: [Int64]
    }

    /// A tier with a reserve.
    struct ProtectedTier: Sendable {
        /// The tier's name.
        let name: String
        /// What is kept for it.
        let reserves: [Reserves.Reserve]
        /// What is kept for it of the seats, where that is all.
        let seats: String?
        /// What is in it.
        let members: [String]
        /// The classes whose work is in it where the operation names no tier.
        let classes: [TrafficClass]
    }

    /// What a class keeps in a plan.
    package struct ClassKeep: Hashable, Sendable {
        /// The class.
        package let trafficClass: String
        /// The plan.
        package let plan: String
        /// What it keeps, in words.
        package let words: String
    }

    /// Explains a policy.
    ///
    /// - Complexity: O(n) in what the snapshot holds, plus plans × classes.
    package init(_ snapshot: Snapshot) {
        let facts = OverloadFacts(snapshot)
        let narrator = Narrator(snapshot, facts.placements)
        title = "Policy \(snapshot.name) of \(snapshot.owner), version \(snapshot.version)"
        sentence = OverloadSentence(facts).text
        steps = OverloadShedding(facts).steps
        seats = SeatWords(snapshot).sentences
        caveats = OverloadCaveats(facts).sentences
        keeps = OverloadExplanation.keeps(facts)
        tiers = (facts.protected + facts.seated).map { tier in
            ProtectedTier(
                name: snapshot.tiers[tier.index].name, reserves: tier.reserves,
                seats: tier.reserves.isEmpty ? SeatWords(snapshot).share(of: tier.index) : nil,
                members: tier.operations.map { narrator.words(for: $0, withPatterns: true) },
                classes: tier.classes.map { snapshot.classes[$0] })
        }
        protectedOperations = (facts.protected + facts.seated).flatMap(\.operations).map { placement in
            let operation = snapshot.operations[placement.operation]
            return ProtectedOperation(
                name: operation.name, patterns: operation.patterns, tier: snapshot.tiers[placement.tier].name,
                condition: placement.condition.isAlways ? nil : placement.condition.words, costs: placement.costs)
        }
    }

    private static func keeps(_ facts: OverloadFacts) -> [ClassKeep] {
        let snapshot = facts.snapshot
        return snapshot.classes.indices.filter { facts.isProtected(trafficClass: $0) }.flatMap { index in
            snapshot.plans.map { plan in
                let view = PlanView(snapshot, plan)
                return ClassKeep(
                    trafficClass: snapshot.classes[index].name, plan: plan.name,
                    words: view.keepWords(trafficClass: index))
            }
        }
    }
}

extension PlanView {
    /// What a class keeps whatever the tenant's other work does: `30 requests per second and 30 at once; it borrows …`.
    fileprivate func keepWords(trafficClass index: Int) -> String {
        let lane = lane(of: index)
        let borrows = lane?.borrows ?? true
        let most = borrows ? "at most \(most(trafficClass: index).words()) with what others leave" : "borrows nothing"
        guard let lane, let guarantee = lane.guarantee else { return "nothing of its own; \(most)" }
        return "\(Wording.rate(guarantee)), \(NumberText.grouped(lane.guaranteeBurst)) at once; \(most)"
    }
}
