package import Policy
internal import Vocabulary

extension SchedulerSettings {
    /// The settings that a policy states: how many seats and places there are, and its tiers' reserves, shares, floors
    /// and queues.
    package init(_ snapshot: Snapshot) {
        let places = Int64(snapshot.seats.waitingMax)
        let tiers = snapshot.tiers.map { tier in
            Tier(
                reserveBasisPoints: tier.reserveBasisPoints, keptBasisPoints: tier.keptBasisPoints,
                seatsBasisPoints: tier.concurrencyBasisPoints ?? whole, floorBasisPoints: tier.floorBasisPoints,
                depthMax: Int(min(tier.queue?.depthMax ?? 0, places)), waitMax: tier.queue?.waitMax ?? .zero,
                tenantDepthMax: Int(min(tier.queue?.tenantDepthMax ?? 0, places)),
                tenantSeatsBasisPoints: tier.tenantShareBasisPoints)
        }
        self.init(tiers: tiers, limitMax: snapshot.seats.limit.max, placesMax: snapshot.seats.waitingMax)
    }
}
