internal import Vocabulary

extension Comparison {
    /// Compares how far tenants may be let deviate from their plans: more is neither better nor worse for anybody's
    /// traffic.
    mutating func compareGovernance() {
        let subject = Subject(.governance)
        let (first, second) = (old.bounds, new.bounds)
        addFactor(subject, .exemptionFactor, first.exemptionFactorMax, second.exemptionFactorMax)
        addLength(subject, .exemptionLength, first.exemptionLengthMax, second.exemptionLengthMax)
        addLength(subject, .trialLength, first.trialLengthMax, second.trialLengthMax)
        addFactor(subject, .grantFactor, first.factorMax, second.factorMax)
        addLength(subject, .review, first.reviewWithin, second.reviewWithin)
        for name in Set(first.plans.keys).union(second.plans.keys).sorted() {
            let part = subject.part(.plan, name)
            let (before, after) = (first.plans[name], second.plans[name])
            addFactor(part, .grantFactor, before?.factorMax, after?.factorMax)
            addLength(part, .review, before?.reviewWithin, after?.reviewWithin)
            addCount(part, .exceptions, before?.exceptionsMax, after?.exceptionsMax, missing: .max, better: .neither)
        }
    }

    private mutating func addFactor(_ subject: Subject, _ aspect: Aspect, _ first: Int64?, _ second: Int64?) {
        func value(_ factor: Int64?) -> Value {
            factor.map { .text(Adjustment.Change.factor(thousandths: $0).description) } ?? .none
        }
        add(subject, aspect, value(first), value(second), .changes)
    }

    private mutating func addLength(
        _ subject: Subject, _ aspect: Aspect, _ first: Nanoseconds?, _ second: Nanoseconds?
    ) {
        add(
            subject, aspect, first.map { .duration($0) } ?? .none, second.map { .duration($0) } ?? .none, .changes)
    }
}
