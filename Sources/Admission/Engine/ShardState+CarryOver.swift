internal import Policy
internal import Vocabulary

/// Carrying tenants over to a newer blueprint, each when it is next touched.
///
/// Adopting a blueprint touches no tenant: it notes which blueprint ended when. A tenant's header says by which
/// blueprint its words are laid out. Whoever comes to it first, a request of its own, a sweep or the walk that
/// `carryOver` makes, carries it over as of the moment at which that blueprint ended, at the rates of that blueprint.
/// Nothing has touched the tenant since, so the result is what it would have been had it been carried over at that
/// moment: the state of a budget at a later moment is a function of its words.
extension ShardState {
    /// How many older blueprints a shard keeps; more follow each other only if nobody walks the shards in between.
    private static let pastCountMax = 4

    /// Decides by a newer blueprint from now on.
    ///
    /// - Complexity: O(1), unless snapshots follow one another faster than tenants are carried over.
    mutating func adopt(_ newer: Blueprint, at moment: Moment) {
        guard newer.generation > blueprint.generation else { return }
        if past.count == ShardState.pastCountMax { while pendingCount > 0 { carryOver(limit: .max) } }
        if tenants.count > 0 {
            past.append(Past(blueprint: blueprint, succession: newer.succession(of: blueprint), end: moment))
            pendingCount = tenants.count
        }
        blueprint = newer
    }

    /// Finds a tenant, laid out as the present blueprint says.
    ///
    /// - Returns: `nil` if it is not known. One for which there is no room in its new layout is forgotten.
    mutating func find(_ key: TenantKey, at moment: Moment) -> UInt32? {
        tenants.find(key).flatMap { carriedOver($0) }
    }

    /// Carries over the next few tenants.
    mutating func carryOver(limit: Int) {
        var remaining = min(limit, tenants.walkLength)
        while remaining > 0, pendingCount > 0 {
            remaining -= 1
            if let offset = tenants.next() { _ = carriedOver(offset) }
        }
    }

    /// Where the words of the tenant at an offset lie once they are laid out as the present blueprint says.
    @inline(__always)
    mutating func carriedOver(_ offset: UInt32) -> UInt32? {
        guard pendingCount > 0 else { return offset }
        return carriedOverSlowly(offset)
    }

    @inline(never)
    private mutating func carriedOverSlowly(_ found: UInt32) -> UInt32? {
        var offset = found
        let start = past.firstIndex { tenants.header(at: found).isOf(generation: $0.blueprint.generation) }
        guard let start else { return offset }
        for index in start..<past.count {
            let newer = index + 1 < past.count ? past[index + 1].blueprint : blueprint
            guard let next = carryOver(offset, from: past[index], to: newer) else {
                forget(offset, of: past[index].blueprint)
                notePendingCarried()
                return nil
            }
            offset = next
        }
        notePendingCarried()
        return offset
    }

    private mutating func notePendingCarried() {
        pendingCount -= 1
        if pendingCount == 0 { past.removeAll(keepingCapacity: true) }
    }

    private mutating func carryOver(_ offset: UInt32, from older: Past, to newer: Blueprint) -> UInt32? {
        var header = tenants.header(at: offset)
        let step = older.succession[header.plan]
        // A counter whose limit is gone has nobody who would ask for it, and must not stay in a tenant's place.
        guard older.blueprint.isCounter(plan: header.plan) == newer.isCounter(plan: step.plan) else { return nil }
        guard !step.isSame else {
            header.setLayout(of: NodeHeader(plan: step.plan, generation: newer.generation))
            tenants.set(header, at: offset)
            return offset
        }
        return move(
            tenants.key(at: offset), at: offset, from: older.blueprint, to: newer, plan: step.plan, moment: older.end)
    }

    /// Carries one tenant over to another layout.
    ///
    /// - Returns: where its words lie now; `nil` when memory can be addressed no further, and nothing has changed then.
    mutating func move(
        _ key: TenantKey, at offset: UInt32, from older: Blueprint, to newer: Blueprint, plan: Int, moment: Moment
    ) -> UInt32? {
        let header = tenants.header(at: offset)
        let length = older.plan(header.plan).wordCount
        let target = reader(plan: plan, of: newer, at: moment)
        var fresh = NodeHeader(plan: plan, generation: newer.generation)
        fresh.isDirty = header.isDirty
        let carried = carried(at: offset, from: older, moment: moment)
        guard let place = tenants.replace(key, fresh, length: target.plan.wordCount) else { return nil }
        let name = newer.snapshot.plansOfEngine[plan]
        tenants.withNode(place, length: target.plan.wordCount) { words in
            target.fill(&words, moment: moment)
            carried.pour(into: target, of: newer.snapshot, plan: name, words: &words)
        }
        tenants.release(offset, length: length)
        return place
    }
}
