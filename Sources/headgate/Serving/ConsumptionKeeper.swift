internal import Admission
internal import Console
internal import Directory
internal import Gateway
internal import Governance
internal import Journal
internal import Logging
internal import Policy
internal import Synchronization
internal import Vocabulary

/// Has what tenants use written down, and tells when much of a quota is used.
///
/// A warning goes first into the ledger, where there is one: there it is told once, whichever server saw it and
/// however often one was restarted, and whoever sends notifications finds it there. Then into the server's own record,
/// its log and its metrics.
final class ConsumptionKeeper: Sendable {
    /// Sees when much of a quota is used.
    let watch: QuotaWatch
    private let plane: DataPlane
    private let store: ConsumptionStore
    private let governor: Governor?
    private let log: Logger
    private let state = Mutex(State())

    private struct State {
        /// What has been seen and not told yet.
        var waiting: [QuotaWatch.Crossing] = []
        /// How often was told of each share.
        var told: [Int64: UInt64] = [:]
        var isFailing = false
    }

    /// How often is looked for what is to be told.
    private static let interval = Duration.milliseconds(500)
    /// How many warnings may wait for a ledger that cannot be had; more are forgotten, and the log says so.
    private static let waitingMax = 100_000

    /// Keeps what a data plane counts.
    init(plane: DataPlane, store: ConsumptionStore, governor: Governor?, log: Logger) {
        self.plane = plane
        self.store = store
        self.governor = governor
        self.log = log
        watch = QuotaWatch(plane)
    }

    /// Has use written from now on, and remembers of what somebody was told before.
    func attach(daysMax: Int32) {
        for warning in store.warned { watch.remember(plane.key(ofTenant: warning.tenant), warning) }
        guard let consumption = plane.consumption else { return }
        store.attach(
            .init(collect: { consumption.collect() }, waitingCount: { consumption.waitingCount }), daysMax: daysMax)
    }

    /// Tells until it is cancelled.
    func run() async {
        while (try? await Task.sleep(for: ConsumptionKeeper.interval)) != nil { await tell() }
    }

    private func tell() async {
        let crossings = watch.take()
        let waiting = state.withLock { state in
            state.waiting += crossings
            defer { state.waiting = [] }
            return state.waiting
        }
        guard !waiting.isEmpty else { return }
        let names = names(of: Set(waiting.map(\.tenant)))
        var rest: [QuotaWatch.Crossing] = []
        for crossing in waiting {
            // A counter of a descriptor's limit is no tenant, and one that is gone meanwhile needs no warning.
            guard let name = names[crossing.tenant] else { continue }
            if rest.isEmpty, await tell(crossing, of: name) { continue }
            rest.append(crossing)
        }
        keep(rest)
    }

    private func keep(_ rest: [QuotaWatch.Crossing]) {
        guard !rest.isEmpty else { return }
        let lost = state.withLock { state in
            state.waiting = rest + state.waiting
            let lost = max(0, state.waiting.count - ConsumptionKeeper.waitingMax)
            state.waiting.removeFirst(lost)
            return lost
        }
        if lost > 0 { log.error("\(lost) warnings of quotas are forgotten: the ledger could not be had for too long") }
    }

    /// - Returns: `false` when the ledger cannot remember it now.
    private func tell(_ crossing: QuotaWatch.Crossing, of tenant: String) async -> Bool {
        let facts = QuotaWarningFacts(
            unit: crossing.unit, period: crossing.period, number: crossing.number, share: crossing.share,
            used: crossing.used, amount: crossing.amount)
        var isNew = true
        if let governor {
            do throws(GovernanceError) {
                isNew = try await governor.note(facts, of: tenant)
                noteFailing(nil)
            } catch {
                noteFailing(error)
                return false
            }
        }
        store.note(
            QuotaWarning(
                tenant: tenant, unit: crossing.unit, period: crossing.period, number: crossing.number,
                share: crossing.share))
        guard isNew else { return true }
        state.withLock { $0.told[crossing.share, default: 0] += 1 }
        log.warning(
            "\(tenant) has used \(crossing.used) of \(crossing.amount) \(crossing.unit.name) this \(crossing.period.name)",
            metadata: ["share": "\(UnitText.percentage(crossing.share))", "event": "quota.warned"])
        return true
    }

    private func noteFailing(_ error: GovernanceError?) {
        let isNews = state.withLock { state in
            defer { state.isFailing = error != nil }
            return state.isFailing != (error != nil)
        }
        guard isNews else { return }
        if let error {
            log.error("warnings of quotas wait for the ledger: \(error)")
        } else {
            log.notice("warnings of quotas are remembered by the ledger again")
        }
    }

    /// The names of tenants.
    ///
    /// - Complexity: O(n) in all tenants, which is why it is done for many at once.
    private func names(of keys: Set<TenantKey>) -> [TenantKey: String] {
        let binding = plane.state.binding
        var names: [TenantKey: String] = [:]
        for (index, tenant) in binding.tenants.enumerated() where keys.contains(tenant.key) {
            names[tenant.key] = binding.directory.tenants[index].name
        }
        return names
    }
}

extension ConsumptionKeeper: QuotaReader {
    func quotas(of tenant: String) -> QuotaStanding? {
        var clock = Clock()
        let moment = clock.now()
        // Another policy may be applied at any instant; the next look has it.
        for _ in 0..<4 {
            let state = plane.state
            guard let index = state.binding.directory.tenantIndex(named: tenant) else { return nil }
            let bound = state.binding.tenants[index]
            let plan = bound.plans.plan(at: moment.wall)
            guard plan >= 0 else { return nil }
            guard let uses = plane.engine.quotaUse(of: bound.key, plan: plan, with: state.blueprint, at: moment)
            else { continue }
            return QuotaStanding(
                zone: state.policy.plans[plan].zone,
                quotas: uses.map {
                    QuotaStanding.Quota(
                        unit: $0.unit, period: $0.period, amount: $0.amount, used: $0.used, resets: $0.end)
                })
        }
        return nil
    }
}

extension ConsumptionKeeper {
    /// Writes how often somebody was told, and whether use can be written.
    func write(to text: inout PrometheusText) {
        let told = state.withLock { $0.told }
        text.begin(
            "headgate_quota_warnings_total", .counter, "Warnings that a share of a quota is used, by that share.")
        for (share, count) in told.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "headgate_quota_warnings_total", [("share", UnitText.percentage(share))], "\(count)")
        }
        text.single(
            "headgate_consumption_waiting_rows", .gauge, "Rows of use that are not written yet.",
            plane.consumption?.waitingCount ?? 0)
        text.single(
            "headgate_consumption_write_errors_total", .counter, "Failed attempts to write what tenants use.",
            store.writeErrors)
    }
}
