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

extension AdmissionEngine {
    /// Charges a tenant's quotas of bytes with what is known only when a request is over; nothing is refused for it.
    ///
    /// What goes beyond a quota is owed: the next request finds it used up.
    ///
    /// - Parameters:
    ///   - bytes: how many, beside those that the decision took.
    ///   - key: the tenant; one that was forgotten meanwhile had used nothing.
    ///   - moment: both clocks now.
    package func chargeBytes(_ bytes: Int64, to key: TenantKey, at moment: Moment) {
        guard bytes > 0 else { return }
        shards.withLock(at: shard(of: key)) { state in state.chargeBytes(bytes, to: key, at: moment) }
    }
}

extension ShardState {
    fileprivate mutating func chargeBytes(_ bytes: Int64, to key: TenantKey, at moment: Moment) {
        guard let offset = find(key, at: moment) else { return }
        let tenant = reader(plan: tenants.header(at: offset).plan, at: moment)
        let isCharged = tenants.withNode(offset, length: tenant.plan.wordCount) { words in
            tenant.chargeBytes(bytes, &words)
        }
        if isCharged { markDirty(key, at: offset) }
    }
}

extension TenantState {
    /// - Returns: whether there is a quota of bytes.
    fileprivate func chargeBytes(_ bytes: Int64, _ words: inout MutableSpan<Int64>) -> Bool {
        var isCharged = false
        for index in 0..<plan.quotaCount {
            let quota = tables.quota(plan.quotaStart + index)
            guard quota.unit == .bytes else { continue }
            let base = plan.quotaBase + index * 2
            let period = Int64(periods.index(quota.period))
            let (sum, overflow) = (words[base] == period ? words[base + 1] : 0).addingReportingOverflow(bytes)
            words[base + 1] = overflow ? .max : sum
            words[base] = period
            isCharged = true
        }
        return isCharged
    }
}
