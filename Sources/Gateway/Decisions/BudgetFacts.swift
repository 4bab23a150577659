internal import Vocabulary

/// One budget of a decision in words and cost units, as answers and records show it.
struct BudgetFacts {
    /// The budget's level.
    let level: BudgetLevel
    /// The name for people: `service`, `region eu-west-1`, `tenant acme`, `class repair`, `ceiling of class export`,
    /// `operation export`, `quota requests/month`, `quarantine`.
    let name: String
    /// The lane that was spent from: a tier or a class.
    var lane: String?
    /// The rate as the policy writes it.
    let rate: String
    /// What the lane, the bucket or the period can give at most.
    let limit: Int64
    /// What there was before the request.
    let before: Int64
    /// What of it stood in the lane's own guarantee.
    var guaranteeBefore: Int64?
    /// What of it stood in the shared pool.
    var poolBefore: Int64?
    /// What the request needed.
    let needed: Int64
    /// When this budget alone would have had enough: zero when it had, `nil` when never.
    let availableAfter: Nanoseconds?
    /// When it is full again if nobody comes; `nil` where that cannot be said.
    var fullAfter: Nanoseconds?
    /// When a quota's period ends.
    var quotaReset: WallTime?

    /// Whether there was enough.
    var isSufficient: Bool { availableAfter == .zero }
}
