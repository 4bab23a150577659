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
    /// The bounds of the tier's queue, if requests may wait.
    package let queue: Queue?
    /// The latency the tier promises.
    package let latency: [LatencyTarget]

    /// The bounds of a queue.
    package struct Queue: Hashable, Sendable {
        /// How many requests may wait.
        package let depthMax: Int64
        /// How long one request may wait.
        package let waitMax: Nanoseconds

        /// States both bounds.
        package init(depthMax: Int64, waitMax: Nanoseconds) {
            self.depthMax = depthMax
            self.waitMax = waitMax
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

    /// States a tier.
    package init(
        name: String, reserveBasisPoints: Int64 = 0, holdbackBasisPoints: Int64 = 0,
        concurrencyBasisPoints: Int64? = nil, queue: Queue? = nil, latency: [LatencyTarget] = []
    ) {
        self.name = name
        self.reserveBasisPoints = reserveBasisPoints
        self.holdbackBasisPoints = holdbackBasisPoints
        self.concurrencyBasisPoints = concurrencyBasisPoints
        self.queue = queue
        self.latency = latency
    }
}
