internal import Policy
internal import Vocabulary

extension ShardState {
    /// Gives back what a decision took of a tenant's budgets.
    ///
    /// A tenant that was forgotten meanwhile was full, so nothing is missing. One that has another layout by now, for
    /// another snapshot or plan, gets back by names.
    mutating func giveBack(
        _ key: TenantKey, _ request: AdmissionRequest, _ verdict: Verdict, takenWith older: Blueprint,
        at moment: Moment
    ) {
        guard let offset = find(key, at: moment) else { return }
        let plan = tenants.header(at: offset).plan
        let state = reader(plan: plan, at: moment)
        let map = LayoutMap(from: older, plan: request.plan, to: blueprint, plan: plan)
        tenants.withNode(offset, length: state.plan.wordCount) { words in
            for index in 0..<verdict.readingCount {
                state.giveBack(verdict.readings[index], by: map, words: &words, at: moment)
            }
        }
        if state.plan.isDurable { markDirty(key, at: offset) }
    }
}

extension TenantState {
    /// Gives back what one reading says was taken.
    fileprivate func giveBack(
        _ reading: BudgetReading, by map: LayoutMap, words: inout MutableSpan<Int64>, at moment: Moment
    ) {
        let now = moment.monotonic.count
        switch (reading.kind, reading.level) {
        case (.lanes, .service), (.lanes, .region), (.quarantine, _): break
        case (.lanes, _):
            plan.budget.giveBack(
                reading, lane: map.lane(reading.index), words: &words, at: PlanParameters.budgetBase, now: now,
                envelope: NodeHeader(word: words[NodeHeader.index]).envelope, lanes: tables.lanes)
        case (.ceiling, _):
            let lane = map.lane(reading.index)
            guard lane >= 0 else { return }
            let ceiling = tables.lanes[plan.budget.laneStart + lane].ceiling
            guard ceiling >= 0 else { return }
            tables.meter(plan.ceilingStart + ceiling).giveBack(
                reading, words: &words, at: plan.ceilingBase + ceiling * 2, now: now)
        case (.operation, _):
            guard let meter = map.meter(reading.index) else { return }
            tables.meter(plan.meterStart + meter).giveBack(
                reading, words: &words, at: plan.meterBase + meter * 2, now: now)
        case (.quota, _):
            guard let quota = map.quota(reading.index) else { return }
            let period = Int64(periods.index(tables.quota(plan.quotaStart + quota).period))
            let base = plan.quotaBase + quota * 2
            guard words[base] == period else { return }
            words[base + 1] = max(0, words[base + 1] - reading.need)
        }
    }
}

extension MeterParameters {
    /// Puts back what a reading says was taken, in the units of this meter.
    fileprivate func giveBack(
        _ reading: BudgetReading, words: inout MutableSpan<Int64>, at base: Int, now: Int64
    ) {
        giveBack(rescaled(reading.need, from: reading.unitsPerCost, to: unitsPerCost), in: &words, at: base, now: now)
    }
}
