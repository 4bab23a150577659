internal import Policy
internal import Vocabulary

extension SharedState {
    /// Carries the shared budgets over to a newer blueprint.
    mutating func adopt(_ newer: Blueprint, at now: Int64) {
        guard newer.generation > blueprint.generation else { return }
        settleLeases(at: now, ending: true)
        let older = self
        self = SharedState(blueprint: newer, now: now, isLeasing: isLeasing)
        envelope = older.envelope
        carryQuarantine(from: older, now: now)
        if let from = older.blueprint.snapshot.service, let to = newer.snapshot.service,
            let fromParameters = older.blueprint.service, let toParameters = newer.service
        {
            carry(
                older, from: (from, fromParameters, SharedState.serviceBase),
                to: (to, toParameters, SharedState.serviceBase), now: now)
        }
        for (index, region) in newer.snapshot.regions.enumerated() {
            let regions = older.blueprint.snapshot.regions
            guard let before = regions.firstIndex(where: { $0.name == region.name }) else { continue }
            carry(
                older,
                from: (
                    regions[before].budget, older.blueprint.region(before), older.blueprint.regionBase(before)
                ),
                to: (region.budget, newer.region(index), newer.regionBase(index)), now: now)
        }
    }

    private mutating func carryQuarantine(from older: SharedState, now: Int64) {
        var olderWords = older.words
        let level = older.blueprint.quarantine.level(olderWords.mutableSpan, at: 0, now: now)
        words[0] = min(
            blueprint.quarantine.capacity,
            rescaled(level, from: older.blueprint.quarantine.unitsPerCost, to: blueprint.quarantine.unitsPerCost))
    }

    private mutating func carry(
        _ older: SharedState, from: (budget: Budget, parameters: BudgetParameters, base: Int),
        to: (budget: Budget, parameters: BudgetParameters, base: Int), now: Int64
    ) {
        let oldTiers = older.blueprint.snapshot.tiers.map(\.name)
        let blueprint = blueprint
        let newTiers = blueprint.snapshot.tiers.map(\.name)
        var olderWords = older.words
        let carried = CarriedBudget(
            from.parameters, lanes: older.blueprint.lanes, names: oldTiers, envelope: older.envelope,
            words: olderWords.mutableSpan, at: from.base, now: now)
        var span = words.mutableSpan
        carried.pour(
            into: to.parameters, lanes: blueprint.lanes, names: newTiers, words: &span, at: to.base, now: now)
    }

    /// Settles the shared budgets under the old envelope, then lets the new one hold.
    mutating func setEnvelope(_ newer: Envelope, at now: Int64) {
        settleLeases(at: now)
        let blueprint = blueprint
        let older = envelope
        envelope = newer
        var span = words.mutableSpan
        let lanes = blueprint.lanes
        blueprint.service?.settle(&span, at: SharedState.serviceBase, now: now, envelope: older, lanes: lanes)
        for region in 0..<blueprint.counts.regions {
            blueprint.region(region).settle(
                &span, at: blueprint.regionBase(region), now: now, envelope: older, lanes: lanes)
        }
    }
}
