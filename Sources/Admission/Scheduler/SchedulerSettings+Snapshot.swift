package import Policy
internal import Vocabulary

extension SchedulerSettings {
    /// The settings that a policy states: its tiers' reserves, shares of the seats and queues.
    ///
    /// Each tier but quarantine has a floor of one in a hundred. Plans may weigh tenants; what a tenant may hold is
    /// not bounded beyond that.
    ///
    /// - Parameters:
    ///   - snapshot: the policy.
    ///   - limitMax: the highest concurrency limit there will be.
    ///   - placesMax: how many requests may wait in all, as memory allows.
    package init(_ snapshot: Snapshot, limitMax: Int, placesMax: Int) {
        let tiers = snapshot.tiers.enumerated().map { index, tier in
            Tier(
                reserveBasisPoints: tier.reserveBasisPoints, seatsBasisPoints: tier.concurrencyBasisPoints ?? whole,
                floorBasisPoints: index == snapshot.quarantineTier ? 0 : 100,
                depthMax: Int(min(tier.queue?.depthMax ?? 0, Int64(placesMax))), waitMax: tier.queue?.waitMax ?? .zero)
        }
        self.init(tiers: tiers, limitMax: limitMax, placesMax: placesMax)
    }
}
