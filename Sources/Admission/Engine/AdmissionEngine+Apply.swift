package import Policy
package import Vocabulary

extension AdmissionEngine {
    /// Makes a snapshot the one that decisions are made with, and keeps the state of every budget that still exists.
    ///
    /// Publishing and carrying over in one; where requests come meanwhile, they are told about the
    /// blueprint in between.
    ///
    /// - Returns: the blueprint to classify with from now on.
    /// - Complexity: O(tenants).
    @discardableResult
    package func apply(_ snapshot: Snapshot, at moment: Moment) -> Blueprint {
        let blueprint = publish(snapshot)
        carryOver(to: blueprint, at: moment)
        return blueprint
    }

    /// Makes a snapshot the one to classify with.
    ///
    /// Nothing is carried over yet: a shard is as soon as a decision with the new blueprint, or `carryOver`, comes to
    /// it. Decisions with the older blueprint go on until then.
    ///
    /// - Complexity: O(plans × (classes + operations)).
    package func publish(_ snapshot: Snapshot) -> Blueprint {
        current.withLock { current in
            current = Blueprint(snapshot, generation: current.generation + 1)
            return current
        }
    }

    /// Carries all budgets over to a blueprint that was published and is already used for new requests.
    ///
    /// A shard is carried over by whoever comes first, a request of one of its tenants or this call, so no request
    /// waits for more than one shard. A request that was classified with the older snapshot and comes too late is told
    /// so and classified again, with what it has been told is new.
    ///
    /// - Complexity: O(tenants).
    package func carryOver(to blueprint: Blueprint, at moment: Moment) {
        shared.withLock { $0.adopt(blueprint, at: moment.monotonic.count) }
        for shard in shards { shard.state.withLock { $0.adopt(blueprint, at: moment) } }
    }

    /// Chooses which of the three ceilings of service and regions hold, as system health allows.
    package func setEnvelope(_ envelope: Envelope, at now: Nanoseconds) {
        shared.withLock { $0.setEnvelope(envelope, at: now.count) }
    }

    /// Looks at some tenants of every shard and forgets those that have been idle until all their buckets were full.
    ///
    /// - Returns: how many were forgotten.
    @discardableResult
    package func sweep(limitPerShard: Int, at moment: Moment) -> Int {
        shards.reduce(0) { sum, shard in
            sum + shard.state.withLock { $0.sweep(limit: limitPerShard, moment: moment) }
        }
    }
}

extension AdmissionEngine.ShardState {
    /// Carries all tenants over to a newer blueprint.
    mutating func adopt(_ newer: Blueprint, at moment: Moment) {
        guard newer.generation > blueprint.generation else { return }
        let older = blueprint
        blueprint = newer
        for offset in tenants.offsets {
            let plan = older.snapshot.plansOfEngine[tenants.header(at: offset).plan]
            // A tenant whose plan is gone keeps what it has on the first plan until its next request names another.
            let index = newer.snapshot.plansOfEngine.firstIndex { $0.name == plan.name } ?? 0
            _ = move(tenants.key(at: offset), at: offset, from: older, toPlan: index, moment: moment)
        }
    }

    /// Carries one tenant over to another layout.
    ///
    /// - Returns: where its words lie now; `nil` when memory can be addressed no further, and nothing has changed then.
    mutating func move(
        _ key: TenantKey, at offset: UInt32, from older: Blueprint, toPlan plan: Int, moment: Moment
    ) -> UInt32? {
        let header = tenants.header(at: offset)
        let source = TenantState(blueprint: older, plan: older.plan(header.plan))
        let target = TenantState(blueprint: blueprint, plan: blueprint.plan(plan))
        guard let newer = tenants.replace(key, plan: plan, length: target.plan.wordCount) else { return nil }
        let carried = carried(at: offset, from: older, moment: moment)
        tenants.withNode(newer, length: target.plan.wordCount) { words in
            target.fill(&words, moment: moment)
            carried.pour(into: target, plan: blueprint.snapshot.plansOfEngine[plan], words: &words)
            var fresh = NodeHeader(word: words[NodeHeader.index])
            fresh.isDirty = header.isDirty
            words[NodeHeader.index] = fresh.word
        }
        tenants.release(offset, length: source.plan.wordCount)
        return newer
    }
}

extension SharedState {
    /// Carries the shared budgets over to a newer blueprint.
    mutating func adopt(_ newer: Blueprint, at now: Int64) {
        guard newer.generation > blueprint.generation else { return }
        let older = self
        self = SharedState(blueprint: newer, now: now)
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
            from.parameters, blueprint: older.blueprint, names: oldTiers, envelope: older.envelope,
            words: olderWords.mutableSpan, at: from.base, now: now)
        var span = words.mutableSpan
        carried.pour(
            into: to.parameters, blueprint: blueprint, names: newTiers, words: &span, at: to.base, now: now)
    }

    /// Settles the shared budgets under the old envelope, then lets the new one hold.
    mutating func setEnvelope(_ newer: Envelope, at now: Int64) {
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
