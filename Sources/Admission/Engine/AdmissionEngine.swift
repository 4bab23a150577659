package import Policy
package import Vocabulary

/// Decides, for every request, whether it goes on: budgets over five levels, all or none.
///
/// Pure (design §4.7): time comes in as a number, nothing waits, sleeps, logs or does I/O. Safe from any thread: each
/// tenant lives in one of many shards with a lock each, and what tenants share has one lock, taken inside the
/// shard's. Locks are always taken in that order, so they cannot block each other. A decision holds both while it
/// looks and spends, so it takes from all levels or from none.
package final class AdmissionEngine: Sendable {
    let shards: [Shard]
    let shared: Guarded<SharedState>
    let current: Guarded<Blueprint>

    /// One shard, a class so that the shards of an array have addresses of their own.
    final class Shard: Sendable {
        let state: Guarded<ShardState>

        /// A shard without tenants.
        init(_ blueprint: Blueprint) { state = Guarded(ShardState(blueprint: blueprint)) }
    }

    /// The tenants of one shard.
    struct ShardState: ~Copyable {
        /// The blueprint whose layouts the tenants have.
        var blueprint: Blueprint
        var tenants = TenantTable()
        /// Tenants whose durable part changed since it was last collected.
        var dirty: [TenantKey] = []

        init(blueprint: Blueprint) { self.blueprint = blueprint }
    }

    /// An engine for a snapshot, all budgets full.
    ///
    /// - Parameters:
    ///   - snapshot: the policy to decide with.
    ///   - now: the monotonic clock.
    ///   - shardCount: a power of two; more shards mean fewer collisions of threads, and smaller pauses when a snapshot
    ///     is applied.
    package init(snapshot: Snapshot, at now: Nanoseconds, shardCount: Int = 64) {
        precondition(shardCount > 0 && shardCount & (shardCount - 1) == 0, "a power of two (is \(shardCount))")
        let blueprint = Blueprint(snapshot, generation: 1)
        shards = (0..<shardCount).map { _ in Shard(blueprint) }
        shared = Guarded(SharedState(blueprint: blueprint, now: now.count))
        current = Guarded(blueprint)
    }

    /// The blueprint that decisions are to be made with now.
    package var blueprint: Blueprint { current.withLock { $0 } }

    /// The shard that a tenant lives in, whatever snapshot is applied.
    func shard(of key: TenantKey) -> Shard {
        // The bits above those that the shard's table uses for its slots.
        shards[Int(truncatingIfNeeded: key.bits >> 64) & (shards.count - 1)]
    }

    /// How many tenants have a state in memory.
    package var tenantCount: Int {
        shards.reduce(0) { sum, shard in sum + shard.state.withLock { $0.tenants.count } }
    }

    /// Bytes that the tenants' states and their index take.
    package var byteCount: Int {
        shards.reduce(0) { sum, shard in sum + shard.state.withLock { $0.tenants.byteCount } }
    }
}
