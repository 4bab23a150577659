package import Vocabulary

/// What a scheduler is made with.
package struct SchedulerSettings: Hashable, Sendable {
    /// The tiers, the most protected first.
    package var tiers: [Tier]
    /// The highest concurrency limit there will be.
    package var limitMax: Int
    /// How many requests may wait in all tiers together.
    package var placesMax: Int
    /// How many tenants' queues are remembered; one tenant has one in each tier in which it has work.
    package var tenantQueuesMax: Int

    /// One tier.
    ///
    /// Shares are in hundredths of a percent.
    package struct Tier: Hashable, Sendable, BitwiseCopyable {
        /// The share of the limit that is the tier's own.
        package var reserveBasisPoints: Int64
        /// The share of the reserve that is never lent.
        package var keptBasisPoints: Int64
        /// The share of the limit that the tier may hold at most.
        package var seatsBasisPoints: Int64
        /// The share of what starts that the tier is given although more protected work waits.
        package var floorBasisPoints: Int64
        /// How many may wait; 0: nothing waits.
        package var depthMax: Int
        /// How long one may wait.
        package var waitMax: Nanoseconds
        /// How many of one tenant may wait.
        package var tenantDepthMax: Int
        /// The share of the limit that one tenant may hold in this tier.
        package var tenantSeatsBasisPoints: Int64

        /// States a tier.
        ///
        /// Unless stated, a tenth of the reserve is kept if requests may wait for what is lent to come back, and all of
        /// it if they may not.
        package init(
            reserveBasisPoints: Int64 = 0, keptBasisPoints: Int64? = nil, seatsBasisPoints: Int64 = whole,
            floorBasisPoints: Int64 = 100, depthMax: Int = 0, waitMax: Nanoseconds = .zero,
            tenantDepthMax: Int? = nil, tenantSeatsBasisPoints: Int64 = whole
        ) {
            self.reserveBasisPoints = reserveBasisPoints
            self.keptBasisPoints = keptBasisPoints ?? (depthMax > 0 ? whole / 10 : whole)
            self.seatsBasisPoints = seatsBasisPoints
            self.floorBasisPoints = floorBasisPoints
            self.depthMax = depthMax
            self.waitMax = waitMax
            self.tenantDepthMax = tenantDepthMax ?? depthMax
            self.tenantSeatsBasisPoints = tenantSeatsBasisPoints
        }
    }

    /// States settings.
    ///
    /// Unless stated, as many queues of tenants are remembered as there can be requests.
    ///
    /// - Precondition: shares lie between nothing and the whole, and neither reserves nor floors exceed the whole.
    package init(tiers: [Tier], limitMax: Int, placesMax: Int, tenantQueuesMax: Int? = nil) {
        precondition((1...Scheduler.tierCountMax).contains(tiers.count), "\(tiers.count) tiers")
        precondition((1...VirtualTime.limitMax).contains(limitMax), "a limit of \(limitMax) at most")
        precondition((0...Scheduler.placesMax).contains(placesMax), "\(placesMax) places")
        for tier in tiers {
            let shares = [
                tier.reserveBasisPoints, tier.keptBasisPoints, tier.seatsBasisPoints, tier.floorBasisPoints,
                tier.tenantSeatsBasisPoints,
            ]
            precondition(shares.allSatisfy { (0...whole).contains($0) }, "shares \(shares)")
            precondition(tier.depthMax >= 0 && tier.tenantDepthMax >= 0, "depths of \(tier)")
        }
        precondition(tiers.reduce(0) { $0 + $1.reserveBasisPoints } <= whole, "more than all is reserved")
        precondition(tiers.reduce(0) { $0 + $1.floorBasisPoints } <= whole, "the floors are more than all")
        self.tiers = tiers
        self.limitMax = limitMax
        self.placesMax = placesMax
        self.tenantQueuesMax = max(1, tenantQueuesMax ?? limitMax + placesMax + 1)
    }
}

/// The whole in hundredths of a percent.
package let whole: Int64 = 10_000

/// A share of a number, rounded up.
func ceilingShare(_ basisPoints: Int64, of number: Int) -> Int {
    Int(quotientRoundedUp(Int64(number) * basisPoints, whole))
}
