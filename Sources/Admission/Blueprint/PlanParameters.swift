internal import Policy
internal import Vocabulary

/// What the arithmetic needs of one plan, and where each part of a tenant's state lies.
///
/// All that one decision touches of a tenant stands side by side in one run of words, so that a decision at a million
/// tenants is two or three cache misses:
///
/// | words | what |
/// |---|---|
/// | 2 | the tenant's key |
/// | 1 | plan, generation, envelope, flags, and the second of the last activity (`NodeHeader`) |
/// | 2 | which classes were active in that second and in the one before |
/// | 2 + lanes | the tenant's budget: stamp, pool, lanes |
/// | 2 × ceilings | lane ceilings: level, stamp |
/// | 2 × meters | operation budgets: level, stamp |
/// | 2 × quotas | quotas: number of the period, used |
struct PlanParameters {
    /// The tenant's budget; its lanes are classes.
    var budget: BudgetParameters
    /// Where the plan's lane ceilings begin in the blueprint's table of meters.
    var ceilingStart: Int
    /// How many lanes have a ceiling.
    var ceilingCount: Int
    /// Where the plan's operation budgets begin in the blueprint's table of meters.
    var meterStart: Int
    /// How many operations have a budget.
    var meterCount: Int
    /// Where the plan's quotas begin in the blueprint's table of quotas.
    var quotaStart: Int
    /// How many quotas the plan has.
    var quotaCount: Int
    /// Nanoseconds after which every bucket of an untouched tenant is full, whatever it held.
    var idleAfter: Int64
    /// Whether something of the tenant must survive a restart: quotas, or budgets that take long to fill.
    var isDurable: Bool

    /// Where the words of the tenant's budget begin.
    static let budgetBase = 5
    /// Lengths are multiples of a cache line of 64 bytes, so that no run lies across one more line than it must.
    static let lineWords = 8
    /// Where the words of the lane ceilings begin.
    var ceilingBase: Int { PlanParameters.budgetBase + BudgetParameters.wordCount(lanes: budget.laneCount) }
    /// Where the words of the operation budgets begin.
    var meterBase: Int { ceilingBase + ceilingCount * MeterParameters.wordCount }
    /// Where the words of the quotas begin.
    var quotaBase: Int { meterBase + meterCount * MeterParameters.wordCount }
    /// How many words the state of one tenant takes.
    var wordCount: Int { (quotaBase + quotaCount * 2 + PlanParameters.lineWords - 1) & ~(PlanParameters.lineWords - 1) }
}

/// What the arithmetic needs of one quota.
struct QuotaParameters {
    /// What is counted.
    var unit: QuotaUnit
    /// The calendar period.
    var period: CalendarPeriod
    /// How much a period allows.
    var amount: Int64

    /// How much one request uses.
    func need(of request: AdmissionRequest) -> Int64 {
        switch unit {
        case .requests: 1
        case .cost: request.cost
        case .bytes: request.bytes
        }
    }
}
