internal import Vocabulary

/// What may be appended, and what follows from it: places, seals, tiles, the checkpoint.
///
/// A value that reads from a store and changes nothing. `prepare` computes what one commit would write and what the
/// ledger is then; whoever has written it takes that for the next one. So a commit that fails leaves nothing behind,
/// and all backends have the same rules.
struct LedgerAppender: Sendable {
    /// The store's head as of which this is.
    let head: StoredHead?
    /// How many records there are.
    let size: Int64
    private let edge: TileEdge
    private let firstTime: WallTime?
    private let lastTime: WallTime
    private let signer: NoteSigner

    /// What a commit would write, what commands are told if it succeeds, and the appender for the next one.
    struct Prepared {
        var changes: LedgerChanges
        var answers: [LedgerAnswer]
        var next: LedgerAppender
    }

    /// Reads the state of a store.
    ///
    /// - Throws: `invalid` when the key is not the one with which the ledger was signed, or somebody else has signed
    ///   it; `damaged` when the tiles do not lead to the checkpoint's root.
    init(store: some LedgerStore, signer: NoteSigner) throws(LedgerError) {
        self.signer = signer
        head = try store.head()
        guard let head else {
            (size, edge, firstTime, lastTime) = (0, TileEdge(), nil, WallTime(milliseconds: .min))
            return
        }
        guard head.verifier == signer.verifier.text else {
            throw LedgerError(
                .invalid,
                "the ledger at \(store.place) is signed by \(head.verifier), not by \(signer.verifier.text); give "
                    + "this process the ledger.key of those that append to it")
        }
        let checkpoint = try Checkpoint.checked(Array(head.note.utf8), by: signer.verifier).checkpoint
        size = checkpoint.size
        do {
            edge = try TileEdge(size: size, tiles: store)
        } catch {
            throw error as? LedgerError ?? LedgerError(.damaged, "the tiles of \(store.place) cannot be read")
        }
        guard edge.range.root == checkpoint.root else {
            throw LedgerError(
                .damaged,
                "the tiles of \(store.place) do not lead to the root of its checkpoint; restore it from a copy")
        }
        firstTime = try store.time(of: 0)
        lastTime = try store.time(of: size - 1) ?? WallTime(milliseconds: .min)
    }

    private init(
        head: StoredHead, size: Int64, edge: TileEdge, firstTime: WallTime?, lastTime: WallTime, signer: NoteSigner
    ) {
        self.head = head
        self.size = size
        self.edge = edge
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.signer = signer
    }

    /// Judges commands, one after the other, as if each that is accepted had been appended already.
    ///
    /// The given moment becomes the time of the records, as far as `CommitTime` believes it.
    func prepare(
        _ commands: [LedgerCommand], at now: WallTime, reading store: some LedgerStore
    ) throws(LedgerError) -> Prepared {
        let time = CommitTime(clock: now, first: firstTime, last: lastTime)
        var draft = try CommitDraft(commands, size: size, time: time, store: store)
        var answers: [LedgerAnswer] = []
        for command in commands { answers.append(try draft.add(command)) }
        return try prepared(draft, answers: answers, time: time.time)
    }

    /// The checkpoint of a ledger without records.
    func prepareFirst() throws(LedgerError) -> Prepared {
        let time = CommitTime(clock: lastTime, first: nil, last: lastTime)
        return try prepared(CommitDraft(size: 0, time: time), answers: [], time: lastTime)
    }

    private func prepared(
        _ draft: CommitDraft, answers: [LedgerAnswer], time: WallTime
    ) throws(LedgerError) -> Prepared {
        if draft.isEmpty, let head {
            return Prepared(changes: LedgerChanges(before: head, after: head), answers: answers, next: self)
        }
        var edge = edge
        let leaves = draft.entries.map { MerkleHash.leaf(LeafEntry.bytes(commitment: $0.commitment)) }
        let tiles = edge.append(leaves)
        let checkpoint = Checkpoint(origin: signer.verifier.id.name, size: edge.range.size, root: edge.range.root)
        let after = StoredHead(
            note: try signer.sign(checkpoint.noteText).description, verifier: signer.verifier.text)
        var changes = LedgerChanges(before: head, after: after)
        changes.entries = draft.entries
        changes.receipts = draft.receipts
        changes.tiles = tiles
        changes.erased = draft.erased
        // One checkpoint for each full tile: enough to say roughly when what was signed, and few to keep.
        let width = Int64(TileCoordinate.width)
        if size / width < checkpoint.size / width { changes.keptSize = checkpoint.size }
        let next = LedgerAppender(
            head: after, size: checkpoint.size, edge: edge, firstTime: firstTime ?? draft.entries.first?.time,
            lastTime: time, signer: signer)
        return Prepared(changes: changes, answers: answers, next: next)
    }
}
