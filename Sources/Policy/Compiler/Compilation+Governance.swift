internal import Vocabulary

extension Compilation {
    /// The bounds of grants, with those of single plans by name.
    mutating func lowerBounds() -> GrantBounds {
        var bounds = document.governance.bounds
        for (name, ofPlan) in document.governance.plans where resolve(name, in: planNames) != nil {
            bounds.plans[name.value] = ofPlan
            if let factor = ofPlan.factorMax, factor > bounds.factorMax {
                log.warning(
                    .noEffect,
                    "the factor of the plan \(name.value.quoted) is above that of all, "
                        + "\(Adjustment.Change.factor(thousandths: bounds.factorMax)), which holds as well",
                    at: name.span, suggestion: "lower it, or raise `factor` of `governance`")
            }
        }
        return bounds
    }
}
