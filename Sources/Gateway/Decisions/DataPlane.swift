package import Admission
package import Directory
package import Journal
internal import Policy
internal import Synchronization
package import Tokens
package import Vocabulary

/// What all event loops of the data plane share: the engine, the state that requests are decided by, the journal.
package final class DataPlane: Sendable {
    /// Decides about budgets.
    package let engine: AdmissionEngine
    /// Where decisions are recorded.
    package let journal: JournalWriter
    /// Counts decisions; one part per event loop.
    package let metrics: DecisionMetrics
    /// What tenants use; one part per event loop; `nil`: nobody counts it.
    package let consumption: Consumption?
    /// What customers feel; one part per event loop.
    package let experience: Experience
    /// Finds near misses of protected lanes.
    package let nearMisses = NearMisses()
    /// How answers tell callers about their limits.
    package let headers: HeaderProfile
    /// What is remembered of idempotency keys.
    package let idempotency: IdempotencyStore
    /// Who knows what tokens are worth; `nil`: no tokens are accepted.
    package let tokens: TokenAuthority?
    /// Turns names of descriptors' counters into the engine's keys; the one that tenants' names are hashed with.
    let hash: KeyedHash
    private let homeRegion: String?
    private let current: Mutex<DataPlaneState>
    private let currentGeneration: Generation
    /// Who looks like abuse, and who is in quarantine.
    package let abuse: AbuseGuard
    /// How well the system behind is.
    package let health: HealthMonitor

    /// A data plane for a first policy and directory.
    ///
    /// `homeRegion` is the region this server stands in, by name; without a store for idempotency keys, those are
    /// remembered in memory; without `tokens`, only API keys are accepted. What tenants use is counted where somebody
    /// collects it.
    package init(
        engine: AdmissionEngine, binding: DirectoryBinding, journal: JournalWriter, headers: HeaderProfile,
        hash: KeyedHash, homeRegion: String?, idempotency: IdempotencyStore? = nil, tokens: TokenAuthority? = nil,
        consumption: Consumption? = nil
    ) {
        self.engine = engine
        self.journal = journal
        self.headers = headers
        self.hash = hash
        self.homeRegion = homeRegion
        self.tokens = tokens
        self.consumption = consumption
        self.idempotency = idempotency ?? IdempotencyStore(treatment: binding.policy.repeats, hash: hash)
        metrics = DecisionMetrics()
        experience = Experience()
        current = Mutex(
            DataPlaneState(binding: binding, blueprint: engine.blueprint, homeRegion: homeRegion))
        let generation = Generation()
        currentGeneration = generation
        abuse = AbuseGuard(policy: binding.policy, hash: hash) { generation.advance() }
        health = HealthMonitor(policy: binding.policy)
    }

    /// Under which a tenant's budgets are kept.
    package func key(ofTenant name: String) -> TenantKey { TenantKey(bits: hash(name)) }

    /// What requests are decided by now.
    package var state: DataPlaneState { current.withLock { $0 } }

    /// A number that changes whenever `state` does: event loops compare it before they take the lock.
    var generation: UInt64 { currentGeneration.number }

    /// Has the event loops know that health has changed.
    func healthChanged() { currentGeneration.advance() }

    /// Makes a policy and a directory the ones that hold, in one step: the second phase of a reload.
    ///
    /// What can fail has happened before, in making the binding. The event loops are told before the budgets
    /// are carried over: a request that comes to a shard that has been carried over already must find the new
    /// state to classify with.
    package func apply(_ binding: DirectoryBinding, at moment: Moment) {
        let present = engine.blueprint
        let blueprint = binding.policy === present.snapshot ? present : engine.publish(binding.policy)
        let state = DataPlaneState(binding: binding, blueprint: blueprint, homeRegion: homeRegion)
        current.withLock { $0 = state }
        currentGeneration.advance()
        idempotency.apply(binding.policy.repeats)
        abuse.adopt(binding.policy)
        health.adopt(binding.policy)
        healthChanged()
        engine.carryOver(to: blueprint, at: moment)
    }
}

/// A number that grows with every change of what event loops decide by.
private final class Generation: Sendable {
    private let value = Atomic<UInt64>(1)

    /// The number now.
    var number: UInt64 { value.load(ordering: .acquiring) }

    /// Tells the event loops that something has changed.
    func advance() { value.add(1, ordering: .releasing) }
}
