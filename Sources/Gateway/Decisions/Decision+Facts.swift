internal import Admission
internal import Policy
internal import Vocabulary

extension Decision {
    /// What the request costs: what a trusted caller said, else what the operation says, times its hits.
    var cost: Int64 {
        let (product, overflow) = max(1, call.cost ?? classification.cost).multipliedReportingOverflow(by: call.hits)
        return overflow ? .max : product
    }

    /// Whether this decision took from its budgets.
    var hasSpent: Bool {
        guard isAdmitted, readingCount > 0, !call.isPeek else { return false }
        return switch reason {
        case .stageNotEnforcing, .idempotentReplay: false
        default: true
        }
    }

    /// The reading of the budget that decided; `nil` when no budget was asked.
    ///
    /// A calendar limit of a descriptor is a quota beside a budget that is never short: the quota speaks.
    var decidingReading: BudgetReading? {
        guard deciding >= 0, !isRefusedBySeats else { return nil }
        return reading(at: isOfLimit && isAdmitted ? readingCount - 1 : deciding)
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
        guard case .withinGuarantee = reason, case .lanes = reading.kind else { return false }
        return isAdmitted && reading.index >= 0
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
        let isShared = reading.level == .service || reading.level == .region
        let envelope = isShared ? sharedEnvelope : self.envelope
        let shape = BudgetShape(budget, lane: reading.index, envelope: envelope)
        let ceiling = budget.rates[Int(envelope.rawValue)]
        let guarantee = reading.index >= 0 ? budget.lanes[reading.index].guarantee : nil
        return BudgetFacts(
            level: isOfLimit ? .descriptor : reading.level,
            allowance: .rate(shape.borrows ? ceiling : guarantee ?? ceiling), limit: shape.limit,
            before: shape.before(reading),
            guaranteeBefore: shape.capacity > 0 ? reading.own / shape.unitsPerCost : nil,
            poolBefore: shape.borrows ? shape.borrowable(reading) / shape.unitsPerCost : nil, needed: cost,
            availableAfter: reading.wait < 0 ? nil : Nanoseconds(reading.wait),
            fullAfter: shape.fullAfter(reading, hasSpent: hasSpent))
    }

    private func facts(of reading: BudgetReading, meter: Meter) -> BudgetFacts {
        let shape = BudgetShape(meter)
        return BudgetFacts(
            level: reading.level, allowance: .rate(meter.rate), limit: meter.burst, before: shape.before(reading),
            needed: cost, availableAfter: reading.wait < 0 ? nil : Nanoseconds(reading.wait),
            fullAfter: shape.fullAfter(reading, hasSpent: hasSpent))
    }

    private func quotaFacts(of reading: BudgetReading) -> BudgetFacts? {
        guard planIndex >= 0 else { return nil }
        let quota = policy.enginePlans[planIndex].quotas[reading.index]
        let reset = periodEnds.end(of: quota.period)
        return BudgetFacts(
            level: isOfLimit ? .descriptor : .quota, allowance: .calendar(quota.amount, quota.period),
            limit: quota.amount, before: reading.own, needed: reading.need,
            availableAfter: reading.wait < 0 ? nil : Nanoseconds(reading.wait),
            fullAfter: .milliseconds(reset.milliseconds - moment.wall.milliseconds), quotaReset: reset)
    }
}
