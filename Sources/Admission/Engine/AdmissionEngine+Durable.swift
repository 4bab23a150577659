internal import Policy
package import Vocabulary

extension AdmissionEngine {
    /// What changed durably since the last call, tenant by tenant.
    ///
    /// Each shard is held only while its own changes are read.
    ///
    /// - Complexity: O(tenants that changed).
    package func collectDurable(at moment: Moment) -> [DurableTenant] {
        shards.flatMap { shard in shard.state.withLock { $0.collectDurable(at: moment) } }
    }

    /// Puts a tenant back as it was saved `age` ago, before its first decision.
    ///
    /// What has flowed in since is credited at the present plan's rate. A clock that stepped backwards credits nothing.
    package func restore(_ tenant: DurableTenant, plan: Int, age: Nanoseconds, at moment: Moment) {
        shard(of: tenant.key).state.withLock { state in
            state.restore(tenant, plan: plan, age: max(.zero, age), at: moment)
        }
    }
}

extension AdmissionEngine.ShardState {
    /// Reads the tenants in the list of changes and empties it.
    mutating func collectDurable(at moment: Moment) -> [DurableTenant] {
        defer { dirty.removeAll(keepingCapacity: true) }
        return dirty.compactMap { key in
            guard let offset = tenants.find(key) else { return nil }
            var header = tenants.header(at: offset)
            header.isDirty = false
            let plan = blueprint.plan(header.plan)
            let state = TenantState(blueprint: blueprint, plan: plan)
            let name = blueprint.snapshot.plansOfEngine[header.plan]
            return tenants.withNode(offset, length: plan.wordCount) { words in
                words[NodeHeader.index] = header.word
                return CarriedTenant(state, plan: name, words: words, moment: moment).durable(key: key)
            }
        }
    }

    /// Makes a tenant and pours into it what was saved.
    mutating func restore(_ tenant: DurableTenant, plan: Int, age: Nanoseconds, at moment: Moment) {
        let saved = Moment(
            monotonic: Nanoseconds(moment.monotonic.count - age.count), wall: moment.wall)
        guard let offset = locate(tenant.key, plan: plan, at: saved) else { return }
        let state = TenantState(blueprint: blueprint, plan: blueprint.plan(plan))
        let name = blueprint.snapshot.plansOfEngine[plan]
        tenants.withNode(offset, length: state.plan.wordCount) { words in
            state.fill(&words, moment: saved)
            CarriedTenant(tenant).pour(into: state, plan: name, words: &words)
        }
    }
}
