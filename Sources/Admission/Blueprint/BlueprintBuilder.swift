internal import Policy
internal import Vocabulary

/// Collects the tables of a blueprint while its budgets and plans are flattened.
struct BlueprintBuilder {
    private(set) var lanes: [LaneParameters] = []
    private(set) var meters: [MeterParameters] = []
    private(set) var quotas: [QuotaParameters] = []

    /// Flattens a budget of the service or a region: its lanes are tiers and have no ceilings.
    mutating func append(_ budget: Budget) -> BudgetParameters {
        let parameters = BudgetParameters(budget, laneStart: lanes.count)
        for lane in budget.lanes { lanes.append(LaneParameters(lane, ceiling: -1)) }
        return parameters
    }

    /// Flattens a plan.
    mutating func append(_ plan: Plan) -> PlanParameters {
        let budget = BudgetParameters(plan.tenant, laneStart: lanes.count)
        let ceilingStart = meters.count
        for lane in plan.tenant.lanes {
            lanes.append(LaneParameters(lane, ceiling: lane.ceiling == nil ? -1 : meters.count - ceilingStart))
            if let ceiling = lane.ceiling { meters.append(MeterParameters(ceiling)) }
        }
        let meterStart = meters.count
        meters += plan.operationMeters.map(MeterParameters.init)
        let quotaStart = quotas.count
        quotas += plan.quotas.map { QuotaParameters(unit: $0.unit, period: $0.period, amount: $0.amount) }
        let fill = plan.fillTime
        return PlanParameters(
            budget: budget, ceilings: (ceilingStart, meterStart - ceilingStart),
            meters: (meterStart, plan.operationMeters.count), quotas: (quotaStart, plan.quotas.count), zone: plan.zone,
            idleAfter: fill, isDurable: !plan.quotas.isEmpty || fill > Blueprint.durableFillNanoseconds)
    }
}

extension LaneParameters {
    /// Flattens a compiled lane.
    init(_ lane: Budget.Lane, ceiling: Int) {
        self.init(
            inflow: lane.inflow, capacity: lane.capacity, holdback: lane.holdback, ceiling: ceiling,
            lends: lane.lends, borrows: lane.borrows)
    }
}
