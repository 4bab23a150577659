package import Policy
package import Vocabulary

/// Decides, for every request, whether it goes on: budgets over five levels, all or none.
///
/// Pure (design §4.7): time comes in as a number, nothing waits for time, logs or does I/O. Safe from any thread: each
/// tenant lives in one of many shards with a lock each, and what tenants share has one lock, taken inside the
/// shard's. Locks are always taken in that order, so they cannot block each other. While the shared budgets are
/// plentiful a shard holds leases on them and does not need the second lock (`LeaseTable`). A decision holds its shard
/// while it looks and spends, so it takes from all levels or from none.
package final class AdmissionEngine: Sendable {
    let shards: Guarded<ShardState>
    let shared: Guarded<SharedState>
    let current: Guarded<Blueprint>

    /// How many tenants and counters there may be unless somebody says otherwise: with five classes each, half a
    /// gibibyte or more.
    package static let tenantCountMax = 4_000_000
    /// How many tenants are carried over to another snapshot while their shard is held: some ten microseconds.
    static let carriedTogether = 16
    /// How many tenants a sweep looks at while their shard is held.
    static let sweptTogether = 64

    /// An engine for a snapshot, all budgets full.
    ///
    /// - Parameters:
    ///   - snapshot: the policy to decide with.
    ///   - now: the monotonic clock.
    ///   - shardCount: a power of two, at most 64; more shards mean fewer collisions of threads.
    ///   - tenantCountMax: how many tenants may be in memory, spread evenly over the shards by their keys. Counters of
    ///     descriptors take three quarters of it at most: values of theirs come from strangers, and a tenant that the
    ///     directory knows must find room whatever those make up.
    ///   - isLeasing: whether shards may hold leases on the budgets that all tenants share.
    package init(
        snapshot: Snapshot, at now: Nanoseconds, shardCount: Int = 64,
        tenantCountMax: Int = AdmissionEngine.tenantCountMax, isLeasing: Bool = true
    ) {
        precondition(
            shardCount & (shardCount - 1) == 0 && (1...LeaseTable.stripeCount).contains(shardCount),
            "a power of two, at most \(LeaseTable.stripeCount) (is \(shardCount))")
        let blueprint = Blueprint(snapshot, generation: 1)
        let countMax = (tenantCountMax + shardCount - 1) / shardCount
        shards = Guarded(count: shardCount) { _ in ShardState(blueprint: blueprint, countMax: countMax) }
        shared = Guarded(SharedState(blueprint: blueprint, now: now.count, isLeasing: isLeasing))
        current = Guarded(blueprint)
    }

    /// The blueprint that decisions are to be made with now.
    package var blueprint: Blueprint { current.withLock { $0 } }

    /// The shard that a tenant lives in, whatever snapshot is applied.
    @inline(__always)
    func shard(of key: TenantKey) -> Int {
        // Other bits than those that the shard's index uses.
        Int(truncatingIfNeeded: key.bits >> 64) & (shards.count - 1)
    }

    /// How many tenants have a state in memory, counters of descriptors among them.
    package var tenantCount: Int { sum { $0.tenants.count } }

    /// How many counters of descriptors are among the tenants.
    package var counterCount: Int { sum { $0.counterCount } }

    /// How many tenants there may be.
    package var tenantCountMax: Int { sum { $0.countMax } }

    /// How many of them may be counters of descriptors.
    package var counterCountMax: Int { sum { $0.counterCountMax } }

    /// Bytes that the tenants' states and their index take.
    package var byteCount: Int { sum { $0.tenants.byteCount } }

    /// How many requests of newcomers were refused because as many tenants were in memory as may be, and none was idle.
    package var refusedNewcomerCount: Int { sum { Int($0.refusedNewcomerCount) } }

    /// How many of those were for counters of descriptors.
    package var refusedCounterCount: Int { sum { Int($0.refusedCounterCount) } }

    /// Cost units of the shared budgets that are lent to shards now, less what they are known to have spent.
    package var lentCost: Int { shared.withLock { Int($0.lending.total) } }

    private func sum(_ value: (borrowing ShardState) -> Int) -> Int {
        (0..<shards.count).reduce(0) { sum, shard in sum + shards.withLock(at: shard) { value($0) } }
    }
}
