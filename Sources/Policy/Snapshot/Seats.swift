/// How many requests Headgate lets run at once where it holds them, and how many may wait.
package struct Seats: Hashable, Sendable {
    /// How many seats there are.
    package let limit: Limit
    /// How many requests may wait in all tiers together.
    package let waitingMax: Int

    /// Whether new work is refused before it waits in vain, the least protected first.
    package let hasThreshold: Bool

    /// Where the number of seats comes from.
    package enum Limit: Hashable, Sendable {
        /// The policy states it.
        case fixed(Int)
        /// Found by watching how long requests take, within bounds.
        case adaptive(min: Int, first: Int, max: Int)

        /// The highest number of seats there will be.
        package var max: Int {
            switch self {
            case .fixed(let limit): limit
            case .adaptive(_, _, let max): max
            }
        }

        /// Unless stated: from 4 to 1,000 seats, at first 32.
        ///
        /// Fewer than four could not be shared by tiers; a limit that begins low rises to ten times within two seconds,
        /// and one that begins too high comes down slowly (docs/decisions/0019-adaptive-ceiling.md).
        package static let standard = Limit.adaptive(min: 4, first: 32, max: 1_000)
    }

    /// How many may wait in all unless the policy says otherwise.
    package static let standardWaitingMax = 10_000

    /// Unless stated there is no threshold: it refuses whole tenants by turns, which is unfair where they are few
    /// (docs/decisions/0040-everybody-may-wait.md).
    package static let standardThreshold = false

    /// States all of it.
    package init(
        limit: Limit = .standard, waitingMax: Int = Seats.standardWaitingMax,
        hasThreshold: Bool = Seats.standardThreshold
    ) {
        self.limit = limit
        self.waitingMax = waitingMax
        self.hasThreshold = hasThreshold
    }
}
