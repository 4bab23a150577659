package import Vocabulary

/// How far tenants may be let deviate from their plans: what keeps every tenant from becoming a special one.
package struct GrantBounds: Hashable, Sendable {
    /// The largest factor of an exemption, in thousandths.
    package var exemptionFactorMax: Int64 = 3_000
    /// The longest exemption.
    package var exemptionLengthMax = Nanoseconds.days(30)
    /// The longest trial.
    package var trialLengthMax = Nanoseconds.days(30)
    /// How many times the plan's number anybody may get, contract and exemption together, in thousandths.
    package var factorMax: Int64 = 10_000
    /// After how long somebody has to look at an override again.
    package var reviewWithin = Nanoseconds.days(366)
    /// What holds for the tenants of single plans beside that, by the plan's name.
    package var plans: [String: OfPlan] = [:]

    /// What holds where a policy says nothing.
    package init() {}

    /// The bounds of one plan; `nil`: those of all.
    package struct OfPlan: Hashable, Sendable {
        /// How many times the plan's number its tenants may get, in thousandths.
        package var factorMax: Int64?
        /// After how long somebody has to look at an override of one of its tenants again.
        package var reviewWithin: Nanoseconds?
        /// How many of its tenants may have grants at once.
        package var exceptionsMax: Int64?

        /// States bounds.
        package init(factorMax: Int64? = nil, reviewWithin: Nanoseconds? = nil, exceptionsMax: Int64? = nil) {
            self.factorMax = factorMax
            self.reviewWithin = reviewWithin
            self.exceptionsMax = exceptionsMax
        }
    }

    /// How many times what a plan says its tenants may get, in thousandths.
    package func factorMax(ofPlan name: String) -> Int64 { min(factorMax, plans[name]?.factorMax ?? factorMax) }

    /// After how long somebody has to look at an override of a plan's tenant again.
    package func reviewWithin(ofPlan name: String) -> Nanoseconds {
        min(reviewWithin, plans[name]?.reviewWithin ?? reviewWithin)
    }
}
