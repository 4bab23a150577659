internal import Vocabulary

/// The one sentence that says which exact requests are protected during overload.
struct OverloadSentence {
    private let facts: OverloadFacts
    private let snapshot: Snapshot
    private let narrator: Narrator

    /// Prepares the sentence.
    init(_ facts: OverloadFacts) {
        self.facts = facts
        snapshot = facts.snapshot
        narrator = Narrator(facts.snapshot, facts.placements)
    }

    /// The sentence.
    var text: String {
        let groups = (facts.protected + facts.seated).filter { !$0.isEmpty }
        guard !groups.isEmpty else { return "During overload, no request is protected: \(reasonForNone); \(shedding)." }
        let place = facts.seated.isEmpty ? "" : " where Headgate holds requests"
        let clauses = groups.enumerated().map { position, tier in
            let members = members(of: tier)
            let subject = Wording.list(members)
            guard position == 0 else { return "then \(subject) up to \(amount(of: tier))\(weights(of: tier))" }
            let verb = members.count == 1 ? "is" : "are"
            return "\(subject) \(verb) served up to \(amount(of: tier)) before anything else\(weights(of: tier))"
        }
        return "During overload\(place), \((clauses + [shedding]).joined(separator: "; "))."
    }

    private var reasonForNone: String {
        facts.protected.isEmpty && facts.seated.isEmpty
            ? "no tier has a reserve" : "no operation is in a tier that has a reserve"
    }

    private func members(of tier: OverloadFacts.TierFacts, withPatterns: Bool = true) -> [String] {
        tier.operations.map { narrator.words(for: $0, withPatterns: withPatterns) }
            + ClassWork(tier.classes.map { snapshot.classes[$0] }).words
    }

    /// The reserve of the service, or those of the regions where the service has none, or that of the seats.
    private func amount(of tier: OverloadFacts.TierFacts) -> String {
        guard !tier.reserves.isEmpty else { return SeatWords(snapshot).share(of: tier.index) }
        let service = tier.reserves.filter { $0.region == nil }
        return Wording.list((service.isEmpty ? tier.reserves : service).map { "\(Wording.rate($0.rate)) \($0.place)" })
    }

    /// What a request is where not every one costs 1.
    private func weights(of tier: OverloadFacts.TierFacts) -> String {
        let dear = tier.operations.filter { $0.costs != [1] }.map { placement in
            let costs = placement.costs.map { NumberText.grouped($0) }
            return "one of \(snapshot.operations[placement.operation].name) counts as \(Wording.list(costs, "or"))"
        }
        return dear.isEmpty ? "" : " (\(Wording.list(dear)))"
    }

    /// What is shed first: in one go if one tier has no reserve, else in order.
    private var shedding: String {
        let tiers = facts.unprotected.filter { !$0.isEmpty }
        let words = UnknownWords(snapshot)
        let unknown = words.isQuarantined ? "everything unknown" : nil
        let hours = words.isAlwaysRefused ? "at any time" : "where its class is enforced"
        let refused = unknown == nil ? "everything unknown is refused \(hours)" : nil
        let groups = tiers.map { members(of: $0, withPatterns: false) }
        if groups.count < 2 {
            let first = (groups.first ?? []) + [unknown].compactMap(\.self)
            let shed = first.isEmpty ? [] : ["\(Wording.list(first)) \(first.count == 1 ? "is" : "are") shed first"]
            return Wording.list(shed + [refused].compactMap(\.self))
        }
        let order = [unknown.map { [$0] }].compactMap(\.self) + groups
        let steps = order.enumerated().map { position, names in
            (position == 0 ? "" : "then ") + Wording.list(names)
        }
        let shed = "the rest is shed in this order: \(steps.joined(separator: ", "))"
        return [shed, refused].compactMap(\.self).joined(separator: "; ")
    }
}
