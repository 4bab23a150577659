/// Makes proofs for others from a stored ledger.
package struct LedgerProver {
    private let store: any LedgerStore
    /// The newest checkpoint, signed: the one that proofs lead to.
    package let note: SignedNote
    /// What it says.
    package let checkpoint: Checkpoint

    /// The key that the ledger names as the one that checks it.
    package let verifier: NoteVerifier

    /// Looks at the newest checkpoint.
    package init(_ store: any LedgerStore) throws(LedgerError) {
        guard let head = try store.head() else {
            throw LedgerError(.noLedger, "the ledger at \(store.place) was never written")
        }
        self.store = store
        note = try SignedNote(bytes: Array(head.note.utf8))
        verifier = try NoteVerifier(head.verifier)
        checkpoint = try Checkpoint(noteText: note.text)
    }

    /// A proof that a record stands where it does.
    ///
    /// It carries record and salt, so that it says what was recorded. If that is not wanted, or the record was erased,
    /// it carries the commitment alone.
    package func proof(of sequence: Int64, includesRecord: Bool = true) throws(LedgerError) -> TransparencyProof {
        guard 0 <= sequence, sequence < checkpoint.size,
            let entry = try store.entries(LedgerQuery(range: sequence..<sequence + 1, limit: 1)).first
        else {
            throw LedgerError(.unknown, "there is no record \(sequence); the ledger has \(checkpoint.size), from 0 on")
        }
        let evidence: ProofEvidence =
            if includesRecord, case .sealed(let seal) = entry.content {
                .record(seal)
            } else {
                .commitment(entry.commitment)
            }
        let path = try hashes { try MerkleTree(size: checkpoint.size, tiles: $0).inclusionProof(of: sequence) }
        return TransparencyProof(extra: evidence.bytes, index: sequence, path: path, note: note)
    }

    /// Makes sure that an entry is the one that stands at its place.
    ///
    /// - Throws: `damaged` when it was changed.
    package func check(_ entry: LedgerEntry) throws(LedgerError) {
        let leaf = MerkleHash.leaf(LeafEntry.bytes(commitment: entry.commitment))
        let isThere = entry.sequence < checkpoint.size
        let path = isThere ? try proof(of: entry.sequence, includesRecord: false).path : []
        let holds = MerkleProof.shows(
            leaf: leaf, at: entry.sequence, in: checkpoint.size, root: checkpoint.root, proof: path)
        guard isThere, holds else {
            throw LedgerError(
                .damaged,
                "record \(entry.sequence) is not the one that was signed: somebody has changed it; run 'headgate ledger "
                    + "verify'")
        }
    }

    /// The hashes that show that a tree of an older size is the beginning of the present one.
    package func consistency(from older: Int64) throws(LedgerError) -> [MerkleHash] {
        guard 0 <= older, older <= checkpoint.size else {
            throw LedgerError(.unknown, "the ledger has \(checkpoint.size) records, fewer than \(older)")
        }
        return try hashes { try MerkleTree(size: checkpoint.size, tiles: $0).consistencyProof(from: older) }
    }

    /// The root as it was at an older size.
    package func root(at size: Int64) throws(LedgerError) -> MerkleHash {
        guard 0 <= size, size <= checkpoint.size else {
            throw LedgerError(.unknown, "the ledger has \(checkpoint.size) records, fewer than \(size)")
        }
        let roots = try hashes { [try MerkleTree(size: size, tiles: $0).root()] }
        return roots[0]
    }

    private func hashes(_ body: (StoredTiles) throws -> [MerkleHash]) throws(LedgerError) -> [MerkleHash] {
        do {
            return try body(StoredTiles(store: store))
        } catch {
            throw error as? LedgerError ?? LedgerError(.unavailable, "the tiles of \(store.place) cannot be read")
        }
    }
}

/// The tiles of any store.
struct StoredTiles: TileSource {
    let store: any LedgerStore

    func hashes(of tile: TileCoordinate, atLeast count: Int) throws -> [MerkleHash] {
        try store.hashes(of: tile, atLeast: count)
    }
}

/// What a `.tlog-proof` carries in its line `extra`, from which the entry can be made again.
package enum ProofEvidence: Hashable, Sendable {
    /// The record with its salt.
    case record(RecordSeal)
    /// The commitment alone.
    case commitment([UInt8])

    private static let recordForm: UInt8 = 1
    private static let commitmentForm: UInt8 = 2

    /// The bytes.
    var bytes: [UInt8] {
        switch self {
        case .record(let seal): [ProofEvidence.recordForm] + seal.salt + seal.record
        case .commitment(let commitment): [ProofEvidence.commitmentForm] + commitment
        }
    }

    /// Reads the bytes; `nil` if they are nothing of the kind.
    package init?(_ bytes: [UInt8]) {
        let rest = Array(bytes.dropFirst())
        switch bytes.first {
        case ProofEvidence.recordForm where rest.count > RecordSeal.saltByteCount:
            self = .record(
                RecordSeal(
                    salt: Array(rest.prefix(RecordSeal.saltByteCount)),
                    record: Array(rest.dropFirst(RecordSeal.saltByteCount))))
        case ProofEvidence.commitmentForm where rest.count == MerkleHash.byteCount: self = .commitment(rest)
        default: return nil
        }
    }

    /// The entry that a proof is about.
    package var entry: [UInt8] {
        switch self {
        case .record(let seal): LeafEntry.bytes(commitment: seal.commitment)
        case .commitment(let commitment): LeafEntry.bytes(commitment: commitment)
        }
    }
}
