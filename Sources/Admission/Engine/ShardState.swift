internal import Policy
internal import Vocabulary

/// The tenants of one shard; touched only under its lock.
struct ShardState: ~Copyable {
    /// The generation of the blueprint, for requests to compare with theirs.
    private(set) var generation: UInt64
    /// The blueprint by which decisions are made here.
    var blueprint: Blueprint { didSet { generation = blueprint.generation } }
    var tenants = TenantTable()
    var periods = PeriodMemory()
    /// Tenants whose durable part changed since it was last collected.
    var dirty: [TenantKey] = []
    /// How many tenants there may be.
    let countMax: Int
    /// How many of them may be counters of descriptors.
    var counterCountMax: Int { countMax - countMax / 4 }
    /// How many of them are.
    var counterCount = 0
    /// How many newcomers were refused because there were as many.
    var refusedNewcomerCount: UInt64 = 0
    /// How many of those were counters.
    var refusedCounterCount: UInt64 = 0
    /// The blueprints before this one whose layouts some tenants still have, oldest first.
    var past: [Past] = []
    /// How many tenants have such a layout.
    var pendingCount = 0

    /// A blueprint that was followed by another.
    struct Past {
        var blueprint: Blueprint
        /// Where its tenants go.
        var succession: Succession
        /// When: until then its rates hold.
        var end: Moment
    }

    /// A shard without tenants.
    init(blueprint: Blueprint, countMax: Int) {
        self.blueprint = blueprint
        generation = blueprint.generation
        self.countMax = countMax
    }

    /// What is needed to read tenants of a plan.
    @inline(__always)
    mutating func reader(plan: Int, at moment: Moment) -> TenantState {
        reader(plan: plan, of: blueprint, at: moment)
    }

    /// The same of another blueprint.
    @inline(__always)
    mutating func reader(plan: Int, of blueprint: Blueprint, at moment: Moment) -> TenantState {
        let plan = blueprint.plan(plan)
        return TenantState(tables: blueprint.tables, plan: plan, periods: periods.at(moment.wall, in: plan.zone))
    }

    /// The header of a tenant that is laid out as a plan says now.
    @inline(__always)
    func header(plan: Int) -> NodeHeader { NodeHeader(plan: plan, generation: generation) }
}

extension ShardState {
    /// Where a tenant's words lie; makes room for one that is new, or has another layout.
    ///
    /// - Returns: `nil` when there is no room.
    @inline(__always)
    mutating func locate(_ key: TenantKey, plan: Int, at moment: Moment) -> UInt32? {
        if let offset = tenants.find(key), tenants.header(at: offset).hasLayout(of: header(plan: plan)) {
            return offset
        }
        return relocate(key, plan: plan, at: moment)
    }

    @inline(never)
    private mutating func relocate(_ key: TenantKey, plan: Int, at moment: Moment) -> UInt32? {
        guard let offset = find(key, at: moment) else { return admit(key, plan: plan, at: moment) }
        guard tenants.header(at: offset).hasLayout(of: header(plan: plan)) else {
            return move(key, at: offset, from: blueprint, to: blueprint, plan: plan, moment: moment)
        }
        return offset
    }

    /// Makes a newcomer a tenant whose buckets are full.
    ///
    /// Each pays for a look at a few others, so memory follows the number of tenants that are active. When there are as
    /// many as there may be and none of those looked at is idle, the newcomer is refused: nobody's debt is forgotten
    /// for it. Of counters there may be fewer: what strangers name does not take the room of those who are known.
    private mutating func admit(_ key: TenantKey, plan: Int, at moment: Moment) -> UInt32? {
        let isCounter = blueprint.isCounter(plan: plan)
        _ = sweep(limit: hasRoom(forCounter: isCounter) ? 4 : 16, moment: moment)
        let state = reader(plan: plan, at: moment)
        guard hasRoom(forCounter: isCounter),
            let offset = tenants.insert(key, header(plan: plan), length: state.plan.wordCount)
        else {
            refusedNewcomerCount += 1
            if isCounter { refusedCounterCount += 1 }
            return nil
        }
        if isCounter { counterCount += 1 }
        tenants.withNode(offset, length: state.plan.wordCount) { state.fill(&$0, moment: moment) }
        return offset
    }

    private func hasRoom(forCounter isCounter: Bool) -> Bool {
        tenants.count < countMax && !(isCounter && counterCount >= counterCountMax)
    }

    /// Takes a tenant out that is laid out as a blueprint says.
    mutating func forget(_ offset: UInt32, of blueprint: Blueprint) {
        let plan = tenants.header(at: offset).plan
        if blueprint.isCounter(plan: plan) { counterCount -= 1 }
        tenants.remove(tenants.key(at: offset), length: blueprint.plan(plan).wordCount)
    }

    /// Looks at the next few tenants and forgets those whose state is that of a stranger.
    ///
    /// Nothing is lost by that: they come back full.
    ///
    /// - Returns: how many were forgotten.
    mutating func sweep(limit: Int, moment: Moment) -> Int {
        var forgotten = 0
        var remaining = min(limit, tenants.walkLength)
        while remaining > 0 {
            remaining -= 1
            guard let found = tenants.next(), let offset = carriedOver(found) else { continue }
            let header = tenants.header(at: offset)
            guard !header.isDirty else { continue }
            let state = reader(plan: header.plan, at: moment)
            let isIdle = tenants.withNode(offset, length: state.plan.wordCount) { state.isIdle($0, moment: moment) }
            guard isIdle else { continue }
            forget(offset, of: blueprint)
            forgotten += 1
            remaining += 1  // what moved into the gap is looked at too; ends, since there is one tenant less
        }
        return forgotten
    }

    /// Notes that the durable part of a tenant changed, once until it is collected.
    mutating func markDirty(_ key: TenantKey, at offset: UInt32) {
        var header = tenants.header(at: offset)
        guard !header.isDirty else { return }
        header.isDirty = true
        tenants.set(header, at: offset)
        dirty.append(key)
    }
}
