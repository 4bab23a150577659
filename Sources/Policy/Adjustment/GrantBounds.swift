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

    /// What holds where a policy says nothing.
    package init() {}
}
