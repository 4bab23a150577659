package import Vocabulary

/// What holds seats and what waits for them, for metrics.
package struct SeatCounts: Hashable, Sendable {
    /// How many seats there are.
    package let limit: Int
    /// How many are in use; for a moment more than there are, after the limit was lowered.
    package let inUse: Int
    /// The tiers, the most protected first.
    package let tiers: [Tier]

    /// One tier.
    package struct Tier: Hashable, Sendable {
        /// Its name.
        package let name: String
        /// How many seats its requests hold.
        package let inUse: Int
        /// How many of its requests wait.
        package let waiting: Int
        /// How many of its requests were refused, in the order of `reasons`.
        package let refused: [UInt64]
        /// How much of it may wait, in hundredths of a percent of its tenants.
        package let letInBasisPoints: Int64
    }

    /// Why requests are refused seats.
    package static let reasons: [Reason] = [.concurrencyLimit, .queueFull, .queueTimeout, .overloadProtection]
}
