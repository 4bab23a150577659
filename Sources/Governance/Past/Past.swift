internal import Directory
package import Ledger
internal import Policy
package import Vocabulary

/// What held at a moment of the past, as the ledger's records say it.
///
/// The same events, applied by the same code as those of today, up to the last record of that moment. Each record is
/// held against the newest checkpoint before it is believed.
package struct Past {
    /// The moment.
    package let moment: WallTime
    /// How many records there were.
    package let size: Int64
    /// Their root.
    package let root: MerkleHash
    /// How many records there are now.
    package let ledgerSize: Int64
    private let store: any LedgerStore
    private let prover: LedgerProver

    /// How many records are read at once.
    private static let pageSize = 500

    /// Looks up how far a ledger reached at a moment.
    ///
    /// - Throws: `noLedger` for one that was never written, `invalid` for a checkpoint that the ledger's own key has
    ///   not signed, and what reading throws.
    /// - Complexity: O(log n).
    package init(_ store: any LedgerStore, at moment: WallTime) throws(LedgerError) {
        self.store = store
        self.moment = moment
        prover = try LedgerProver(store)
        try prover.note.checked(by: prover.verifier)
        ledgerSize = prover.checkpoint.size
        size = try store.size(at: moment, in: ledgerSize)
        root = try prover.root(at: size)
    }

    /// The last record of that time.
    package func last() throws(LedgerError) -> LedgerEntry? {
        try store.entries(LedgerQuery(range: max(0, size - 1)..<size, limit: 1)).first
    }

    /// What held for a tenant; `nil` if there was none of that name.
    ///
    /// - Complexity: O(records of the tenant).
    package func tenant(_ name: String) throws(GovernanceError) -> PastTenant? {
        var tenant = PastTenant.Draft(name: name)
        try read("tenant/\(name)") { (entry, event) throws(UnreadableEvent) in try tenant.apply(entry, event) }
        return tenant.tenant(at: moment)
    }

    /// The policy that was in force; `nil` if the ledger said none, because a file did or nobody had published one.
    ///
    /// - Complexity: O(records about policies).
    package func policy() throws(GovernanceError) -> PastPolicy? {
        let policies = try policies()
        return policies.registry.policies.current(at: moment).flatMap { policies.policy($0) }
    }

    /// The policy of a version, if it was proposed by that moment: the last of those that mean the same.
    package func policy(version: String) throws(GovernanceError) -> PastPolicy? {
        let policies = try policies()
        return policies.registry.policies.proposals.last { $0.facts.version == version }.flatMap { policies.policy($0) }
    }

    private func policies() throws(GovernanceError) -> PastPolicy.Draft {
        var draft = PastPolicy.Draft()
        try read("policy") { (entry, event) throws(UnreadableEvent) in try draft.apply(entry, event) }
        return draft
    }

    private func read(
        _ stream: String, _ body: (LedgerEntry, GovernanceEvent?) throws(UnreadableEvent) -> Void
    ) throws(GovernanceError) {
        var next: Int64 = 0
        while next < size {
            var query = LedgerQuery(range: next..<size, limit: Past.pageSize)
            query.stream = stream
            let entries: [LedgerEntry]
            do throws(LedgerError) {
                entries = try store.entries(query)
                for entry in entries { try prover.check(entry) }
            } catch {
                throw .ledger(error)
            }
            for entry in entries {
                do throws(UnreadableEvent) { try body(entry, try GovernanceEvent(entry)) } catch {
                    throw .unreadable(error)
                }
            }
            guard let last = entries.last else { return }
            next = last.sequence + 1
        }
    }

    /// Everything that held.
    ///
    /// Begins with what was saved, if that is of a time before; the records after it, or all, are read and held against
    /// the newest checkpoint.
    ///
    /// - Complexity: O(n) in the records.
    package func registry() throws(GovernanceError) -> Registry {
        do throws(LedgerError) {
            var registry = Registry()
            var replay = LedgerReplay(store, verifier: prover.verifier)
            if case .registry(let saved, let seal) = try RegistryImage(store).load(sealedBy: prover.verifier),
                seal.size <= size
            {
                registry = saved
                replay = try LedgerReplay(store, verifier: prover.verifier, after: seal)
            }
            var problem: UnreadableEvent?
            // To the end, since the newest checkpoint is what is signed.
            while case let entries = try replay.read(), !entries.isEmpty {
                for entry in entries where entry.sequence < size && problem == nil {
                    do throws(UnreadableEvent) { try registry.apply(entry) } catch { problem = error }
                }
            }
            if let problem { throw LedgerError(.damaged, problem.description) }
            return registry
        } catch {
            throw .ledger(error)
        }
    }
}

/// Which record said something, when, and by whom.
package struct RecordMark: Hashable, Sendable {
    /// The number of the record.
    package let sequence: Int64
    /// Its time.
    package let time: WallTime
    /// Who did it; `nil` once the record is erased.
    package let actor: String?

    /// Takes down where an entry stands.
    init(_ entry: LedgerEntry) {
        sequence = entry.sequence
        time = entry.time
        actor = entry.actor.isEmpty ? nil : entry.actor
    }
}

extension GovernanceEvent {
    /// The event of an entry; `nil` if it is erased, or of a type that is not known here.
    ///
    /// - Throws: if a known type has a payload that is none.
    init?(_ entry: LedgerEntry) throws(UnreadableEvent) {
        guard case .sealed(let seal) = entry.content, let record = LedgerRecord(bytes: seal.record) else { return nil }
        try self.init(type: record.type, payload: record.payload)
    }
}
