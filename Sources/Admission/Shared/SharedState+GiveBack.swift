internal import Policy
internal import Vocabulary

extension SharedState {
    /// Gives back what a decision took of quarantine, region and service.
    ///
    /// If another snapshot holds by now, what was taken finds its budgets and lanes by their names. What a lease has
    /// paid goes back to the lease, unless it has been settled or called back since.
    mutating func giveBack(
        _ request: AdmissionRequest, _ verdict: Verdict, takenWith older: Blueprint, stripe: Int?, at now: Int64
    ) {
        let blueprint = blueprint
        if verdict.isLeased, older === blueprint, let stripe {
            let pair = blueprint.pair(of: request)
            let rest = blueprint.leases.rest(stripe: stripe, pair: pair)
            if lending.lent(stripe: stripe, pair: pair) - rest >= request.cost {
                return blueprint.leases.lend(request.cost, stripe: stripe, pair: pair)
            }
        }
        let envelope = envelope
        let tier = blueprint === older ? request.tier : blueprint.tier(named: older.snapshot.tiers[request.tier].name)
        var span = words.mutableSpan
        for index in 0..<verdict.readingCount {
            let reading = verdict.readings[index]
            if reading.kind == .quarantine {
                let meter = blueprint.quarantine
                let units = rescaled(reading.need, from: reading.unitsPerCost, to: meter.unitsPerCost)
                meter.giveBack(units, in: &span, at: 0, now: now)
            } else if reading.level == .service, let service = blueprint.service {
                service.giveBack(
                    reading, isLeased: verdict.isLeased, lane: tier, words: &span, at: SharedState.serviceBase,
                    now: now, envelope: envelope,
                    lanes: blueprint.lanes)
            } else if reading.level == .region, let region = blueprint.region(request.region, of: older) {
                blueprint.region(region).giveBack(
                    reading, isLeased: verdict.isLeased, lane: tier, words: &span, at: blueprint.regionBase(region),
                    now: now, envelope: envelope,
                    lanes: blueprint.lanes)
            }
        }
    }
}

extension BudgetParameters {
    /// Puts back what a reading says was taken, in the units of this budget.
    ///
    /// A lease does not know which bucket paid: its lane's own comes first, as far as there is room.
    func giveBack(
        _ reading: BudgetReading, isLeased: Bool = false, lane: Int, words: inout MutableSpan<Int64>, at base: Int,
        now: Int64,
        envelope: Envelope, lanes: Table<LaneParameters>
    ) {
        let paidByOwn = isLeased ? reading.need : reading.paidByOwn
        let own = rescaled(paidByOwn, from: reading.unitsPerCost, to: unitsPerCost)
        let pool = rescaled(reading.need - paidByOwn, from: reading.unitsPerCost, to: unitsPerCost)
        giveBack(
            own: own, pool: pool, lane: lane, words: &words, at: base, now: now, envelope: envelope, lanes: lanes)
    }
}

extension Blueprint {
    /// The tier with a name; -1: there is none.
    fileprivate func tier(named name: String) -> Int { snapshot.tiers.firstIndex { $0.name == name } ?? -1 }

    /// The region that an index of another blueprint means here; `nil`: it is gone.
    fileprivate func region(_ index: Int, of older: Blueprint) -> Int? {
        self === older
            ? index : snapshot.regions.firstIndex { $0.name == older.snapshot.regions[index].name }
    }
}
