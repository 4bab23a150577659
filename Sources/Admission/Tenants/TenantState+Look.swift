internal import Vocabulary

extension TenantState {
    /// Looks at the tenant's budget, the class's ceiling, the operation's budget and the quotas, and notes each.
    ///
    /// - Complexity: O(lanes + quotas), plus the walk of `wait` for a budget that refuses; no allocation.
    @inline(__always)
    func look(
        _ request: AdmissionRequest, at moment: Moment, envelope: Envelope, words: borrowing MutableSpan<Int64>,
        into verdict: inout Verdict
    ) -> Look {
        var look = Look()
        lookAtBudget(request, at: moment, envelope: envelope, words: words, look: &look, into: &verdict)
        lookAtMeters(request, now: moment.monotonic.count, words: words, look: &look, into: &verdict)
        for index in 0..<plan.quotaCount {
            lookAtQuota(index, request, wall: moment.wall, words: words, into: &verdict)
        }
        return look
    }

    private func lookAtBudget(
        _ request: AdmissionRequest, at moment: Moment, envelope: Envelope, words: borrowing MutableSpan<Int64>,
        look: inout Look, into verdict: inout Verdict
    ) {
        let lanes = tables.lanes
        let base = PlanParameters.budgetBase
        let budget = plan.budget
        look.lane = tables.lane(plan: request.plan, trafficClass: request.trafficClass)
        look.need = units(ofCost: request.cost, unitsPerCost: budget.unitsPerCost)
        look.elapsed = max(0, moment.monotonic.count - words[base])
        look.standing = budget.standing(
            lane: look.lane, after: look.elapsed, envelope: envelope, lanes: lanes, words: words, at: base)
        let lane = look.lane >= 0 ? lanes[budget.laneStart + look.lane] : .none
        var reading = BudgetReading()
        reading.level = lane.borrows ? .tenant : .trafficClass
        reading.index = look.lane
        reading.own = look.standing.own
        reading.pool = look.standing.pool
        reading.need = look.need
        reading.unitsPerCost = budget.unitsPerCost
        if look.standing.available(to: lane) < look.need {
            reading.wait =
                budget.wait(
                    for: look.need, lane: look.lane, standing: look.standing, from: look.elapsed, envelope: envelope,
                    lanes: lanes,
                    words: words, at: base) ?? -1
        }
        verdict.append(reading)
        look.ceiling = lane.ceiling
    }

    private func lookAtMeters(
        _ request: AdmissionRequest, now: Int64, words: borrowing MutableSpan<Int64>, look: inout Look,
        into verdict: inout Verdict
    ) {
        if look.ceiling >= 0 {
            let meter = tables.meter(plan.ceilingStart + look.ceiling)
            look.ceilingNeed = units(ofCost: request.cost, unitsPerCost: meter.unitsPerCost)
            look.ceilingLevel = meter.level(words, at: plan.ceilingBase + look.ceiling * 2, now: now)
            verdict.append(
                meter.reading(
                    .trafficClass, .ceiling, index: look.lane, level: look.ceilingLevel, need: look.ceilingNeed))
        }
        look.meter = tables.meter(plan: request.plan, operation: request.operation)
        if look.meter >= 0 {
            let meter = tables.meter(plan.meterStart + look.meter)
            look.meterNeed = units(ofCost: request.cost, unitsPerCost: meter.unitsPerCost)
            look.meterLevel = meter.level(words, at: plan.meterBase + look.meter * 2, now: now)
            verdict.append(
                meter.reading(
                    .operation, .operation, index: look.meter, level: look.meterLevel, need: look.meterNeed))
        }
    }

    private func lookAtQuota(
        _ index: Int, _ request: AdmissionRequest, wall: WallTime, words: borrowing MutableSpan<Int64>,
        into verdict: inout Verdict
    ) {
        let quota = tables.quota(plan.quotaStart + index)
        let period = periods.index(quota.period)
        let used = words[plan.quotaBase + index * 2] == Int64(period) ? words[plan.quotaBase + index * 2 + 1] : 0
        var reading = BudgetReading()
        reading.level = .quota
        reading.kind = .quota
        reading.index = index
        reading.own = max(0, quota.amount - used)
        reading.need = quota.need(of: request)
        if reading.need > quota.amount {
            reading.wait = -1
        } else if reading.need > reading.own {
            let milliseconds = quota.period.start(of: period + 1, in: plan.zone).milliseconds - wall.milliseconds
            reading.wait = Nanoseconds.milliseconds(max(1, milliseconds)).count
        }
        verdict.append(reading)
    }

    /// Takes what the look found sufficient.
    ///
    /// - Precondition: nothing was written since the look.
    func spend(_ look: Look, _ request: AdmissionRequest, at moment: Moment, words: inout MutableSpan<Int64>) {
        let lanes = tables.lanes
        let now = moment.monotonic.count
        plan.budget.spend(
            look.need, lane: look.lane, standing: look.standing, elapsed: look.elapsed, lanes: lanes,
            words: &words, at: PlanParameters.budgetBase)
        if look.ceiling >= 0 {
            MeterParameters.spend(
                look.ceilingNeed, from: look.ceilingLevel, in: &words, at: plan.ceilingBase + look.ceiling * 2,
                now: now)
        }
        if look.meter >= 0 {
            MeterParameters.spend(
                look.meterNeed, from: look.meterLevel, in: &words, at: plan.meterBase + look.meter * 2, now: now)
        }
        for index in 0..<plan.quotaCount {
            let quota = tables.quota(plan.quotaStart + index)
            let base = plan.quotaBase + index * 2
            let period = Int64(periods.index(quota.period))
            words[base + 1] = (words[base] == period ? words[base + 1] : 0) + quota.need(of: request)
            words[base] = period
        }
    }
}

extension MeterParameters {
    /// Notes a plain bucket as a decision saw it.
    @inline(__always)
    func reading(
        _ level: BudgetLevel, _ kind: BudgetReading.Kind, index: Int, level units: Int64, need: Int64
    ) -> BudgetReading {
        BudgetReading(
            level: level, kind: kind, index: index, own: units, pool: 0, need: need, unitsPerCost: unitsPerCost,
            wait: units >= need ? 0 : wait(from: units, for: need) ?? -1)
    }
}
