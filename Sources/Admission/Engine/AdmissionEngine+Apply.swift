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
            current = Blueprint(snapshot, generation: current.generation + 1, after: current.snapshot)
            return current
        }
    }

    /// Carries all budgets over to a blueprint that was published and is already used for new requests.
    ///
    /// From `moment` on, or from an earlier request with the blueprint, its rates hold in a shard. Tenants are carried
    /// over one by one by whoever comes first, a request of their own or this call, which holds a shard for a few of
    /// them at a time; so no request waits for more than those. A request that was classified with the older snapshot
    /// and comes too late is told so and classified again, with what it has been told is new.
    ///
    /// - Complexity: O(tenants).
    package func carryOver(to blueprint: Blueprint, at moment: Moment) {
        shared.withLock { $0.adopt(blueprint, at: moment.monotonic.count) }
        for shard in 0..<shards.count { shards.withLock(at: shard) { $0.adopt(blueprint, at: moment) } }
        var isPending = true
        while isPending {
            isPending = false
            // From shard to shard, so that whoever waits for one finds it free while the others have their turn.
            for shard in 0..<shards.count where carryOver(shard: shard) { isPending = true }
        }
    }

    /// - Returns: whether there are more.
    private func carryOver(shard: Int) -> Bool {
        shards.withLock(at: shard) { state in
            state.carryOver(limit: AdmissionEngine.carriedTogether)
            return state.pendingCount > 0
        }
    }

    /// Chooses which of the three ceilings of service and regions hold, as system health allows.
    package func setEnvelope(_ envelope: Envelope, at now: Nanoseconds) {
        shared.withLock { $0.setEnvelope(envelope, at: now.count) }
    }

    /// Looks at some tenants of every shard and forgets those that have been idle until all their buckets were full.
    ///
    /// A shard is held for a few tenants at a time.
    ///
    /// - Returns: how many were forgotten.
    @discardableResult
    package func sweep(limitPerShard: Int, at moment: Moment) -> Int {
        var forgotten = 0
        for shard in 0..<shards.count {
            var remaining = min(limitPerShard, shards.withLock(at: shard) { $0.tenants.walkLength })
            while remaining > 0 {
                let limit = min(remaining, AdmissionEngine.sweptTogether)
                let found = shards.withLock(at: shard) { $0.sweep(limit: limit, moment: moment) }
                forgotten += found
                remaining -= limit - found
            }
        }
        return forgotten
    }
}
