internal import Admission
internal import Policy
internal import Vocabulary

extension Decision {
    /// What the request costs: what a trusted caller said, else what the operation says, times its hits.
    var cost: Int64 {
        let (product, overflow) = max(1, call.cost ?? classification.cost).multipliedReportingOverflow(by: call.hits)
        return overflow ? .max : product
    }

    /// The plan of the tenant, or that of the descriptor's limit, an index into the policy's `enginePlans`; -1: nobody
    /// is known.
    ///
    /// Plans are read in place, by index: copying one out retains and releases every table that it has.
    var planIndex: Int { counter?.limit.plan ?? identity.caller.plan }

    /// Whether this decision took from its budgets.
    var hasSpent: Bool { verdict.readingCount > 0 && outcome == .admit && reason != .stageNotEnforcing && !call.isPeek }

    /// The reading of the budget that decided; `nil` when no budget was asked.
    ///
    /// A calendar limit of a descriptor is a quota beside a budget that is never short: the quota speaks.
    var decidingReading: BudgetReading? {
        guard verdict.deciding >= 0 else { return nil }
        return verdict.readings[limit != nil && isAdmitted ? verdict.readingCount - 1 : verdict.deciding]
    }

    /// What was read of the budget that decided, or of the part of it that paid: a request within its guarantee names
    /// its class's own bucket.
    ///
    /// `nil` when no budget was asked.
    var decidingFacts: BudgetFacts? {
        guard let reading = decidingReading else { return nil }
        guard isWithinGuarantee(reading), planIndex >= 0 else { return facts(of: reading) }
        return guaranteeFacts(of: reading, budget: policy.enginePlans[planIndex].tenant)
    }

    /// Whether a reading is that of the guarantee that paid.
    func isWithinGuarantee(_ reading: BudgetReading) -> Bool {
        isAdmitted && reason == .withinGuarantee && reading.kind == .lanes && reading.index >= 0
    }

    /// The class's own bucket, apart from what it may borrow.
    private func guaranteeFacts(of reading: BudgetReading, budget: borrowing Budget) -> BudgetFacts {
        let lane = budget.lanes[reading.index]
        let left = max(0, reading.own - reading.need)
        return BudgetFacts(
            level: .trafficClass, allowance: .rate(lane.guarantee ?? budget.rates[0]), limit: lane.guaranteeBurst,
            before: reading.own / budget.unitsPerCost, guaranteeBefore: reading.own / budget.unitsPerCost, needed: cost,
            availableAfter: .zero,
            fullAfter: lane.inflow > 0 ? Nanoseconds(quotient(lane.capacity - left, lane.inflow)) : nil)
    }

    /// The quotient rounded up: a budget is not full a moment before it is.
    private func quotient(_ units: Int64, _ inflow: Int64) -> Int64 { (units + inflow - 1) / inflow }

    /// The same for a reading by its place, which spares copying it out twice.
    func facts(ofReading index: Int) -> BudgetFacts? { facts(of: verdict.readings[index]) }

    /// Puts a reading into cost units; `nil` for one that does not fit this policy, which does not happen.
    func facts(of reading: BudgetReading) -> BudgetFacts? {
        switch reading.kind {
        case .quarantine: facts(of: reading, meter: policy.unknown.quarantine)
        case .quota: quotaFacts(of: reading)
        case .lanes: laneFacts(of: reading)
        case _ where planIndex < 0: nil
        case .operation: facts(of: reading, meter: policy.enginePlans[planIndex].operationMeters[reading.index])
        case .ceiling:
            policy.enginePlans[planIndex].tenant.lanes[reading.index].ceiling.map { facts(of: reading, meter: $0) }
        }
    }

    private func laneFacts(of reading: BudgetReading) -> BudgetFacts? {
        switch reading.level {
        case .service: policy.service.map { facts(of: reading, budget: $0) }
        case .region where region >= 0: facts(of: reading, budget: policy.regions[region].budget)
        case .tenant where planIndex >= 0, .trafficClass where planIndex >= 0:
            facts(of: reading, budget: policy.enginePlans[planIndex].tenant)
        default: nil
        }
    }

    private func facts(of reading: BudgetReading, budget: borrowing Budget) -> BudgetFacts {
        let hasLane = reading.index >= 0
        let capacity = hasLane ? budget.lanes[reading.index].capacity : 0
        let borrows = hasLane ? budget.lanes[reading.index].borrows : true
        let holdback = hasLane ? budget.lanes[reading.index].holdback : 0
        let guarantee = hasLane ? budget.lanes[reading.index].guarantee : nil
        let borrowable = borrows ? max(0, reading.pool - holdback) : 0
        let ownLeft = max(0, reading.own - (hasSpent ? reading.need : 0))
        let inflow = hasLane ? budget.lanes[reading.index].inflow : 0
        return BudgetFacts(
            level: limit == nil ? reading.level : .descriptor,
            allowance: .rate(borrows ? budget.rates[0] : guarantee ?? budget.rates[0]),
            limit: (capacity + (borrows ? max(0, budget.poolCapacity - holdback) : 0)) / budget.unitsPerCost,
            before: (reading.own + borrowable) / budget.unitsPerCost,
            guaranteeBefore: capacity > 0 ? reading.own / budget.unitsPerCost : nil,
            poolBefore: borrows ? borrowable / budget.unitsPerCost : nil, needed: cost,
            availableAfter: reading.wait < 0 ? nil : Nanoseconds(reading.wait),
            fullAfter: inflow > 0 && ownLeft < capacity
                ? Nanoseconds(quotient(capacity - ownLeft, inflow))
                : budget.poolInflow[0] > 0 && borrows
                    ? Nanoseconds(quotient(max(0, budget.poolCapacity - poolLeft(reading)), budget.poolInflow[0])) : nil
        )
    }

    /// What the pool held after this request.
    private func poolLeft(_ reading: BudgetReading) -> Int64 {
        hasSpent ? reading.pool - max(0, reading.need - reading.own) : reading.pool
    }

    private func facts(of reading: BudgetReading, meter: Meter) -> BudgetFacts {
        let left = max(0, reading.own - (hasSpent ? reading.need : 0))
        return BudgetFacts(
            level: reading.level, allowance: .rate(meter.rate), limit: meter.burst,
            before: reading.own / meter.unitsPerCost, needed: cost,
            availableAfter: reading.wait < 0 ? nil : Nanoseconds(reading.wait),
            fullAfter: Nanoseconds(quotient(meter.capacity - left, meter.inflow)))
    }

    private func quotaFacts(of reading: BudgetReading) -> BudgetFacts? {
        guard planIndex >= 0 else { return nil }
        let quota = policy.enginePlans[planIndex].quotas[reading.index]
        let reset = quota.period.start(of: quota.period.index(at: moment.wall) + 1)
        return BudgetFacts(
            level: limit == nil ? .quota : .descriptor, allowance: .calendar(quota.amount, quota.period),
            limit: quota.amount, before: reading.own, needed: reading.need,
            availableAfter: reading.wait < 0 ? nil : Nanoseconds(reading.wait),
            fullAfter: .milliseconds(reset.milliseconds - moment.wall.milliseconds), quotaReset: reset)
    }
}
