package import Vocabulary

/// Which decisions are wanted.
package struct JournalQuery: Hashable, Sendable {
    /// Of this tenant.
    package var tenant: String?
    /// Of this principal.
    package var principal: String?
    /// Of this class.
    package var trafficClass: String?
    /// Of this operation.
    package var operation: String?
    /// Of this tier.
    package var tier: String?
    /// With this reason, or those that enforcement would have refused for it.
    package var reason: Reason?
    /// With this outcome, or those for which enforcement would have had it.
    package var outcome: Outcome?
    /// Only those with which a protected lane came too close to its boundary.
    package var nearMissesOnly = false
    /// Not before this moment.
    package var since: WallTime?
    /// Before this moment.
    package var until: WallTime?
    /// At most so many; `nil`: all.
    package var limit: Int? = 50
    /// Which come first.
    package var order = Order.newestFirst

    /// Orders of time.
    package enum Order: Sendable {
        /// The newest decision first.
        case newestFirst
        /// The oldest decision first.
        case oldestFirst
    }

    /// Asks for the 50 newest of all.
    package init() {}
}
