package import Policy
package import Vocabulary

/// Something that one tenant has beside its plan, for a time and for a reason.
package struct Grant: Hashable, Sendable {
    /// The name by which people and commands speak of it; unique in a ledger.
    package var id: String
    /// What kind it is.
    package var kind: Kind
    /// Budgets and quotas that are other ones.
    package var adjustments: [Adjustment]
    /// Features beside those of the plan.
    package var features: [String]
    /// From when on.
    package var from: WallTime
    /// The first moment at which it no longer holds; `nil` only where contracts have no end.
    package var until: WallTime?
    /// Why, in the words of whoever gave it.
    package var reason: String
    /// When somebody has to look at it again.
    package var review: WallTime?

    /// The kinds of grants.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// What a contract says instead of the plan: it replaces numbers.
        case override
        /// A relief that ends: it multiplies numbers, within the bounds of the policy.
        case exemption
    }

    /// States a grant.
    package init(
        id: String, kind: Kind, adjustments: [Adjustment] = [], features: [String] = [], from: WallTime,
        until: WallTime? = nil, reason: String, review: WallTime? = nil
    ) {
        self.id = id
        self.kind = kind
        self.adjustments = adjustments
        self.features = features
        self.from = from
        self.until = until
        self.reason = reason
        self.review = review
    }

    /// Whether it holds at a moment.
    package func holds(at now: WallTime) -> Bool { from <= now && until.map { now < $0 } ?? true }
}
