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
    let budget: BudgetParameters
    /// Where the plan's lane ceilings begin in the blueprint's table of meters.
    let ceilingStart: Int
    /// How many lanes have a ceiling.
    let ceilingCount: Int
    /// Where the plan's operation budgets begin in the blueprint's table of meters.
    let meterStart: Int
    /// How many operations have a budget.
    let meterCount: Int
    /// Where the plan's quotas begin in the blueprint's table of quotas.
    let quotaStart: Int
    /// How many quotas the plan has.
    let quotaCount: Int
    /// Nanoseconds after which every bucket of an untouched tenant is full, whatever it held.
    let idleAfter: Int64
    /// Where the calendar of the quotas is from.
    let zone: CalendarZone
    /// Whether something of the tenant must survive a restart: quotas, or budgets that take long to fill.
    let isDurable: Bool

    /// Where the words of the lane ceilings begin.
    let ceilingBase: Int
    /// Where the words of the operation budgets begin.
    let meterBase: Int
    /// Where the words of the quotas begin.
    let quotaBase: Int
    /// How many words the state of one tenant takes.
    let wordCount: Int

    /// Where the words of the tenant's budget begin.
    static let budgetBase = 5
    /// Lengths are multiples of a cache line of 64 bytes, so that no run lies across one more line than it must.
    private static let lineWords = 8

    /// Lays out the words of a plan's tenants.
    init(
        budget: BudgetParameters, ceilings: (start: Int, count: Int), meters: (start: Int, count: Int),
        quotas: (start: Int, count: Int), zone: CalendarZone, idleAfter: Int64, isDurable: Bool
    ) {
        self.budget = budget
        (ceilingStart, ceilingCount) = ceilings
        (meterStart, meterCount) = meters
        (quotaStart, quotaCount) = quotas
        self.idleAfter = idleAfter
        self.isDurable = isDurable
        self.zone = zone
        ceilingBase = PlanParameters.budgetBase + BudgetParameters.wordCount(lanes: budget.laneCount)
        meterBase = ceilingBase + ceilings.count * MeterParameters.wordCount
        quotaBase = meterBase + meters.count * MeterParameters.wordCount
        let line = PlanParameters.lineWords
        wordCount = (quotaBase + quotas.count * 2 + line - 1) / line * line
    }
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
