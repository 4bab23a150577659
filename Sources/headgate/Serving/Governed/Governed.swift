internal import Access
internal import Directory
internal import Foundation
internal import Gateway
internal import Governance
internal import Ledger
internal import Logging
internal import Policy
internal import PostgresLedger
internal import Vocabulary

/// What a ledger governs: the tenants, keys and policies that a server goes by where no files say them.
final class Governed: Sendable {
    /// The ledger, open for appending.
    let ledger: LedgerWriter
    /// Carries commands out, and knows what holds.
    let governor: Governor
    /// What operators sign in with.
    let vault: OperatorVault
    /// Under which keys are hashed.
    let secret: DirectorySecret
    private let image: RegistryImage

    /// The file of the secret in a data folder.
    static func secretPath(in folder: String) -> String { folder + "/keys.secret" }

    /// Opens what a ledger governs.
    ///
    /// - Parameters:
    ///   - location: where the ledger is.
    ///   - folder: the data folder, which has the secret of the keys.
    ///   - log: is told where what was saved for this start is not believed.
    /// - Throws: why it cannot be used, as one sentence.
    init(
        _ location: LedgerLocation, folder: String,
        log: Logger = Logger(label: "headgate") { StreamLogHandler.standardError(label: $0) }
    ) throws(ServerFailure) {
        // Where there is one already, or none can be made, what comes next says so.
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            secret = try SecretFile(path: Governed.secretPath(in: folder)).readOrCreate()
        } catch {
            throw ServerFailure(description: "the secret of the keys cannot be used: \(error.text())")
        }
        do throws(LedgerError) {
            ledger = try location.open { Governed.now }
        } catch {
            throw ServerFailure(description: "the ledger cannot be opened: \(error.description)")
        }
        image = RegistryImage(ledger.store)
        vault = OperatorVault(ledger.store, secret: secret)
        do {
            let saved = try Governed.saved(image, sealedBy: ledger.verifier, log)
            governor = try Governor(ledger: ledger, saved: saved) { Governed.now }
        } catch {
            ledger.close()
            throw ServerFailure(description: "the ledger cannot be read: \(error)")
        }
    }

    /// What was saved for this start, if it can be believed.
    private static func saved(
        _ image: RegistryImage, sealedBy verifier: NoteVerifier, _ log: Logger
    ) throws(LedgerError) -> (registry: Registry, seal: ProjectionSeal)? {
        switch try image.load(sealedBy: verifier) {
        case .nothing: return nil
        case .registry(let registry, let seal): return (registry, seal)
        case .refused(let why):
            log.error(
                "what was saved of the ledger for this start is not believed; all records are read instead: \(why)")
            return nil
        }
    }

    /// Now, by the wall clock.
    static var now: WallTime { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    /// What tells whether something else holds than before: a number for tenants and keys, a version for the policy.
    var state: State {
        State(
            directory: governor.read { $0.directorySequence },
            policy: governor.read { [now = Governed.now] in $0.policies.current(at: now)?.facts.version })
    }

    /// What holds, in short.
    struct State: Equatable {
        /// The last record that changed tenants, principals or keys.
        let directory: Int64
        /// The digest of the policy in force.
        let policy: String?
    }

    /// The tenants, principals and keys that requests are decided by.
    ///
    /// - Parameters:
    ///   - previous: what held so far, if anything did.
    ///   - state: the state as of which it held.
    /// - Returns: the directory; of `previous`, whatever is the same.
    /// - Throws: if keys were hashed under another secret: nobody who has one could be known.
    /// - Complexity: O(what has changed since), or O(n) if that is not known.
    func directory(
        following previous: DirectorySnapshot?, asOf state: State?
    ) throws(Configuration.Problem) -> DirectorySnapshot {
        if let previous, let state, !previous.isSparse,
            let owners = governor.read({ $0.owners(changedSince: state.directory) })
        {
            try check(owners)
            return previous.changing(owners)
        }
        let registry = governor.read { $0 }
        try check(registry.owners)
        try check([.platform(registry.platform)])
        return DirectorySnapshot(
            owners: registry.owners, platform: registry.platform, count: registry.tenants.count,
            authenticator: secret.authenticator)
    }

    private func check(_ owners: some Sequence<DirectorySnapshot.OwnerState>) throws(Configuration.Problem) {
        let foreign = owners.reduce(0) { $0 + $1.keyCount(notUnder: secret) }
        guard foreign > 0 else { return }
        throw Configuration.Problem(
            part: "directory",
            text: "error: \(foreign) keys were hashed under another secret than keys.secret in the data folder; "
                + "all servers on one ledger have the same one\n")
    }

    /// The documents of the policy in force.
    func policyDocuments() -> [SourceFile]? {
        governor.read { [now = Governed.now] registry in
            registry.policies.current(at: now)?.facts.documents.map { SourceFile(name: $0.name, text: $0.text) }
        }
    }

    /// Lets hold what other servers change, and saves what holds from time to time, until it is cancelled.
    func run(log: Logger) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.governor.follow() }
            group.addTask { await self.watch(log) }
            group.addTask { await self.save(log) }
        }
    }

    /// Why the ledger cannot be had, for `/readyz`: no reason to send requests elsewhere, decisions go on with what
    /// holds.
    var problems: [(part: String, problem: String)] {
        [ledger.watch.trouble, ledger.state.trouble].compactMap { $0 }.prefix(1).map { ("ledger", $0.description) }
    }

    /// Tells the log when the ledger cannot be read or written, and when it can be again.
    private func watch(_ log: Logger) async {
        var reading = Told("the ledger cannot be had; decisions go on with what it said", "the ledger can be had again")
        var writing = Told(
            "the ledger cannot be written; changes are refused, decisions go on", "the ledger can be written again")
        while (try? await Task.sleep(for: .milliseconds(500))) != nil {
            if ledger.state.trouble != nil { await BackgroundThread.run { self.ledger.retry() } }
            reading.tell(ledger.watch.trouble, log)
            writing.tell(ledger.state.trouble, log)
        }
    }

    /// What the log was told of a trouble.
    private struct Told {
        private let beginning: String
        private let end: String
        private var kind: LedgerError.Code?

        init(_ beginning: String, _ end: String) {
            self.beginning = beginning
            self.end = end
        }

        /// Tells what is new.
        mutating func tell(_ trouble: LedgerError?, _ log: Logger) {
            guard trouble?.code != kind else { return }
            kind = trouble?.code
            if let trouble { log.error("\(beginning): \(trouble.description)") } else { log.notice("\(end)") }
        }
    }

    /// How often what holds is saved, and how many records have to be new for it.
    private static let saving = (interval: Duration.seconds(300), records: Int64(1_000))

    private func save(_ log: Logger) async {
        var saved = governor.sequence
        while (try? await Task.sleep(for: Governed.saving.interval)) != nil {
            guard governor.sequence - saved >= Governed.saving.records else { continue }
            saved = governor.sequence
            await BackgroundThread.run { self.saveNow(log) }
        }
    }

    private func saveNow(_ log: Logger) {
        do throws(LedgerError) { try image.save(governor.read { $0 }, sealedBy: ledger) } catch {
            log.warning("what the ledger says could not be saved for the next start: \(error.description)")
        }
    }

    /// Closes the ledger.
    func close() { ledger.close() }

    /// Saves what holds and closes the ledger.
    func finish(_ log: Logger) {
        saveNow(log)
        ledger.close()
    }

    /// Writes how the ledger is.
    func write(to text: inout PrometheusText) {
        text.single(
            "headgate_ledger_reachable", .gauge, "0 while the ledger cannot be read.",
            ledger.watch.trouble == nil ? 1 : 0)
        let writing = ledger.state
        text.single(
            "headgate_ledger_writable", .gauge, "0 while changes are refused because appending has failed.",
            writing.trouble == nil ? 1 : 0)
        text.single(
            "headgate_ledger_append_errors_total", .counter, "Commits of the ledger that failed.", writing.failureCount)
        text.single(
            "headgate_ledger_applied_records", .gauge, "Records of the ledger that hold here.", governor.sequence)
        text.single(
            "headgate_ledger_waiting_records", .gauge, "Records of the ledger that do not hold here yet.",
            max(0, ledger.extent.size - governor.sequence))
    }
}
