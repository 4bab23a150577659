internal import Policy
package import Vocabulary

extension AdmissionEngine {
    /// What changed durably since the last call, tenant by tenant.
    ///
    /// Each shard is held only while its own changes are read.
    ///
    /// - Complexity: O(tenants that changed).
    package func collectDurable(at moment: Moment) -> [DurableTenant] {
        (0..<shards.count).flatMap { shard in shards.withLock(at: shard) { $0.collectDurable(at: moment) } }
    }

    /// Puts a tenant back as it was saved `age` ago, before its first decision.
    ///
    /// What has flowed in since is credited at the present plan's rate. A clock that stepped backwards credits nothing.
    package func restore(_ tenant: DurableTenant, plan: Int, age: Nanoseconds, at moment: Moment) {
        shards.withLock(at: shard(of: tenant.key)) { state in
            state.restore(tenant, plan: plan, age: max(.zero, age), at: moment)
        }
    }
}

extension ShardState {
    /// Reads the tenants in the list of changes and empties it.
    mutating func collectDurable(at moment: Moment) -> [DurableTenant] {
        var found: [DurableTenant] = []
        for key in dirty {
            guard let offset = find(key, at: moment) else { continue }
            var header = tenants.header(at: offset)
            header.isDirty = false
            tenants.set(header, at: offset)
            found.append(carried(at: offset, from: blueprint, moment: moment).durable(key: key))
        }
        dirty.removeAll(keepingCapacity: true)
        return found
    }

    /// Makes a tenant and pours into it what was saved.
    mutating func restore(_ tenant: DurableTenant, plan: Int, age: Nanoseconds, at moment: Moment) {
        let saved = Moment(
            monotonic: Nanoseconds(moment.monotonic.count - age.count), wall: moment.wall)
        guard let offset = locate(tenant.key, plan: plan, at: saved) else { return }
        let state = reader(plan: plan, at: moment)
        let snapshot = blueprint.snapshot
        tenants.withNode(offset, length: state.plan.wordCount) { words in
            state.fill(&words, moment: saved)
            CarriedTenant(tenant).pour(into: state, of: snapshot, plan: snapshot.plansOfEngine[plan], words: &words)
        }
    }
}
