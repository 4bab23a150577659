internal import Admission
internal import Directory
internal import Gateway
internal import Journal
internal import Logging
internal import Policy
internal import Vocabulary

/// Carries quotas and long budgets over restarts: reads them at the start, and tells the store what changes.
struct UsageKeeper: Sendable {
    let engine: AdmissionEngine
    let store: UsageStore
    let log: Logger

    /// Puts back what was saved, before the first request.
    func restore(binding: DirectoryBinding, at moment: Moment) {
        var plans = PresentPlans(binding, at: moment.wall)
        var count = 0
        do {
            try store.load(at: moment.wall) { batch in
                let shapes = batch.shapes.map { plans.limit(named: $0.plan) }
                count += engine.restore(batch, at: moment) { shapes[$0.shape] ?? plans.plan(of: $0.tenant) }
            }
        } catch {
            log.error("saved quotas cannot be read; they start anew: \(error.description)")
        }
        report(count, at: moment.wall)
    }

    /// Has changes saved from now on, and looked at on their way.
    func start(watchedBy watch: QuotaWatch) {
        let collector = DurableCollector(engine)
        store.attach { moment in
            let batch = collector.collect(at: moment)
            watch.look(batch)
            return batch
        }
    }

    private func report(_ count: Int, at wall: WallTime) {
        guard let saved = store.lastSaved else { return }
        let age = max(0, wall.milliseconds - saved.milliseconds)
        if store.wasCleanShutdown {
            log.info("use of \(count) tenants is restored")
        } else {
            log.warning(
                "the last run did not stop cleanly: use of \(count) tenants is restored as of \(saved.description); up to a second of use before that run's end is lost",
                metadata: ["age_ms": "\(age)"])
        }
    }

    /// Has the last changes saved when the archive is closed, and that they are the last.
    func finish() { store.markCleanShutdown() }
}

/// The plans that tenants have now, those of counters included: a counter is in no directory, it has the plan of its
/// limit for as long as there is that limit.
private struct PresentPlans {
    /// Made when the first is asked for: most of a million tenants have used nothing lately.
    private lazy var tenants: [TenantKey: Int] = {
        var plans: [TenantKey: Int] = [:]
        plans.reserveCapacity(binding.tenants.count)
        for tenant in binding.tenants { plans[tenant.key] = tenant.plans.plan(at: now) }
        return plans
    }()
    private var limits: [String: Int] = [:]
    private let binding: DirectoryBinding
    private let now: WallTime

    init(_ binding: DirectoryBinding, at now: WallTime) {
        self.binding = binding
        self.now = now
        for (index, plan) in binding.policy.enginePlans.enumerated().dropFirst(binding.policy.plans.count) {
            limits[plan.name] = index
        }
    }

    func limit(named name: String) -> Int? { limits[name] }

    mutating func plan(of tenant: TenantKey) -> Int? { tenants[tenant] }
}
