internal import Synchronization
internal import Vocabulary

/// Bounds how many requests of a tier may have seats, or wait for them, before their bodies have come.
///
/// What holds a seat for as long as it likes is a body that is still to come. So whoever has sent all gets past those
/// who have not: they have places here first, about half as many as their tier has seats, and wait here for one, the
/// tenants by turns, without a place in the tier's queue. A place is free again when the body has come.
///
/// One per proxy, shared by all event loops. Nobody is called under the lock.
package final class ArrivingBodies: Sendable {
    private let state = Mutex(State())

    /// Tells one that waits whether it has a place now; if not, its turn was taken from it.
    typealias Tell = @Sendable (Bool) -> Void

    /// What becomes of one that asks.
    enum Answer: Hashable {
        /// It has a place; whoever has this number leaves it.
        case granted(UInt64)
        /// It waits, and is told on its event loop.
        case queued(UInt64)
        /// As many wait as may.
        case full
    }

    private struct State {
        var tiers: [String: Tier] = [:]
        var places: [UInt64: Place] = [:]
        var lastNumber: UInt64 = 0
    }

    private struct Tier {
        /// How many have places.
        var count = 0
        /// How many may have one.
        var most = 1
        /// How many wait.
        var waiting = 0
        /// The tenants of those who wait, in the order of their turns.
        var turns: [TenantKey] = []
        /// Who waits, by tenant, first in, first out.
        var queues: [TenantKey: [UInt64]] = [:]

        /// Takes the first of the tenant whose turn it is out of its queue.
        mutating func takeNext() -> UInt64? {
            while !turns.isEmpty {
                let tenant = turns.removeFirst()
                guard var queue = queues.removeValue(forKey: tenant), !queue.isEmpty else { continue }
                let number = queue.removeFirst()
                if !queue.isEmpty {
                    queues[tenant] = queue
                    turns.append(tenant)
                }
                return number
            }
            return nil
        }

        /// Takes the newest of the tenant out that has most waiting, unless one more of another had as many.
        mutating func dropLast(for tenant: TenantKey) -> UInt64? {
            guard let longest = turns.max(by: { queues[$0]?.count ?? 0 < queues[$1]?.count ?? 0 }),
                queues[longest]?.count ?? 0 > (queues[tenant]?.count ?? 0) + 1
            else { return nil }
            waiting -= 1
            return queues[longest]?.removeLast()
        }
    }

    private struct Place {
        let tier: String
        let tenant: TenantKey
        /// Tells the one that waits; `nil`: it has its place.
        var tell: Tell?
    }

    /// Nobody has a place.
    package init() {}

    /// Asks for a place.
    ///
    /// - Parameters:
    ///   - tier: the tier's name, which outlives a policy.
    ///   - tenant: whose request it is.
    ///   - most: how many may have places in the tier now.
    ///   - waitingMax: how many may wait for one.
    ///   - tell: called on any thread once a place is there for one that waits.
    /// - Returns: whether it has one.
    /// - Complexity: O(1); O(tenants that wait) if as many wait as may: then the newest of the tenant with most goes.
    func ask(_ tier: String, of tenant: TenantKey, most: Int, waitingMax: Int, tell: @escaping Tell) -> Answer {
        let (answer, displaced) = state.withLock { state -> (Answer, Tell?) in
            var entry = state.tiers.removeValue(forKey: tier) ?? Tier()
            defer { state.tiers[tier] = entry }
            entry.most = most
            let isFree = entry.count < most && entry.waiting == 0
            var displaced: Tell?
            if !isFree, entry.waiting >= waitingMax {
                guard let number = entry.dropLast(for: tenant) else { return (.full, nil) }
                displaced = state.places.removeValue(forKey: number)?.tell
            }
            state.lastNumber += 1
            let number = state.lastNumber
            state.places[number] = Place(tier: tier, tenant: tenant, tell: isFree ? nil : tell)
            guard !isFree else {
                entry.count += 1
                return (.granted(number), nil)
            }
            entry.waiting += 1
            if entry.queues[tenant] == nil { entry.turns.append(tenant) }
            entry.queues[tenant, default: []].append(number)
            return (.queued(number), displaced)
        }
        displaced?(false)
        return answer
    }

    /// Leaves a place, or stops waiting for one; does nothing for a number that has left.
    func leave(_ number: UInt64) {
        let told = state.withLock { state -> [Tell] in
            guard let place = state.places.removeValue(forKey: number),
                var entry = state.tiers.removeValue(forKey: place.tier)
            else { return [] }
            var told: [Tell] = []
            if place.tell == nil {
                entry.count -= 1
            } else {
                entry.waiting -= 1
                entry.queues[place.tenant]?.removeAll { $0 == number }
            }
            while entry.count < entry.most, let next = entry.takeNext() {
                entry.count += 1
                entry.waiting -= 1
                if let tell = state.places[next]?.tell { told.append(tell) }
                state.places[next]?.tell = nil
            }
            if entry.count > 0 || entry.waiting > 0 { state.tiers[place.tier] = entry }
            return told
        }
        for tell in told { tell(true) }
    }

    /// Whether any request waits for a place in a tier.
    func isWaitedFor(_ tier: String) -> Bool { state.withLock { $0.tiers[tier]?.waiting ?? 0 > 0 } }

    /// How many have places and how many wait, in all tiers.
    package var counts: (placed: Int, waiting: Int) {
        state.withLock { state in
            state.tiers.values.reduce(into: (0, 0)) { $0 = ($0.0 + $1.count, $0.1 + $1.waiting) }
        }
    }
}
