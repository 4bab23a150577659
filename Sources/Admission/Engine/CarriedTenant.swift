internal import Policy
internal import Vocabulary

/// What a tenant holds at one moment, by names, on its way to another plan or another snapshot.
struct CarriedTenant {
    private let budget: CarriedBudget
    private var meters: [(name: MeterName, unitsPerCost: Int64, level: Int64)] = []
    private var quotas: [DurableTenant.QuotaUse] = []

    /// What names a plain bucket of a tenant across snapshots.
    fileprivate enum MeterName: Equatable {
        case ceiling(ofClass: String)
        case operation(String)
    }

    /// Reads the state of a tenant.
    init(_ state: TenantState, of snapshot: Snapshot, plan: Plan, words: borrowing MutableSpan<Int64>, moment: Moment) {
        let now = moment.monotonic.count
        budget = CarriedBudget(
            state.plan.budget, lanes: state.tables.lanes, names: CarriedTenant.laneNames(plan, snapshot),
            envelope: .baseline, words: words, at: PlanParameters.budgetBase, now: now)
        for (name, index, base) in CarriedTenant.meters(of: state, plan, snapshot) {
            let meter = state.tables.meter(index)
            meters.append((name, meter.unitsPerCost, meter.level(words, at: base, now: now)))
        }
        for index in 0..<state.plan.quotaCount {
            let quota = state.tables.quota(state.plan.quotaStart + index)
            let base = state.plan.quotaBase + index * 2
            quotas.append(
                DurableTenant.QuotaUse(
                    unit: quota.unit, period: quota.period, index: Int32(truncatingIfNeeded: words[base]),
                    used: words[base + 1]))
        }
    }

    /// Writes what was carried into a state whose buckets are full.
    func pour(into state: TenantState, of snapshot: Snapshot, plan: Plan, words: inout MutableSpan<Int64>) {
        let now = words[PlanParameters.budgetBase]
        budget.pour(
            into: state.plan.budget, lanes: state.tables.lanes, names: CarriedTenant.laneNames(plan, snapshot),
            words: &words, at: PlanParameters.budgetBase, now: now)
        for (name, index, base) in CarriedTenant.meters(of: state, plan, snapshot) {
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

    private static func laneNames(_ plan: Plan, _ snapshot: Snapshot) -> [String] {
        plan.classOfLane.map { snapshot.classes[$0].name }
    }

    /// The plain buckets of a plan: what names each, its index in the blueprint, and where its words begin.
    private static func meters(
        of state: TenantState, _ plan: Plan, _ snapshot: Snapshot
    ) -> [(name: MeterName, index: Int, base: Int)] {
        var found: [(name: MeterName, index: Int, base: Int)] = []
        for (lane, trafficClass) in plan.classOfLane.enumerated() where plan.tenant.lanes[lane].ceiling != nil {
            let ceiling = found.count
            found.append(
                (
                    .ceiling(ofClass: snapshot.classes[trafficClass].name), state.plan.ceilingStart + ceiling,
                    state.plan.ceilingBase + ceiling * MeterParameters.wordCount
                ))
        }
        for (operation, meter) in plan.meterOfOperation.enumerated() where meter >= 0 {
            found.append(
                (
                    .operation(snapshot.operations[operation].name), state.plan.meterStart + meter,
                    state.plan.meterBase + meter * MeterParameters.wordCount
                ))
        }
        return found
    }
}

extension CarriedTenant {
    /// What of this survives a restart.
    func durable(key: TenantKey) -> DurableTenant {
        var levels = [DurableTenant.Level(bucket: "pool", units: budget.pool, unitsPerCost: budget.unitsPerCost)]
        levels += budget.levels.map {
            DurableTenant.Level(bucket: "lane/\($0.name)", units: $0.level, unitsPerCost: budget.unitsPerCost)
        }
        levels += meters.map {
            DurableTenant.Level(bucket: $0.name.bucket, units: $0.level, unitsPerCost: $0.unitsPerCost)
        }
        return DurableTenant(key: key, quotas: quotas, levels: levels)
    }

    /// Reads what survived a restart.
    ///
    /// Buckets that were not saved are not carried, so they stay full.
    init(_ durable: DurableTenant) {
        var pool: Int64 = 0
        var lanes: [(name: String, level: Int64)] = []
        for level in durable.levels {
            let parts = level.bucket.split(separator: "/", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("pool", 1): pool = level.billionths
            case ("lane", 2): lanes.append((parts[1], level.billionths))
            case ("ceiling", 2): meters.append((.ceiling(ofClass: parts[1]), DurableTenant.billion, level.billionths))
            case ("operation", 2): meters.append((.operation(parts[1]), DurableTenant.billion, level.billionths))
            default: continue  // written by a later version; what it means is not known here
            }
        }
        budget = CarriedBudget(unitsPerCost: DurableTenant.billion, pool: pool, levels: lanes)
        quotas = durable.quotas
    }
}

extension CarriedTenant.MeterName {
    /// The name under which the bucket is stored.
    fileprivate var bucket: String {
        switch self {
        case .ceiling(let trafficClass): "ceiling/\(trafficClass)"
        case .operation(let operation): "operation/\(operation)"
        }
    }
}

extension DurableTenant.Level {
    /// Expresses units of a bucket in billionths of a cost unit.
    fileprivate init(bucket: String, units: Int64, unitsPerCost: Int64) {
        self.init(bucket: bucket, billionths: rescaled(units, from: unitsPerCost, to: DurableTenant.billion))
    }
}
