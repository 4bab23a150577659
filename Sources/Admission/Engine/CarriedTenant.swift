internal import Policy
internal import Vocabulary

/// What a tenant holds at one moment, by names, on its way to another plan or another snapshot.
struct CarriedTenant {
    /// The budget; `nil`: nothing was saved of it, so it is full.
    private let budget: CarriedBudget?
    private var meters: [(name: MeterName, unitsPerCost: Int64, level: Int64)] = []
    private var quotas: [QuotaUse] = []

    /// The use of one quota in one period.
    private struct QuotaUse {
        let unit: QuotaUnit
        let period: CalendarPeriod
        let index: Int32
        let used: Int64
    }

    /// What names a plain bucket of a tenant across snapshots.
    enum MeterName: Equatable {
        /// The ceiling of a class.
        case ceiling(ofClass: String)
        /// The budget of an operation.
        case operation(String)
    }

    /// Reads the state of a tenant.
    init(_ state: TenantState, of snapshot: Snapshot, plan: Plan, words: borrowing MutableSpan<Int64>, moment: Moment) {
        let now = moment.monotonic.count
        budget = CarriedBudget(
            state.plan.budget, lanes: state.tables.lanes, names: CarriedTenant.laneNames(plan, snapshot),
            envelope: .baseline, words: words, at: PlanParameters.budgetBase, now: now)
        for (name, index, base) in CarriedTenant.meters(of: state.plan, plan, snapshot) {
            let meter = state.tables.meter(index)
            meters.append((name, meter.unitsPerCost, meter.level(words, at: base, now: now)))
        }
        for index in 0..<state.plan.quotaCount {
            let quota = state.tables.quota(state.plan.quotaStart + index)
            let base = state.plan.quotaBase + index * 2
            quotas.append(
                QuotaUse(
                    unit: quota.unit, period: quota.period, index: Int32(truncatingIfNeeded: words[base]),
                    used: words[base + 1]))
        }
    }

    /// Writes what was carried into a state whose buckets are full.
    func pour(into state: TenantState, of snapshot: Snapshot, plan: Plan, words: inout MutableSpan<Int64>) {
        let now = words[PlanParameters.budgetBase]
        budget?.pour(
            into: state.plan.budget, lanes: state.tables.lanes, names: CarriedTenant.laneNames(plan, snapshot),
            words: &words, at: PlanParameters.budgetBase, now: now)
        for (name, index, base) in CarriedTenant.meters(of: state.plan, plan, snapshot) {
            guard let before = meters.first(where: { $0.name == name }) else { continue }
            let meter = state.tables.meter(index)
            words[base] = min(
                meter.capacity, rescaled(before.level, from: before.unitsPerCost, to: meter.unitsPerCost))
        }
        for index in 0..<state.plan.quotaCount {
            let quota = state.tables.quota(state.plan.quotaStart + index)
            guard let before = quotas.first(where: { $0.unit == quota.unit && $0.period == quota.period })
            else { continue }
            words[state.plan.quotaBase + index * 2] = Int64(before.index)
            words[state.plan.quotaBase + index * 2 + 1] = before.used
        }
    }

    /// The names of a plan's lanes.
    static func laneNames(_ plan: Plan, _ snapshot: Snapshot) -> [String] {
        plan.classOfLane.map { snapshot.classes[$0].name }
    }

    /// The plain buckets of a plan: what names each, its index in the blueprint, and where its words begin.
    static func meters(
        of parameters: PlanParameters, _ plan: Plan, _ snapshot: Snapshot
    ) -> [(name: MeterName, index: Int, base: Int)] {
        var found: [(name: MeterName, index: Int, base: Int)] = []
        for (lane, trafficClass) in plan.classOfLane.enumerated() where plan.tenant.lanes[lane].ceiling != nil {
            let ceiling = found.count
            found.append(
                (
                    .ceiling(ofClass: snapshot.classes[trafficClass].name), parameters.ceilingStart + ceiling,
                    parameters.ceilingBase + ceiling * MeterParameters.wordCount
                ))
        }
        for (operation, meter) in plan.meterOfOperation.enumerated() where meter >= 0 {
            found.append(
                (
                    .operation(snapshot.operations[operation].name), parameters.meterStart + meter,
                    parameters.meterBase + meter * MeterParameters.wordCount
                ))
        }
        return found
    }
}

extension CarriedTenant {
    /// Reads what survived a restart.
    ///
    /// Buckets that were not saved are not carried, so they stay full.
    init(_ names: DurableNames, _ numbers: ArraySlice<Int64>) {
        var rest = numbers
        var pool: (unitsPerCost: Int64, level: Int64)?
        var lanes: [(name: String, level: Int64)] = []
        for name in names.slots {
            let number = max(0, rest.popFirst() ?? 0)
            switch name {
            case .quota(let unit, let period):
                let used = max(0, rest.popFirst() ?? 0)
                quotas.append(QuotaUse(unit: unit, period: period, index: Int32(clamping: number), used: used))
            case .pool(let unitsPerCost): pool = (unitsPerCost, number)
            case .lane(let name, _): lanes.append((name, number))
            case .meter(let name, let unitsPerCost): meters.append((name, unitsPerCost, number))
            case .unknown: continue
            }
        }
        budget = pool.map { CarriedBudget(unitsPerCost: $0.unitsPerCost, pool: $0.level, levels: lanes) }
    }
}
