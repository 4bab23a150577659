internal import Vocabulary

extension Narrator {
    /// How far tenants may be let deviate from their plans; nothing where the policy says nothing of it.
    var governance: [Section] {
        let bounds = snapshot.bounds
        guard bounds != GrantBounds() else { return [] }
        var sentences = [
            "An exemption multiplies by at most \(Narrator.factor(bounds.exemptionFactorMax)) and lasts at most "
                + "\(Wording.duration(bounds.exemptionLengthMax)); a trial lasts at most "
                + "\(Wording.duration(bounds.trialLengthMax)).",
            "All grants together give nobody more than \(Narrator.factor(bounds.factorMax)) times what the plan says, "
                + "and an override without an end is looked at again within \(Wording.duration(bounds.reviewWithin)).",
        ]
        for (name, plan) in bounds.plans.sorted(by: { $0.key < $1.key }) {
            var clauses: [String] = []
            if let factor = plan.factorMax { clauses.append("at most \(Narrator.factor(factor)) times what it says") }
            if let review = plan.reviewWithin {
                clauses.append("a review of overrides within \(Wording.duration(review))")
            }
            if let count = plan.exceptionsMax {
                clauses.append("grants for at most \(NumberText.grouped(count)) tenants at once")
            }
            guard !clauses.isEmpty else { continue }
            sentences.append("For tenants of plan \(name): \(Wording.list(clauses)).")
        }
        return [Section(kind: "governance", name: nil, sentences: sentences)]
    }

    private static func factor(_ thousandths: Int64) -> String {
        String(Adjustment.Change.factor(thousandths: thousandths).description.dropFirst())
    }
}
