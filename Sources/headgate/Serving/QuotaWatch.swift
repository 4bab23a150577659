internal import Gateway
internal import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// Sees when tenants have used a share of a quota at which somebody is to be told: once for each share and period.
///
/// Looks at what changed of quotas on its way to the disk, twice a second, so no request pays for it.
final class QuotaWatch: Sendable {
    private let plane: DataPlane
    private let state = Mutex(State())

    /// That a tenant has used a share of a quota.
    struct Crossing: Hashable, Sendable {
        /// The tenant.
        let tenant: TenantKey
        /// What is counted.
        let unit: QuotaUnit
        /// The calendar period.
        let period: CalendarPeriod
        /// Which period.
        let number: Int32
        /// The share, in hundredths of a percent.
        let share: Int64
        /// How much is used.
        let used: Int64
        /// How much the period allows.
        let amount: Int64
        /// When it was seen.
        let wall: WallTime
    }

    private struct Place: Hashable {
        let tenant: TenantKey
        let unit: QuotaUnit
        let period: CalendarPeriod
    }

    private struct State {
        /// The largest share that was seen of each quota, and in which period.
        var seen: [Place: (number: Int32, share: Int64)] = [:]
        var crossings: [Crossing] = []
    }

    /// Watches the quotas of the policy that a data plane decides by.
    init(_ plane: DataPlane) { self.plane = plane }

    /// Remembers what somebody was told before this process began.
    ///
    /// A share of the present period alone matters, but which that is, is the tenant's calendar's affair.
    func remember(_ tenant: TenantKey, _ warning: QuotaWarning) {
        let place = Place(tenant: tenant, unit: warning.unit, period: warning.period)
        state.withLock { state in
            let before = state.seen[place] ?? (number: .min, share: 0)
            if (before.number, before.share) < (warning.number, warning.share) {
                state.seen[place] = (warning.number, warning.share)
            }
        }
    }

    /// Looks at what changed.
    ///
    /// - Complexity: O(tenants that changed × their quotas), a comparison each.
    func look(_ batch: UsageBatch) {
        guard !batch.isEmpty else { return }
        let policy = plane.state.policy
        let marks = batch.shapes.map { Marks($0, in: policy) }
        var found: [Crossing] = []
        for row in batch.rows {
            guard let marks = marks[row.shape] else { continue }
            let numbers = batch.numbers(of: row)
            for (index, quota) in marks.quotas.enumerated() {
                let place = numbers.startIndex + index * 2
                guard numbers[place + 1] >= quota.first else { continue }
                look(quota.quota, of: row, number: Int32(clamping: numbers[place]), used: numbers[place + 1], &found)
            }
        }
        if !found.isEmpty { state.withLock { $0.crossings += found } }
    }

    private func look(
        _ quota: Plan.Quota, of row: UsageBatch.Row, number: Int32, used: Int64, _ found: inout [Crossing]
    ) {
        let place = Place(tenant: row.tenant, unit: quota.unit, period: quota.period)
        let reached = quota.warnings.filter { used >= quota.mark(of: $0) }
        guard let largest = reached.last else { return }
        let before = state.withLock { state -> Int64? in
            let known = state.seen[place]
            // A clock that was set back does not tell again what was told.
            if let known, known.number > number { return nil }
            let before = known?.number == number ? known?.share ?? 0 : 0
            guard largest > before else { return nil }
            state.seen[place] = (number, largest)
            return before
        }
        guard let before else { return }
        for share in reached where share > before {
            found.append(
                Crossing(
                    tenant: row.tenant, unit: quota.unit, period: quota.period, number: number, share: share,
                    used: used, amount: quota.amount, wall: row.wall))
        }
    }

    /// Takes what was seen since it was taken last, oldest first.
    func take() -> [Crossing] {
        state.withLock { state in
            defer { state.crossings = [] }
            return state.crossings
        }
    }

    /// From which numbers on the quotas of a plan are looked at.
    private struct Marks {
        let quotas: [(quota: Plan.Quota, first: Int64)]

        /// `nil` where nothing of the plan is to be told, or the policy no longer has it.
        init?(_ shape: UsageShape, in policy: Snapshot) {
            guard let plan = policy.plans.first(where: { $0.name == shape.plan }), !plan.quotas.isEmpty else {
                return nil
            }
            // Quotas come first among the slots, in the order of the plan.
            let slots = shape.slots.prefix(plan.quotas.count)
            guard slots.elementsEqual(plan.quotas, by: { $0 == .quota(unit: $1.unit, period: $1.period) }) else {
                return nil
            }
            quotas = plan.quotas.map { quota in (quota, quota.warnings.first.map(quota.mark) ?? .max) }
        }
    }
}

extension Plan.Quota {
    /// How much a share is, rounded up, in hundredths of a percent.
    fileprivate func mark(of share: Int64) -> Int64 {
        Int64(clamping: (Int128(amount) * Int128(share) + 9_999) / 10_000)
    }
}
