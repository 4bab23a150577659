internal import Policy
internal import Vocabulary

/// Lending what is plentiful, so that shards need not meet at the shared budgets.
///
/// **What is lent still stands in the bucket.** The words of the shared budgets do not change when a lease is given;
/// they change when it is found to have been spent. So a bucket and the leases on it never hold more than its capacity.
/// What a lease has spent is found at the next settlement and is taken from the words as of the moment of its last
/// spend, or of the words' stamp if that is later. Let `x` be what leases have spent by some moment and nobody has
/// found yet: it stands in the words. Whatever was admitted over an interval of length T is what the words lost in it
/// plus at most `x` at its end; the words lost at most burst + rate·T less what they hold at the end, which is at least
/// `x`. So burst + rate·T holds exactly.
///
/// **What is lent can be paid**, whoever spends first. A lane's leases are covered by its own level, and beyond it by
/// the pool. `free` is the pool less all that lanes need beyond their own levels. While it is at least the largest
/// holdback, everything lent can be spent in any order: a spend from a lease moves neither side, and time only adds. A
/// decision that would make it less calls all leases back first; then the words are all there is, and it goes on as if
/// there had never been leases. So nothing is refused while something unspent is lent: unspent leases stand in the
/// words that the refusal looked at.
///
/// **Nothing is lent near the boundary.** Leases are given while `free` is above all holdbacks and a quarter of the
/// rest of the pool, each at most a 128th of what is above that, and end after a millisecond unless a settlement finds
/// the same again. Below, every request asks the budgets, and every answer is that of budgets without leases.
///
/// **How this may differ from budgets without leases**: a spend is taken up to a millisecond late. If its lane was full
/// in between, the lane has overflowed into the pool meanwhile instead of refilling: its level may lack what flows into
/// it in that time, the pool may have as much more, and never is the sum greater. A lane that has spent nothing since
/// it became full again lacks nothing, so an idle lane that wakes finds its whole guarantee.
extension SharedState {
    /// How long leases hold without a settlement: what a millisecond brings is small beside any burst.
    private static let leaseNanoseconds: Int64 = 1_000_000
    /// The smallest lease worth giving, in cost units.
    private static let leaseMin: Int64 = 8
    /// The largest: what a stripe spends in a millisecond at four million decisions per second.
    private static let leaseMax: Int64 = 4_096
    /// A lease takes at most this part of what is plentiful, so that all stripes can have one.
    private static let leaseDivisor: Int64 = 128

    /// Takes from the words what leases have spent, and lets leases go on if there is still plenty.
    mutating func settleLeases(at now: Int64, ending: Bool = false) {
        guard lending.total > 0 else { return }
        lending.collectAll(from: blueprint.leases, ending: ending)
        takeSpent()
        guard !ending else { return }
        advance(to: now)
        for index in -1..<blueprint.counts.regions {
            if let budget = budget(index), surplus(of: budget) <= 0 { return settleLeases(at: now, ending: true) }
        }
        blueprint.leases.publish(words)
        blueprint.leases.end = now + SharedState.leaseNanoseconds
    }

    /// Settles what one stripe has spent of one pair.
    mutating func settleLease(stripe: Int, pair: Int) {
        lending.collect(stripe: stripe, pair: pair, from: blueprint.leases)
        if lending.spent[pair].cost > 0 { takeSpent() }
    }

    /// Takes what was found spent, in the order of the moments at which it was.
    private mutating func takeSpent() {
        let lanes = blueprint.lanes
        while let (pair, cost, last) = lending.nextSpent() {
            let (region, tier) = (pair / blueprint.counts.tiers - 1, pair % blueprint.counts.tiers)
            for index in -1..<max(0, region + 1) where index < 0 || index == region {
                guard let budget = budget(index) else { continue }
                advance(budget, to: last)
                var span = words.mutableSpan
                let standing = Standing(own: span[budget.base + 2 + tier], pool: span[budget.base + 1])
                budget.parameters.spend(
                    units(ofCost: cost, unitsPerCost: budget.parameters.unitsPerCost), lane: tier, standing: standing,
                    elapsed: 0, lanes: lanes, words: &span, at: budget.base)
            }
        }
    }

    /// Whether all leases could still be paid if a lane took what it found.
    func coversLeases(after look: BudgetLook, lane: Int, of index: Int) -> Bool {
        guard let budget = budget(index) else { return true }
        let own = min(look.standing.own, look.need)
        let free = free(of: budget, lane: lane, takingOwn: own, pool: look.need - own)
        return free >= budget.parameters.holdbackMax
    }

    /// Gives a stripe a lease, or more of one, if there is plenty.
    mutating func lend(stripe: Int, region: Int, tier: Int, at now: Int64) {
        let pair = (region + 1) * blueprint.counts.tiers + tier
        var most = SharedState.leaseMax
        for index in -1..<max(0, region + 1) where index < 0 || index == region {
            guard let budget = budget(index) else { continue }
            let unitsPerCost = budget.parameters.unitsPerCost
            most = min(most, surplus(of: budget) / unitsPerCost / SharedState.leaseDivisor)
            guard !blueprint.lanes[budget.parameters.laneStart + tier].borrows else { continue }
            most = min(most, words[budget.base + 2 + tier] / unitsPerCost - lent(to: tier, of: index))
        }
        let more = most - lending.lent(stripe: stripe, pair: pair)
        guard most >= SharedState.leaseMin, more > most / 2 else { return }
        if lending.total == 0 {
            blueprint.leases.publish(words)
            blueprint.leases.end = now + SharedState.leaseNanoseconds
        }
        lending.noteLent(more, stripe: stripe, pair: pair)
        blueprint.leases.lend(more, stripe: stripe, pair: pair)
    }

    /// A shared budget: its number (-1: the service), parameters, and where its words begin.
    struct Place {
        var index: Int
        var parameters: BudgetParameters
        var base: Int
    }

    /// The service (-1) or a region.
    func budget(_ index: Int) -> Place? {
        guard index < 0 else {
            return Place(
                index: index, parameters: blueprint.region(index), base: blueprint.regionBase(index))
        }
        return blueprint.service.map { Place(index: index, parameters: $0, base: SharedState.serviceBase) }
    }

    /// Writes all levels of a budget as of a moment.
    mutating func advance(_ budget: Place, to now: Int64) {
        let envelope = envelope
        let lanes = blueprint.lanes
        var span = words.mutableSpan
        budget.parameters.settle(&span, at: budget.base, now: now, envelope: envelope, lanes: lanes)
    }

    private mutating func advance(to now: Int64) {
        for index in -1..<blueprint.counts.regions {
            if let budget = budget(index) { advance(budget, to: now) }
        }
    }

    /// Cost units that are lent to a tier of a budget.
    private func lent(to tier: Int, of index: Int) -> Int64 {
        let tiers = blueprint.counts.tiers
        guard index < 0 else { return lending.sums[(index + 1) * tiers + tier] }
        return stride(from: tier, to: lending.pairs, by: tiers).reduce(0) { $0 + lending.sums[$1] }
    }

    /// What the pool holds beyond all that leases need of it, after a lane has taken something; negative if an isolated
    /// lane could not pay its leases.
    private func free(of budget: Place, lane: Int = -1, takingOwn own: Int64 = 0, pool: Int64 = 0) -> Int64 {
        var free = words[budget.base + 1] - pool
        for tier in 0..<budget.parameters.laneCount {
            let level = words[budget.base + 2 + tier] - (tier == lane ? own : 0)
            let missing = lent(to: tier, of: budget.index) * budget.parameters.unitsPerCost - level
            guard missing > 0 else { continue }
            guard blueprint.lanes[budget.parameters.laneStart + tier].borrows else { return -1 }
            free -= missing
        }
        return free
    }

    /// How much there is above all holdbacks and a quarter of the rest of the pool.
    private func surplus(of budget: Place) -> Int64 {
        let reserve = budget.parameters.holdbackMax
        return free(of: budget) - reserve - (budget.parameters.poolCapacity - reserve) / 4
    }
}
