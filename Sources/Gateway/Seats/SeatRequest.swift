package import Policy
package import Vocabulary

/// A request that asks for seats.
package struct SeatRequest: Sendable {
    /// The policy it was decided by: `tier` is an index into its tiers.
    package var policy: Snapshot
    /// Whose request it is; `nil`: all of whom nobody is known share one queue.
    package var tenant: TenantKey?
    /// Its tier, an index.
    package var tier: Int
    /// How much of its tier's seats the tenant is to have beside others: 1 to 65,535.
    package var weight: Int
    /// How many seats it takes while it runs: 1 to 65,535.
    package var seats: Int
    /// How long it may wait, if that is less than its tier allows; nothing: it starts at once or is refused.
    package var waitMax: Nanoseconds?
    /// When nobody is interested in the answer any more, by the monotonic clock.
    package var deadline: Nanoseconds?

    /// States a request.
    package init(
        policy: Snapshot, tenant: TenantKey?, tier: Int, weight: Int = 1, seats: Int = 1, waitMax: Nanoseconds? = nil,
        deadline: Nanoseconds? = nil
    ) {
        self.policy = policy
        self.tenant = tenant
        self.tier = tier
        self.weight = weight
        self.seats = seats
        self.waitMax = waitMax
        self.deadline = deadline
    }

    /// The key that all share of whom nobody is known: no keyed hash of a name comes out like that but by a chance of
    /// one in 2¹²⁸.
    static let unknownTenant = TenantKey(bits: 0)
}
