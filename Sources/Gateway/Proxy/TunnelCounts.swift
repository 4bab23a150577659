internal import Synchronization
internal import Vocabulary

/// The tunnels there are, and how many there may be: they hold no seats, so nothing else bounds them.
///
/// A request that asks for one is counted from its decision on, and until it ends, whatever its upstream says.
final class TunnelCounts: Sendable {
    private let state = Mutex(State())
    private let most: Int
    private let mostOfTenant: Int

    private struct State {
        var all = 0
        var ofTenants: [TenantKey?: Int] = [:]
    }

    /// No tunnel yet.
    ///
    /// - Parameters:
    ///   - most: how many there may be.
    ///   - mostOfTenant: how many of one tenant, or of all together that are nobody's.
    init(most: Int, ofTenant mostOfTenant: Int) {
        self.most = most
        self.mostOfTenant = mostOfTenant
    }

    /// Takes the place of one more; does nothing if there is none.
    ///
    /// - Parameters:
    ///   - tenant: whose it is; `nil`: nobody's.
    ///   - isBounded: whether the bounds hold for it.
    /// - Returns: whether there was a place.
    func take(for tenant: TenantKey?, isBounded: Bool) -> Bool {
        state.withLock { state in
            let count = state.ofTenants[tenant, default: 0]
            guard !isBounded || state.all < most && count < mostOfTenant else { return false }
            state.all += 1
            state.ofTenants[tenant] = count + 1
            return true
        }
    }

    /// Gives a place back.
    func giveBack(for tenant: TenantKey?) {
        state.withLock { state in
            state.all -= 1
            let count = state.ofTenants[tenant, default: 1] - 1
            state.ofTenants[tenant] = count > 0 ? count : nil
        }
    }

    /// How many there are.
    var count: Int { state.withLock { $0.all } }
}
