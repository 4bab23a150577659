internal import Vocabulary

/// What the service and the regions keep for each tier.
///
/// A share alone keeps nothing: a reserve exists where a tier's lane in the budget of the service or of a region has a
/// guarantee.
struct Reserves {
    private let snapshot: Snapshot
    /// The tiers that have a reserve anywhere, the most protected first.
    let tiers: [Int]

    /// Finds the reserves of a snapshot.
    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        let budgets = [snapshot.service].compactMap(\.self) + snapshot.regions.map(\.budget)
        tiers = snapshot.tiers.indices.filter { tier in
            budgets.contains { $0.lanes.indices.contains(tier) && $0.lanes[tier].guarantee != nil }
        }
    }

    /// One reserve: where it holds, how much flows in, and how much is there at once.
    struct Reserve {
        /// The region; `nil` for the whole service.
        var region: String?
        /// The guaranteed rate.
        var rate: Rate
        /// Cost units that the full reserve pays for at once.
        var burst: Int64
        /// Cost units in the full pool that a request may draw on beyond the reserve.
        var borrowable: Int64
    }

    /// All reserves of a tier: the service's first, then the regions'.
    func reserves(of tier: Int) -> [Reserve] {
        let service = snapshot.service.flatMap { Reserves.reserve(of: tier, in: $0, region: nil) }
        let regions = snapshot.regions.compactMap { Reserves.reserve(of: tier, in: $0.budget, region: $0.name) }
        return [service].compactMap(\.self) + regions
    }

    private static func reserve(of tier: Int, in budget: Budget, region: String?) -> Reserve? {
        guard budget.lanes.indices.contains(tier), let rate = budget.lanes[tier].guarantee else { return nil }
        let lane = budget.lanes[tier]
        let reachable = lane.reachable(poolCapacity: budget.poolCapacity) - lane.capacity
        return Reserve(
            region: region, rate: rate, burst: lane.guaranteeBurst, borrowable: reachable / budget.unitsPerCost)
    }
}
