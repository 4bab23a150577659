internal import Policy
package import Vocabulary

extension AdmissionEngine {
    /// Puts tenants back as they were saved, before their first decision.
    ///
    /// What has flowed in since is credited at the present plan's rate. A clock that stepped backwards credits nothing.
    ///
    /// - Parameters:
    ///   - batch: what was saved.
    ///   - moment: now.
    ///   - plan: the present plan of a tenant, an index into the engine's plans; `nil`: it is not wanted.
    /// - Returns: how many were put back.
    package func restore(_ batch: UsageBatch, at moment: Moment, plan: (UsageBatch.Row) -> Int?) -> Int {
        let shapes = batch.shapes.map(DurableNames.init)
        var count = 0
        for row in batch.rows {
            guard let plan = plan(row) else { continue }
            let names = shapes[row.shape]
            let carried = CarriedTenant(names, batch.numbers[row.start..<(row.start + names.numberCount)])
            let age = Nanoseconds.milliseconds(max(0, moment.wall.milliseconds - max(0, row.wall.milliseconds)))
            shards.withLock(at: shard(of: row.tenant)) { state in
                state.restore(row.tenant, carried, plan: plan, age: age, at: moment)
            }
            count += 1
        }
        return count
    }
}

extension ShardState {
    /// Reads the last few tenants in the list of changes and takes them from it.
    mutating func collectDurable(
        limit: Int, at moment: Moment, _ layouts: inout DurableLayouts, into batch: inout UsageBatch
    ) {
        layouts.prepare(for: blueprint)
        let count = min(limit, dirty.count)
        for key in dirty.suffix(count) {
            guard let offset = find(key, at: moment) else { continue }
            var header = tenants.header(at: offset)
            header.isDirty = false
            tenants.set(header, at: offset)
            let (layout, shape) = layouts.layout(ofPlan: header.plan, in: blueprint)
            batch.begin(key, shape: shape, at: moment.wall)
            tenants.withNode(offset, length: blueprint.plan(header.plan).wordCount) { words in
                layout.append(words, at: moment.monotonic.count, of: blueprint, to: &batch)
            }
        }
        dirty.removeLast(count)
    }

    /// Makes a tenant and pours into it what was saved.
    mutating func restore(
        _ key: TenantKey, _ carried: CarriedTenant, plan: Int, age: Nanoseconds, at moment: Moment
    ) {
        let saved = Moment(
            monotonic: Nanoseconds(moment.monotonic.count - age.count), wall: moment.wall)
        guard let offset = locate(key, plan: plan, at: saved) else { return }
        let state = reader(plan: plan, at: moment)
        let snapshot = blueprint.snapshot
        tenants.withNode(offset, length: state.plan.wordCount) { words in
            state.fill(&words, moment: saved)
            carried.pour(into: state, of: snapshot, plan: snapshot.plansOfEngine[plan], words: &words)
        }
    }
}
