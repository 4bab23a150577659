package import Vocabulary

/// One tier: priority by consequence of failure.
package struct Tier: Hashable, Sendable {
    /// The name; `quarantine` for the built-in one.
    package let name: String
    /// The guaranteed share of the service's and each region's baseline, in hundredths of a percent.
    package let reserveBasisPoints: Int64
    /// The share of the pool the tier must leave to more protected ones, in hundredths of a percent.
    package let holdbackBasisPoints: Int64
    /// The share of the seats the tier may hold at most, in hundredths of a percent.
    package let concurrencyBasisPoints: Int64?
    /// The share of the tier's reserve of seats that is never lent, in hundredths of a percent.
    package let keptBasisPoints: Int64
    /// The share of what starts that the tier is given while more protected work waits, in hundredths of a percent.
    package let floorBasisPoints: Int64
    /// The share of the seats that one tenant may hold in the tier, in hundredths of a percent.
    package let tenantShareBasisPoints: Int64
    /// The bounds of the tier's queue, if requests may wait.
    package let queue: Queue?
    /// The latency the tier promises.
    package let latency: [LatencyTarget]
    /// The share of its reserve, in hundredths of a percent, of which less than that left is a near miss.
    package let nearMissBasisPoints: Int64

    /// The share where the policy states none, of tiers and of classes: low enough that ordinary use of a guarantee is
    /// none, high enough to be told before work is refused.
    package static let nearMissStandard: Int64 = 1_000

    /// The bounds of a queue.
    package struct Queue: Hashable, Sendable {
        /// How many requests may wait.
        package let depthMax: Int64
        /// How long one request may wait.
        package let waitMax: Nanoseconds
        /// How many requests of one tenant may wait.
        package let tenantDepthMax: Int64

        /// States the bounds; unless stated, one tenant may have as many waiting as all.
        package init(depthMax: Int64, waitMax: Nanoseconds, tenantDepthMax: Int64? = nil) {
            self.depthMax = depthMax
            self.waitMax = waitMax
            self.tenantDepthMax = tenantDepthMax ?? depthMax
        }
    }

    /// One promise: this percentile stays below this latency.
    package struct LatencyTarget: Hashable, Sendable {
        /// The percentile in tenths of a percent: 950 is the 95th, 999 the 99.9th.
        package let permille: Int
        /// The latency it stays below.
        package let below: Nanoseconds

        /// States a promise.
        package init(permille: Int, below: Nanoseconds) {
            self.permille = permille
            self.below = below
        }
    }

    /// The share of a reserve that is kept unless the policy says otherwise.
    ///
    /// A tenth if requests may wait for what is lent to come back, and all of it if they may not.
    package static func standardKept(hasQueue: Bool) -> Int64 { hasQueue ? 1_000 : 10_000 }
    /// The floor unless the policy says otherwise: one in a hundred.
    package static let standardFloor: Int64 = 100

    /// States a tier.
    package init(
        name: String, reserveBasisPoints: Int64 = 0, holdbackBasisPoints: Int64 = 0,
        concurrencyBasisPoints: Int64? = nil, keptBasisPoints: Int64? = nil, floorBasisPoints: Int64? = nil,
        tenantShareBasisPoints: Int64? = nil, queue: Queue? = nil, latency: [LatencyTarget] = [],
        nearMissBasisPoints: Int64 = Tier.nearMissStandard
    ) {
        self.name = name
        self.reserveBasisPoints = reserveBasisPoints
        self.holdbackBasisPoints = holdbackBasisPoints
        self.concurrencyBasisPoints = concurrencyBasisPoints
        self.keptBasisPoints = keptBasisPoints ?? Tier.standardKept(hasQueue: queue != nil)
        self.floorBasisPoints = floorBasisPoints ?? Tier.standardFloor
        self.tenantShareBasisPoints = tenantShareBasisPoints ?? 10_000
        self.queue = queue
        self.latency = latency
        self.nearMissBasisPoints = nearMissBasisPoints
    }
}
