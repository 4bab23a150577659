/// Reads the records of a ledger in their order, and holds them against what its key has signed.
///
/// Whoever can write to the storage can change a row; whoever acts on records has to see that. So records are read up
/// to the newest checkpoint and no further, and the root that they lead to has to be the one that it says.
package struct LedgerReplay: Sendable {
    /// The place of the next record.
    package var next: Int64 { range.size }
    private let store: any LedgerStore
    private let verifier: NoteVerifier
    private var range: CompactRange
    private var isTainted = false

    /// Records read at once.
    ///
    /// So many are held against the checkpoint before any of them is given out. Where more are to be read, they are
    /// given out page by page, and the last page is not if anything was wrong.
    private static let pageSize = 4_096

    /// Begins with the first record.
    package init(_ store: any LedgerStore, verifier: NoteVerifier) {
        self.store = store
        self.verifier = verifier
        range = CompactRange()
    }

    /// Goes on where a projection ends, whose root was held against its seal.
    ///
    /// - Throws: `damaged` when the tiles do not lead to the root that the seal says.
    package init(_ store: any LedgerStore, verifier: NoteVerifier, after seal: ProjectionSeal) throws(LedgerError) {
        self.store = store
        self.verifier = verifier
        do {
            let roots = try MerkleTree(size: seal.size, tiles: StoredTiles(store: store))
                .perfectSubtrees(of: 0..<seal.size)
            range = CompactRange(size: seal.size, roots: roots)
        } catch {
            throw error as? LedgerError ?? LedgerError(.unavailable, "the tiles of \(store.place) cannot be read")
        }
        guard range.root == seal.root else {
            throw LedgerError(.damaged, "the tiles of \(store.place) do not lead to the root of its projection")
        }
    }

    /// The next records; none when all are read that the newest checkpoint covers.
    ///
    /// - Throws: `damaged` when a record is missing, or was changed; whoever has got earlier pages of the same reading
    ///   then has to give up what was made of them.
    package mutating func read() throws(LedgerError) -> [LedgerEntry] {
        guard !isTainted else { throw LedgerReplay.changed(before: range.size, store.place) }
        guard let head = try store.head() else { return [] }
        let checkpoint = try Checkpoint.checked(Array(head.note.utf8), by: verifier).checkpoint
        guard checkpoint.size > range.size else { return [] }
        let wanted = range.size..<min(checkpoint.size, range.size + Int64(LedgerReplay.pageSize))
        let entries = try store.entries(LedgerQuery(range: wanted, limit: wanted.count))
        var range = range
        for entry in entries {
            guard entry.sequence == range.size else { break }
            range.append(.leaf(LeafEntry.bytes(commitment: entry.commitment)))
        }
        guard range.size == wanted.upperBound else {
            throw LedgerError(
                .damaged, "record \(range.size) of \(store.place) is missing; run 'headgate ledger verify'")
        }
        guard range.size < checkpoint.size || range.root == checkpoint.root else {
            isTainted = true
            throw LedgerReplay.changed(before: range.size, store.place)
        }
        self.range = range
        return entries
    }

    private static func changed(before size: Int64, _ place: String) -> LedgerError {
        LedgerError(
            .damaged,
            "records of \(place) before \(size) are not those that were signed: somebody has changed them; "
                + "'headgate ledger verify' says which, restore them from a copy")
    }
}
