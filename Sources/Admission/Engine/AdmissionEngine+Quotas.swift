package import Vocabulary

/// What a tenant has used of one quota in the period that holds.
package struct QuotaUse: Hashable, Sendable {
    /// What is counted.
    package let unit: QuotaUnit
    /// The period.
    package let period: CalendarPeriod
    /// How much a period allows.
    package let amount: Int64
    /// How much of it is used; more than the amount where the plan allowed more when it was.
    package let used: Int64
    /// When the period ends.
    package let end: WallTime
}

extension AdmissionEngine {
    /// What a tenant has used of the quotas of its plan; changes nothing.
    ///
    /// - Parameters:
    ///   - key: the tenant; one that has not come yet has used nothing.
    ///   - plan: its plan, an index into the plans of the blueprint's snapshot.
    ///   - blueprint: the present one.
    ///   - moment: now.
    /// - Returns: one for each quota; `nil` when another snapshot has been applied, or memory can be addressed no
    ///   further.
    package func quotaUse(
        of key: TenantKey, plan: Int, with blueprint: Blueprint, at moment: Moment
    ) -> [QuotaUse]? {
        shards.withLock(at: shard(of: key)) { state in
            guard state.generation == blueprint.generation else { return nil }
            let tenant = state.reader(plan: plan, at: moment)
            return state.withCopy(of: key, as: tenant, plan: plan, at: moment) { words in
                tenant.quotaUse(words)
            }
        }
    }
}

extension TenantState {
    /// What the words say of each quota.
    fileprivate func quotaUse(_ words: borrowing MutableSpan<Int64>) -> [QuotaUse] {
        var uses: [QuotaUse] = []
        for index in 0..<plan.quotaCount {
            let quota = tables.quota(plan.quotaStart + index)
            let period = periods.index(quota.period)
            let base = plan.quotaBase + index * 2
            uses.append(
                QuotaUse(
                    unit: quota.unit, period: quota.period, amount: quota.amount,
                    used: words[base] == Int64(period) ? words[base + 1] : 0,
                    end: quota.period.start(of: period + 1, in: plan.zone)))
        }
        return uses
    }
}
