package import Vocabulary

/// The tenants of whose requests too many fail, each for a time: for them only the lowest ceilings hold.
///
/// Has no more entries than `countMax`; when it is full, whose time is over first makes room. Pure: time comes in as a
/// number.
package struct HeldTenants: Sendable {
    private var ends: [TenantKey: Int64] = [:]

    /// The most tenants: what strangers do cannot make it grow, since strangers are no tenants.
    package static let countMax = 4_096

    /// Nobody is held.
    package init() {}

    /// Holds a tenant until a moment, or for longer than before.
    ///
    /// - Returns: whether it was not held before.
    /// - Complexity: O(1); O(n) when it is full.
    package mutating func hold(_ tenant: TenantKey, until: Nanoseconds) -> Bool {
        let isNew = ends[tenant] == nil
        if isNew, ends.count >= HeldTenants.countMax, let first = ends.min(by: { $0.value < $1.value }) {
            ends[first.key] = nil
        }
        ends[tenant] = max(ends[tenant] ?? .min, until.count)
        return isNew
    }

    /// Lets those go whose time is over.
    ///
    /// - Returns: whether there were any.
    package mutating func expire(at now: Nanoseconds) -> Bool {
        let count = ends.count
        ends = ends.filter { $0.value > now.count }
        return ends.count != count
    }

    /// Those that are held.
    package var tenants: Set<TenantKey> { Set(ends.keys) }
    /// How many are held.
    package var count: Int { ends.count }
}
