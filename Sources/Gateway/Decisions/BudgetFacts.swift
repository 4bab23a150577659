internal import Vocabulary

/// One budget of a decision in cost units, as answers and records show it.
///
/// Numbers only: the words for them (`BudgetWords`) are made where somebody reads them, which most answers do without.
struct BudgetFacts {
    /// The budget's level.
    let level: BudgetLevel
    /// What flows in.
    let allowance: Allowance
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

    /// What flows into a budget.
    enum Allowance {
        /// A rate.
        case rate(Rate)
        /// An amount per calendar period.
        case calendar(Int64, CalendarPeriod)

        /// As the policy writes it.
        var text: String {
            switch self {
            case .rate(let rate): rate.description
            case .calendar(let amount, let period): "\(amount)/\(period.name)"
            }
        }
    }

    /// Whether there was enough.
    var isSufficient: Bool { availableAfter == .zero }
    /// What is left after the decision.
    func remaining(hasSpent: Bool) -> Int64 { max(0, before - (hasSpent ? needed : 0)) }
}
