package import Access
package import Ledger
package import Policy
internal import Synchronization
package import Vocabulary

/// Carries commands out: judges them on what holds, has the ledger remember what happens, and then lets it hold.
///
/// What holds follows from the ledger alone: also what this process has appended is read back from there, so several
/// processes on one ledger come to the same, in the same order. Records are held against what the ledger's key has
/// signed before they hold here (`LedgerReplay`).
package final class Governor: Sendable {
    /// Where everything is remembered.
    let ledger: LedgerWriter
    private let clock: @Sendable () -> WallTime
    private let state: Mutex<State>
    /// Where reading goes on; who reads holds it, so that the records come in their order.
    private let replay: Mutex<LedgerReplay>

    private struct State {
        var registry: Registry
        var compiled: (version: String, snapshot: Snapshot)?
        var fixed: Snapshot?
    }

    /// How often a command is judged anew because somebody else was faster.
    private static let attemptCountMax = 8
    /// Begins with what a ledger says.
    ///
    /// - Parameters:
    ///   - ledger: the ledger, open for appending.
    ///   - saved: what was saved, with the seal on it; the records after it are read here, and all without it.
    ///   - fixedPolicy: the policy, where a file says it and not the ledger.
    ///   - clock: what time it is.
    /// - Throws: if records cannot be read, or are not those that were signed.
    /// - Complexity: O(n) in the records that `saved` does not hold.
    package init(
        ledger: LedgerWriter, saved: (registry: Registry, seal: ProjectionSeal)? = nil, fixedPolicy: Snapshot? = nil,
        clock: @escaping @Sendable () -> WallTime
    ) throws(GovernanceError) {
        self.ledger = ledger
        self.clock = clock
        state = Mutex(State(registry: saved?.registry ?? Registry(), fixed: fixedPolicy))
        do throws(LedgerError) {
            replay = Mutex(
                try saved.map { (saved) throws(LedgerError) in
                    try LedgerReplay(ledger.store, verifier: ledger.verifier, after: saved.seal)
                } ?? LedgerReplay(ledger.store, verifier: ledger.verifier))
        } catch {
            throw .ledger(error)
        }
        try catchUp()
    }

    /// Looks at what holds; `body` must neither wait nor call out.
    package func read<Answer>(_ body: (borrowing Registry) throws -> sending Answer) rethrows -> sending Answer {
        try state.withLock { try body($0.registry) }
    }

    /// The first record that does not hold yet: a number that grows with every change.
    package var sequence: Int64 { state.withLock { $0.registry.sequence } }

    /// The policy that a file says from now on.
    package func fix(_ policy: Snapshot?) { state.withLock { $0.fixed = policy } }

    /// The policy in force, compiled.
    package func policy(at now: WallTime) -> Snapshot? {
        let (fixed, current, compiled) = state.withLock {
            ($0.fixed, $0.registry.policies.current(at: now), $0.compiled)
        }
        if let fixed { return fixed }
        guard let current else { return nil }
        if let compiled, compiled.version == current.facts.version { return compiled.snapshot }
        guard case .success(let snapshot) = PolicyText.compile(current.facts.documents) else { return nil }
        state.withLock { $0.compiled = (current.facts.version, snapshot) }
        return snapshot
    }

    /// Carries a command out.
    ///
    /// - Parameters:
    ///   - command: what is wanted.
    ///   - authority: who wants it, with what they may do now.
    ///   - id: makes a repeat of the command get the same answer; empty for none.
    ///   - version: the version at which the stream must be, if the caller has read one.
    /// - Returns: where it is remembered, and the version of the stream after it.
    /// - Throws: why it was not carried out.
    @discardableResult
    package func execute(
        _ command: GovernanceCommand, by authority: Authority, id: String = "", expecting version: Int64? = nil
    ) async throws(GovernanceError) -> Outcome {
        try await execute(command, erasing: [], by: authority, id: id, expecting: version)
    }

    /// The same, with records whose contents go with it.
    func execute(
        _ command: GovernanceCommand, erasing erasures: [Int64], by authority: Authority, id: String = "",
        expecting version: Int64? = nil
    ) async throws(GovernanceError) -> Outcome {
        if let outcome = try repeated(id, command, by: authority) { return outcome }
        for _ in 0..<Governor.attemptCountMax {
            let now = clock()
            let policy = policy(at: now)
            let verdict = try judge(command, by: authority, at: now, policy)
            if let version, version != verdict.version {
                throw .refused(
                    GovernanceRefusal(
                        .stale, "\(verdict.stream) is at version \(verdict.version), not \(version)",
                        suggestion: "read it again"))
            }
            let answer = try await append(
                LedgerCommand(
                    id: id, actor: Governor.actor(authorityName: authority.name),
                    events: verdict.events.map { LedgerEvent($0, in: verdict.stream) },
                    expectedVersions: command.isConditional ? [verdict.stream: verdict.version] : [:],
                    erasures: erasures))
            switch answer {
            case .appended(let receipt), .repeated(let receipt):
                try catchUp(to: receipt.sequences.upperBound)
                return Outcome(
                    receipt: receipt, isRepeat: answer != .appended(receipt),
                    version: verdict.version + Int64(verdict.events.count))
            case .refused(.versionConflict): try catchUp()
            case .refused(let refusal): throw .refused(GovernanceRefusal(.conflict, refusal.description))
            }
        }
        throw .refused(
            GovernanceRefusal(.conflict, "others change the same thing all the time", suggestion: "try again"))
    }

    /// What came of a command.
    package struct Outcome: Hashable, Sendable {
        /// Where it stands in the ledger.
        package let receipt: LedgerReceipt
        /// Whether it had been carried out before.
        package let isRepeat: Bool
        /// The version of the stream after it.
        package let version: Int64
    }

    private func judge(
        _ command: GovernanceCommand, by authority: Authority, at now: WallTime, _ policy: Snapshot?
    ) throws(GovernanceError) -> Judgement.Verdict {
        let registry = state.withLock { $0.registry }
        if let permission = command.permission,
            authority.ruling(on: permission, command.target(in: registry)) == .forbidden
        {
            throw .refused(
                GovernanceRefusal(.forbidden, "\(authority.name) may not do this: it takes \(permission.rawValue)"))
        }
        let judgement = Judgement(
            registry: registry, actor: authority.name, now: now, policy: policy)
        do { return try judgement.judge(command) } catch { throw .refused(error) }
    }

    private func append(_ command: LedgerCommand) async throws(GovernanceError) -> LedgerAnswer {
        do throws(LedgerError) { return try await ledger.append(command) } catch { throw .ledger(error) }
    }

    /// Has the ledger remember what servers do by themselves, or clients of theirs, about tokens, and lets it hold.
    ///
    /// - Parameters:
    ///   - events: what happens.
    ///   - stream: `TokenRegistry.stream` or `TokenRegistry.revocationStream`.
    ///   - actor: `system/tokens`, or `principal/` and the client.
    ///   - version: the version at which the stream must be; `nil`: any.
    /// - Throws: `stale` if the stream is at another version, and what the ledger says.
    package func note(
        _ events: [GovernanceEvent], in stream: String, by actor: String, expecting version: Int64? = nil
    ) async throws(GovernanceError) {
        try await append(
            events.map { LedgerEvent($0, in: stream) }, by: actor, expecting: version.map { [stream: $0] } ?? [:])
    }

    /// Has the ledger remember events that no operator makes, and lets them hold.
    func append(
        _ events: [LedgerEvent], by actor: String, expecting versions: [String: Int64]
    ) async throws(GovernanceError) {
        let answer = try await append(LedgerCommand(actor: actor, events: events, expectedVersions: versions))
        if case .refused(let refusal) = answer {
            throw .refused(GovernanceRefusal(.conflict, refusal.description))
        }
        try catchUp()
    }

    /// How records name an operator who acts.
    static func actor(authorityName name: OperatorName) -> String { "operator/\(name)" }

    /// What a command of this id was told, if it is the same command by the same person.
    private func repeated(
        _ id: String, _ command: GovernanceCommand, by authority: Authority
    ) throws(GovernanceError) -> Outcome? {
        guard let found = try remembered(id) else { return nil }
        guard let record = found.record, record.actor == Governor.actor(authorityName: authority.name),
            record.type == command.event.type,
            record.payload == command.event.payload,
            record.stream == state.withLock({ command.stream(in: $0.registry) })
        else {
            throw .refused(
                GovernanceRefusal(
                    .conflict, "the key \(id.quoted) was used for another command",
                    suggestion: "give each command a key of its own"))
        }
        return Outcome(
            receipt: found.receipt, isRepeat: true, version: record.version + Int64(found.receipt.sequences.count) - 1)
    }

    /// What a command of an id has left in the ledger: where, and its first record unless that is erased.
    package func remembered(
        _ id: String
    ) throws(GovernanceError) -> (receipt: LedgerReceipt, record: LedgerRecord?)? {
        guard !id.isEmpty else { return nil }
        do throws(LedgerError) {
            guard let receipt = try ledger.store.receipts(of: [id])[id] else { return nil }
            let entry = try ledger.store.entries(LedgerQuery(range: receipt.sequences, limit: 1)).first
            guard case .sealed(let seal)? = entry?.content else { return (receipt, nil) }
            return (receipt, LedgerRecord(bytes: seal.record))
        } catch {
            throw .ledger(error)
        }
    }

    /// Lets hold what the ledger has and does not hold yet, at least up to a place.
    ///
    /// Of several who want that at once one reads for all.
    package func catchUp(to size: Int64 = .max) throws(GovernanceError) {
        try replay.withLock { (replay) throws(GovernanceError) in
            while replay.next < size {
                let entries = try Governor.page(of: &replay)
                guard !entries.isEmpty else { return }
                try apply(entries)
            }
        }
    }

    private static func page(of replay: inout LedgerReplay) throws(GovernanceError) -> [LedgerEntry] {
        do throws(LedgerError) { return try replay.read() } catch { throw .ledger(error) }
    }

    private func apply(_ entries: [LedgerEntry]) throws(GovernanceError) {
        let problem = state.withLock { state -> UnreadableEvent? in
            do throws(UnreadableEvent) {
                for entry in entries { try state.registry.apply(entry) }
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw .unreadable(problem) }
    }

    /// Lets hold what others append, for as long as the task runs.
    package func follow() async {
        while !Task.isCancelled {
            _ = await ledger.extent.size(beyond: sequence)
            if (try? catchUp()) == nil { try? await Task.sleep(for: .milliseconds(200)) }
        }
    }
}

/// Why a command was not carried out.
package enum GovernanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It may not be, or cannot be.
    case refused(GovernanceRefusal)
    /// The ledger could not remember it; nothing has changed, as far as it can tell.
    case ledger(LedgerError)
    /// The ledger holds something that cannot be read.
    case unreadable(UnreadableEvent)

    /// One sentence.
    package var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .ledger(let error): error.description
        case .unreadable(let event): event.description
        }
    }
}
