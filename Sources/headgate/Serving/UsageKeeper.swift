internal import Admission
internal import Directory
internal import Gateway
internal import Journal
internal import Logging
internal import Vocabulary

/// Carries quotas and long budgets over restarts: reads them at the start, hands changes to the store four times a
/// second.
struct UsageKeeper: Sendable {
    let engine: AdmissionEngine
    let store: UsageStore
    let log: Logger

    /// How often changes are handed over.
    ///
    /// With the store's own half second between commits and the fifth of a second that its thread may sleep, a killed
    /// process loses less than a second of use.
    private static let interval = Duration.milliseconds(250)

    /// Puts back what was saved, before the first request.
    func restore(binding: DirectoryBinding, at moment: Moment) {
        var plans: [TenantKey: Int] = [:]
        for tenant in binding.tenants { plans[tenant.key] = tenant.plan }
        var collector = Collector()
        var count = 0
        func put(_ tenant: DurableTenant, saved: WallTime?) {
            guard let plan = plans[tenant.key] else { return }
            let age = saved.map { Nanoseconds.milliseconds(moment.wall.milliseconds - $0.milliseconds) } ?? .zero
            engine.restore(tenant, plan: plan, age: age, at: moment)
            count += 1
        }
        do {
            try store.load { entry in collector.add(entry, emit: put) }
            collector.finish(emit: put)
        } catch {
            log.error("saved quotas cannot be read; they start anew: \(error.description)")
        }
        guard let saved = store.lastSaved else { return }
        let age = max(0, moment.wall.milliseconds - saved.milliseconds)
        if store.wasCleanShutdown {
            log.info("use of \(count) tenants is restored")
        } else {
            log.warning(
                "the last run did not stop cleanly: use of \(count) tenants is restored as of \(saved.description); up to a second of use before that run's end is lost",
                metadata: ["age_ms": "\(age)"])
        }
    }

    /// Hands over changes until it is cancelled.
    func keep() async {
        while (try? await Task.sleep(for: UsageKeeper.interval)) != nil { save() }
    }

    /// Hands over the last changes.
    func finish() {
        save()
        store.markCleanShutdown()
    }

    private func save() {
        var clock = Clock()
        let moment = clock.now()
        store.save(engine.collectDurable(at: moment).flatMap { $0.entries(at: moment.wall) })
    }

    /// Joins the entries of one tenant, which follow each other, to what the engine restores.
    private struct Collector {
        private var tenant: DurableTenant?
        private var saved: WallTime?

        mutating func add(_ entry: UsageEntry, emit: (DurableTenant, WallTime?) -> Void) {
            if tenant?.key != entry.tenant {
                finish(emit: emit)
                tenant = DurableTenant(key: entry.tenant, quotas: [], levels: [])
            }
            switch entry.use {
            case .quota(let unit, let period, let index, let used):
                tenant?.quotas.append(.init(unit: unit, period: period, index: index, used: used))
            case .level(let slot, let level, let wall):
                tenant?.levels.append(.init(bucket: slot, billionths: level))
                saved = wall
            }
        }

        mutating func finish(emit: (DurableTenant, WallTime?) -> Void) {
            if let tenant { emit(tenant, saved) }
            tenant = nil
            saved = nil
        }
    }
}

extension DurableTenant {
    /// The rows that the store keeps.
    fileprivate func entries(at wall: WallTime) -> [UsageEntry] {
        quotas.map {
            UsageEntry(tenant: key, use: .quota(unit: $0.unit, period: $0.period, index: $0.index, used: $0.used))
        }
            + levels.map {
                UsageEntry(tenant: key, use: .level(slot: $0.bucket, level: $0.billionths, wall: wall))
            }
    }
}
