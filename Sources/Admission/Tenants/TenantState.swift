internal import Vocabulary

/// The state of one tenant: a run of words laid out as `PlanParameters` says, with what is needed to read it.
///
/// Lives only while the shard's lock is held. Looking writes nothing but the activity marks; spending writes
/// everything.
struct TenantState {
    let tables: BudgetTables
    let plan: PlanParameters
    /// The calendar periods of the moment at which the state is looked at.
    let periods: Periods

    /// What a look at the tenant's budgets found, kept for the spend that may follow.
    struct Look {
        var lane = -1
        var need: Int64 = 0
        var elapsed: Int64 = 0
        var standing = Standing(own: 0, pool: 0)
        var ceiling = -1
        var ceilingNeed: Int64 = 0
        var ceilingLevel: Int64 = 0
        var meter = -1
        var meterNeed: Int64 = 0
        var meterLevel: Int64 = 0
    }

    /// Fills the words of a tenant that was not known before: every bucket full, no quota used.
    func fill(_ words: inout MutableSpan<Int64>, moment: Moment) {
        let now = moment.monotonic.count
        for index in (NodeHeader.index + 1)..<PlanParameters.budgetBase { words[index] = 0 }
        let lanes = tables.lanes
        plan.budget.fill(&words, at: PlanParameters.budgetBase, now: now, lanes: lanes)
        for index in 0..<plan.ceilingCount {
            words[plan.ceilingBase + index * 2] = tables.meter(plan.ceilingStart + index).capacity
            words[plan.ceilingBase + index * 2 + 1] = now
        }
        for index in 0..<plan.meterCount {
            words[plan.meterBase + index * 2] = tables.meter(plan.meterStart + index).capacity
            words[plan.meterBase + index * 2 + 1] = now
        }
        for index in 0..<plan.quotaCount {
            words[plan.quotaBase + index * 2] = Int64(
                periods.index(tables.quota(plan.quotaStart + index).period))
            words[plan.quotaBase + index * 2 + 1] = 0
        }
    }

    /// Whether the state is that of a tenant nobody has seen: every bucket full, no quota of a running period in use.
    func isIdle(_ words: borrowing MutableSpan<Int64>, moment: Moment) -> Bool {
        let untouched = moment.monotonic.count - words[PlanParameters.budgetBase]
        guard untouched >= plan.idleAfter else { return false }
        for index in 0..<plan.quotaCount {
            let quota = tables.quota(plan.quotaStart + index)
            let isRunning = words[plan.quotaBase + index * 2] == Int64(periods.index(quota.period))
            if isRunning, words[plan.quotaBase + index * 2 + 1] > 0 { return false }
        }
        return true
    }

    /// Which classes are active in this or the previous second, this one among them; marks nothing.
    func activeClasses(
        with trafficClass: Int, in words: borrowing MutableSpan<Int64>, header: NodeHeader, now: Int64
    ) -> UInt64 {
        let age = UInt32(truncatingIfNeeded: now / 1_000_000_000) &- header.second
        let marked = age == 0 ? words[3] | words[4] : age == 1 ? words[3] : 0
        return UInt64(bitPattern: marked | TenantState.mark(of: trafficClass))
    }

    /// Marks a class as active and says which were active in this or the previous second.
    @inline(__always)
    func markActive(
        _ trafficClass: Int, in words: inout MutableSpan<Int64>, header: inout NodeHeader, now: Int64
    ) -> UInt64 {
        let second = UInt32(truncatingIfNeeded: now / 1_000_000_000)
        if header.second != second {
            words[4] = header.second == second &- 1 ? words[3] : 0
            words[3] = 0
            header.second = second
        }
        let mark = TenantState.mark(of: trafficClass)
        // A line that is not written stays in the caches of other cores.
        if words[3] & mark != mark { words[3] |= mark }
        return UInt64(bitPattern: words[3] | words[4])
    }

    @inline(__always)
    private static func mark(of trafficClass: Int) -> Int64 {
        trafficClass >= 0 ? 1 << Int64(trafficClass & 63) : 0
    }
}
