internal import Directory
internal import Gateway
internal import Governance
internal import Journal
internal import Logging
internal import Policy
internal import Vocabulary

/// Loads policy and directory, certificates and tokens anew when they change or when it is told to, in two phases: what
/// can fail happens before anything changes, and then everything changes at once.
struct Reloader {
    let settings: ServerSettings
    let parts: Server.Parts
    let seats: SeatGate
    let log: Logger
    private let retired = RetiredStates()

    /// Reloads a server's files.
    init(settings: ServerSettings, parts: Server.Parts, seats: SeatGate, log: Logger) {
        self.settings = settings
        self.parts = parts
        self.seats = seats
        self.log = log
    }

    /// How often the files are looked at.
    private static let interval = Duration.milliseconds(200)

    /// Watches until it is cancelled.
    ///
    /// Certificates and tokens are watched apart from policy and directory: a mistake in one must not keep a renewed
    /// certificate from being taken up, nor the other way round.
    func watch(from first: Configuration, signals: SignalWatch) async {
        var current = first
        var files = FileWatch(fingerprint)
        var certificates = FileWatch(FileFingerprint(settings.security.tlsPaths))
        var tokens = FileWatch(FileFingerprint(settings.security.tokenPaths))
        var reloads = 0
        var held = parts.governed?.state
        while (try? await Task.sleep(for: Reloader.interval)) != nil {
            let requested = signals.reloadCount
            let isRequested = requested != reloads
            reloads = requested
            if certificates.look(FileFingerprint(settings.security.tlsPaths), isRequested: isRequested) { reloadTLS() }
            if tokens.look(FileFingerprint(settings.security.tokenPaths), isRequested: isRequested) { reloadTokens() }
            // What the ledger says has been changed as a whole: there is nothing to wait for until it settles.
            let governed = parts.governed?.state
            if files.look(fingerprint, isRequested: isRequested) || governed != held {
                held = governed
                let present = current
                current = await BackgroundThread.run { reload(from: present, readsAll: isRequested) }
            }
            if retired.hasUnused { await BackgroundThread.run { retired.freeUnused() } }
        }
    }

    private var fingerprint: FileFingerprint {
        FileFingerprint(policyPath: settings.policyPath, directoryPath: settings.directoryPath)
    }

    /// Loads once.
    ///
    /// Whatever is wrong, the server goes on with what it has.
    private func reload(from current: Configuration, readsAll: Bool) -> Configuration {
        let next: Configuration
        do {
            next = try Configuration.load(
                settings, governed: parts.governed, hash: parts.hash, previous: current, readsAll: readsAll)
        } catch {
            let other = error.part == "policy" ? "directory" : "policy"
            parts.services.setProblem(error.text, with: error.part)
            parts.services.setProblem(nil, with: other)
            parts.services.noteReload("failed")
            log.error("the \(error.part) on disk cannot be used; nothing has changed\n\(error.text)")
            return current
        }
        if next.binding !== current.binding {
            var clock = Clock()
            retired.add(parts.plane.state)
            let now = clock.now()
            parts.plane.apply(next.binding, at: now)
            seats.apply(next.policy, at: now.monotonic)
        }
        parts.services.setProblem(nil, with: "policy")
        parts.services.setProblem(nil, with: "directory")
        parts.services.noteReload("applied")
        if settings.policyPath != nil { parts.governed?.governor.fix(next.policy) }
        if next.policy.version != current.policy.version { record(next) }
        log.notice(
            "policy and directory are applied",
            metadata: [
                "policy": "\(next.policy.name)", "version": "\(next.policy.version.short)",
                "tenants": "\(next.directory.tenants.count)", "read": "\(next.partsRead.joined(separator: ","))",
            ])
        return next
    }

    /// Tells the journal about the policy, so that a decision can be explained long after.
    ///
    /// Two sentences: the story of a decision is no place for the whole policy, which its version names.
    func record(_ configuration: Configuration) {
        var clock = Clock()
        let policy = configuration.policy
        let order = policy.tiers.dropLast().map(\.name).joined(separator: ", then ")
        parts.archive.journal.recordPolicy(
            version: policy.version, name: policy.name,
            summary: "\(policy.owner) answers for it. When capacity is short it protects \(order).",
            at: clock.now().wall)
    }
}
