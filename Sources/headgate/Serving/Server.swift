internal import Admission
internal import Directory
internal import Foundation
internal import Gateway
internal import Governance
internal import Journal
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Policy
internal import Vocabulary

/// A running governor: files, data folder, engine, listener, and the duties that go on beside requests.
struct Server {
    private let settings: ServerSettings
    private let log: Logger
    private let health = ArchiveHealth()
    private let capacity = CapacityWatch()

    /// How long running requests have when the server stops.
    private static let shutdownTime = Nanoseconds.seconds(10)

    /// Prepares a server.
    init(_ settings: ServerSettings) {
        self.settings = settings
        log = Logger(label: "headgate") { StreamLogHandler.standardError(label: $0) }
    }

    /// Serves until it is told to stop.
    ///
    /// - Throws: `ServerFailure` if it cannot start.
    func run() async throws {
        let signals = SignalWatch()
        let archive = try openArchive()
        defer { archive.close() }
        let governed = try settings.ledger.map { location throws(ServerFailure) in
            try Governed(location, folder: settings.dataPath, log: log)
        }
        defer { governed?.finish(log) }
        do {
            try await run(archive, governed, signals)
        } catch {
            // Nothing was decided, so nothing is missing that was not missing before.
            if archive.usage.wasCleanShutdown { archive.usage.markCleanShutdown() }
            throw error
        }
    }

    private func run(_ archive: Archive, _ governed: Governed?, _ signals: SignalWatch) async throws {
        let usageKey = archive.usage.hashKey
        let hash = KeyedHash(key: (usageKey.high, usageKey.low))
        let configuration: Configuration
        do {
            configuration = try Configuration.load(settings, governed: governed, hash: hash, previous: nil)
        } catch {
            throw ServerFailure(description: "headgate cannot start: the \(error.part) cannot be used.\n\(error.text)")
        }
        if settings.policyPath != nil { governed?.governor.fix(configuration.policy) }
        if !configuration.warnings.isEmpty { Terminal.writeError(configuration.warnings) }
        var clock = Clock()
        let now = clock.now()
        let security = try openSecurity(at: now)
        // With the plans of tenants that deviate from theirs: the binding decides by those.
        let engine = AdmissionEngine(
            snapshot: configuration.binding.policy, at: now.monotonic, tenantCountMax: settings.tenantCapacity)
        let usage = UsageKeeper(engine: engine, store: archive.usage, log: log)
        usage.restore(binding: configuration.binding, at: now)
        let tokens = try await openTokens(configuration.policy, governed, at: now.wall)
        let plane = DataPlane(
            engine: engine, binding: configuration.binding, journal: archive.journal, headers: settings.headers,
            hash: hash, homeRegion: settings.region,
            idempotency: restoredKeys(archive, configuration.policy.repeats, at: now), tokens: tokens?.authority,
            consumption: Consumption())
        let consumption = ConsumptionKeeper(
            plane: plane, store: archive.consumption, governor: governed?.governor, log: log)
        consumption.attach(daysMax: settings.usageDays)
        usage.start(watchedBy: consumption.watch)
        let incidents = try IncidentKeeper(plane: plane, folder: settings.dataPath, at: now.wall, log: log)
        let services = services(
            archive: archive, engine: engine, security: security, idempotency: plane.idempotency, governed: governed)
        try await serve(
            Parts(
                archive: archive, engine: engine, plane: plane, services: services, security: security, usage: usage,
                consumption: consumption, incidents: incidents, tokens: tokens, governed: governed, hash: hash),
            configuration, signals)
    }

    /// What a running server is made of.
    struct Parts {
        let archive: Archive
        let engine: AdmissionEngine
        let plane: DataPlane
        let services: GatewayServices
        let security: Security
        let usage: UsageKeeper
        let consumption: ConsumptionKeeper
        let incidents: IncidentKeeper
        let tokens: TokenKeeper?
        let governed: Governed?
        let hash: KeyedHash
    }

    private func serve(_ parts: Parts, _ configuration: Configuration, _ signals: SignalWatch) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.threads ?? System.coreCount)
        let seats = SeatGate(policy: configuration.policy, on: group.next(), at: Clock.monotonic())
        let leases = SeatLeases(gate: seats, on: group.next(), at: Clock.monotonic())
        parts.services.observe { leases.write(to: &$0) }
        if let governed = parts.governed { parts.services.observe { governed.write(to: &$0) } }
        let consumption = parts.consumption
        parts.services.observe { consumption.write(to: &$0) }
        let listener: Listener<GatewayResponder>
        do {
            listener = try await Listener.start(
                at: settings.listen, on: group, limits: settings.limits.affordable(log), tls: parts.security.tls
            ) { loop in
                GatewayResponder(plane: parts.plane, services: parts.services, leases: leases, eventLoop: loop)
            }
        } catch {
            throw ServerFailure(description: "headgate cannot start: it cannot listen on \(settings.listen): \(error)")
        }
        parts.services.observeConnections { [listener] in
            .init(open: listener.connectionCount, refused: listener.refusedConnectionCount)
        }
        let proxy: ProxyServer?
        if let proxySettings = settings.proxy {
            proxy = try await .start(proxySettings, settings, parts, seats: seats, on: group, log: log)
        } else {
            proxy = nil
        }
        let control = try ControlListener(settings, parts, log: log)
        if let control { parts.services.observe { control.write(to: &$0) } }
        let reloader = Reloader(settings: settings, parts: parts, seats: seats, log: log)
        reloader.record(configuration)
        parts.security.report(settings, to: log)
        log.notice(
            "headgate serves on \(parts.security.tls == nil ? "http" : "https")://\(settings.listen.with(port: listener.port))",
            metadata: [
                "policy": "\(configuration.policy.name)", "version": "\(configuration.policy.version.short)",
                "tenants": "\(configuration.directory.tenants.count)", "data": "\(settings.dataPath)",
            ])
        await withTaskGroup(of: Void.self) { beside in
            beside.addTask { await control?.run(log: log) }
            await keep(parts, seats, reloader, from: configuration, signals)
            log.notice("headgate stops: running requests have \(Server.shutdownTime.secondsRoundedUp) s to finish")
            parts.services.beginDraining()
            beside.addTask { await listener.shutDown(within: Server.shutdownTime) }
            beside.addTask { await proxy?.shutDown(within: Server.shutdownTime) }
            beside.addTask { await control?.stop(within: .seconds(Server.shutdownTime.secondsRoundedUp)) }
        }
        parts.usage.finish()
        parts.incidents.finish()
        parts.tokens?.finish()
        try? await group.shutdownGracefully()
        log.notice("headgate has stopped")
    }

    /// Goes on with what is done beside requests until the server is told to stop.
    private func keep(
        _ parts: Parts, _ seats: SeatGate, _ reloader: Reloader, from first: Configuration, _ signals: SignalWatch
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await reloader.watch(from: first, signals: signals) }
            group.addTask { await sweep(parts.plane) }
            group.addTask { await parts.tokens?.run(parts.plane, parts.services, signals) }
            group.addTask { await parts.governed?.run(log: log) }
            group.addTask { await parts.incidents.run() }
            group.addTask { await parts.consumption.run() }
            group.addTask { await Server.watchHealth(parts.plane, seats) }
            await signals.stopRequested()
            group.cancelAll()
        }
    }

    private func openSecurity(at now: Moment) throws(ServerFailure) -> Security {
        do { return try Security(settings.security, at: now.wall) } catch {
            let name = error.part == "tls" ? "certificates" : "gateway tokens"
            throw ServerFailure(description: "headgate cannot start: the \(name) cannot be used.\n\(error.text)")
        }
    }

    private func openTokens(
        _ policy: Snapshot, _ governed: Governed?, at now: WallTime
    ) async throws(ServerFailure) -> TokenKeeper? {
        guard let path = settings.tokensPath else { return nil }
        return try await TokenKeeper(
            TokenFiles(settingsPath: path, folder: settings.dataPath), policyVersion: policy.version.description,
            governed: governed.map { ($0, settings.policyPath == nil) }, at: now, log: log)
    }

    private func openArchive() throws(ServerFailure) -> Archive {
        let log = log
        let health = health
        do {
            return try Archive(path: settings.dataPath, settings: settings.journal) {
                var clock = Clock()
                return clock.now()
            } notify: { notice in
                health.note(notice)
                log.warning("\(notice.message)", metadata: ["code": "\(notice.code.rawValue)"])
            }
        } catch {
            throw ServerFailure(description: "headgate cannot start: \(error.description)")
        }
    }

    /// What is remembered of idempotency keys, with what the run before has left on disk.
    private func restoredKeys(_ archive: Archive, _ treatment: RepeatTreatment, at now: Moment) -> IdempotencyStore {
        let key = archive.answers.hashKey
        let store = IdempotencyStore(
            treatment: treatment, hash: KeyedHash(key: (key.high, key.low)), archive: archive.answers)
        do {
            let found = try store.restore(at: now)
            if found.interrupted > 0 {
                log.warning(
                    "\(found.interrupted) requests with idempotency keys were running when the last run ended; nobody knows whether they were carried out",
                    metadata: ["repeats": "\(treatment.interrupted.name)"])
            }
            if found.answers > 0 { log.info("\(found.answers) answers to requests with idempotency keys are restored") }
        } catch {
            log.error("stored answers cannot be read; repeats of their requests run again: \(error.description)")
        }
        return store
    }

    private func services(
        archive: Archive, engine: AdmissionEngine, security: Security, idempotency: IdempotencyStore,
        governed: Governed?
    ) -> GatewayServices {
        let (health, capacity) = (health, capacity)
        return GatewayServices(tokens: security.tokens) {
            health.problems + capacity.problems + (governed?.problems ?? [])
        } writeMetrics: { text in
            security.tls?.write(to: &text)
            text.write(archive.journal.statistics)
            health.write(to: &text)
            capacity.write(engine, to: &text)
            text.single(
                "headgate_usage_write_errors_total", .counter, "Failed attempts to save quotas.",
                archive.usage.writeErrors)
            let keys = idempotency.statistics
            text.single("headgate_idempotency_keys", .gauge, "Idempotency keys that are remembered.", keys.keys)
            text.single(
                "headgate_idempotency_bytes", .gauge, "Memory that idempotency keys and stored answers take.",
                keys.bytes)
            text.single(
                "headgate_answers_not_kept_total", .counter,
                "Changes of the answer store that could not be written to disk.", archive.answers.failureCount)
        }
    }

    /// Five times a second has seats and budgets go by how well the system behind is: what is told may count for a
    /// fifth of a second too long.
    private static func watchHealth(_ plane: DataPlane, _ seats: SeatGate) async {
        var clock = Clock()
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            plane.settleHealth(with: seats, at: clock.now())
        }
    }

    /// Every second forgets idle tenants and old idempotency keys, some of them, and adds up what customers have felt.
    private func sweep(_ plane: DataPlane) async {
        var clock = Clock()
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let now = clock.now()
            plane.engine.sweep(limitPerShard: 1_000, at: now)
            if let notice = capacity.look(at: plane.engine, now.monotonic) { log.warning("\(notice)") }
            plane.idempotency.expire(upTo: 1_000, at: now.monotonic)
            plane.nearMisses.sweep(at: now.monotonic)
            plane.experience.collect(plane.state.policy, at: now.monotonic)
        }
    }
}

extension PrometheusText {
    /// Writes what the journal has done.
    fileprivate mutating func write(_ statistics: JournalStatistics) {
        begin("headgate_journal_decisions_total", .counter, "Decisions handed to the journal, by what became of them.")
        sample("headgate_journal_decisions_total", [("result", "written")], "\(statistics.written)")
        sample("headgate_journal_decisions_total", [("result", "sampled_out")], "\(statistics.sampledOut)")
        begin("headgate_journal_dropped_total", .counter, "Decisions that should have been kept and were not.")
        for outcome in Outcome.allCases {
            sample(
                "headgate_journal_dropped_total", [("outcome", outcome.name)], "\(statistics.dropped[outcome] ?? 0)")
        }
        single("headgate_journal_queue_depth", .gauge, "Decisions that wait to be written.", statistics.queueDepth)
        single("headgate_journal_write_errors_total", .counter, "Failed attempts to write.", statistics.writeErrors)
        begin("headgate_journal_removed_total", .counter, "Decisions that retention removed.")
        sample("headgate_journal_removed_total", [("cause", "age")], "\(statistics.removedByAge)")
        sample("headgate_journal_removed_total", [("cause", "bytes")], "\(statistics.removedByBytes)")
    }
}
