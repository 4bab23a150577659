internal import Vocabulary

/// Goes through a whole ledger and computes everything that can be computed again.
///
/// Each record's commitment, each leaf, each tile, the root at each checkpoint that is kept or brought along, each
/// signature, the order of times and versions, and the indices. What was changed by somebody without the key shows by
/// the ledger alone. What was rewritten and signed anew by its holder shows by a checkpoint that somebody else keeps.
package struct LedgerAudit {
    private var report: LedgerAuditReport
    private let store: any LedgerStore
    /// The roots that the records have to lead to, by size.
    private var expected: [Int64: [(root: MerkleHash, what: String)]] = [:]
    private var edge = TileEdge()
    /// The tree so far, one record at a time, for roots at any size.
    private var tree = CompactRange()
    private var versions: [String: Int64] = [:]
    private var lastTime = WallTime(milliseconds: .min)
    private var commands = CommandAudit()
    private let visit: (LedgerEntry) -> Void

    /// Goes through a ledger, by a trusted key or else the one that it names itself, with checkpoints that were kept
    /// elsewhere and names for them.
    ///
    /// - Parameters:
    ///   - store: the ledger.
    ///   - trusted: the key to go by.
    ///   - outside: checkpoints that were kept elsewhere, with names for them.
    ///   - visit: is shown each record in its order, for what else is to be computed from them.
    /// - Returns: what was found.
    /// - Throws: when the ledger cannot be read, or has no checkpoint at all.
    package static func run(
        _ store: any LedgerStore, trusted: NoteVerifier? = nil, outside: [(note: [UInt8], name: String)] = [],
        visit: @escaping (LedgerEntry) -> Void = { _ in }
    ) throws(LedgerError) -> LedgerAuditReport {
        // Before the head: the ledger may grow meanwhile, and a checkpoint beyond the head would be one too many.
        let kept = try store.checkpoints()
        var audit = try LedgerAudit(store, trusted: trusted, visit: visit)
        for note in kept { audit.expect(Array(note.utf8), what: "a kept checkpoint", isOutside: false) }
        for (note, name) in outside { audit.expect(note, what: "the checkpoint in \(name)", isOutside: true) }
        try audit.readAll()
        return audit.report
    }

    private init(
        _ store: any LedgerStore, trusted: NoteVerifier?, visit: @escaping (LedgerEntry) -> Void
    ) throws(LedgerError) {
        guard let head = try store.head() else {
            throw LedgerError(.noLedger, "the ledger at \(store.place) was never written")
        }
        self.store = store
        self.visit = visit
        let verifier = if let trusted { trusted } else { try NoteVerifier(head.verifier) }
        let note = try SignedNote(bytes: Array(head.note.utf8))
        let checkpoint = try Checkpoint(noteText: note.text)
        report = LedgerAuditReport(checkpoint: checkpoint, verifier: verifier)
        do {
            _ = try Checkpoint.checked(Array(head.note.utf8), by: verifier)
        } catch {
            report.add(.signature, "the newest checkpoint: \(error.message)")
        }
        expected[checkpoint.size] = [(checkpoint.root, "the newest checkpoint")]
    }

    /// Takes down what a checkpoint says, to be held against the records.
    private mutating func expect(_ note: [UInt8], what: String, isOutside: Bool) {
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint.checked(note, by: report.verifier).checkpoint
        } catch {
            return report.add(.signature, "\(what): \(error.message)")
        }
        report.otherCheckpointCount += 1
        if checkpoint.size > report.checkpoint.size {
            return report.add(
                isOutside ? .tailRemoved : .signature,
                "\(what) is of \(checkpoint.size) records, but the ledger ends after \(report.checkpoint.size)")
        }
        expected[checkpoint.size, default: []].append((checkpoint.root, "\(what), of \(checkpoint.size) records,"))
    }

    private mutating func readAll() throws(LedgerError) {
        let size = report.checkpoint.size
        let width = Int64(TileCoordinate.width)
        compareRoots(at: 0)
        for number in 0..<(size + width - 1) / width {
            let range = number * width..<min(size, (number + 1) * width)
            let entries = try store.entries(LedgerQuery(range: range, limit: range.count))
            let stored = try? store.hashes(of: TileCoordinate(level: 0, number: number), atLeast: range.count)
            if let missing = range.first(where: { LedgerAudit.lacks($0, at: $0 - range.lowerBound, in: entries) }) {
                return report.add(
                    .missingRecord, "record \(missing) of \(size) is missing; what follows it is not looked at")
            }
            var leaves: [MerkleHash] = []
            for (offset, entry) in entries.enumerated() {
                let leaf = MerkleHash.leaf(LeafEntry.bytes(commitment: entry.commitment))
                check(entry, isCommitted: stored?[offset] == leaf)
                visit(entry)
                leaves.append(leaf)
                tree.append(leaf)
                compareRoots(at: tree.size)
            }
            compare(edge.append(leaves).filter { $0.value.count == TileCoordinate.width })
        }
        compare(edge.openTiles)
        try commands.finish(store, size: size, &report)
        if let damage = try store.damage() {
            report.add(.disorder, "records may not be found by what they are: \(damage)")
        }
        try readEnd()
    }

    /// Looks for records that no checkpoint covers; the ledger may have grown since the audit began.
    private mutating func readEnd() throws(LedgerError) {
        guard let last = try store.entries(LedgerQuery(limit: 1, isNewestFirst: true)).first,
            let head = try store.head(),
            let size = try? Checkpoint(noteText: SignedNote(bytes: Array(head.note.utf8)).text).size,
            last.sequence >= size
        else { return }
        report.add(
            .unsignedRecord, "record \(last.sequence) stands after the newest checkpoint, of \(size) records")
    }

    private static func lacks(_ sequence: Int64, at offset: Int64, in entries: [LedgerEntry]) -> Bool {
        offset >= Int64(entries.count) || entries[Int(offset)].sequence != sequence
    }

    private mutating func check(_ entry: LedgerEntry, isCommitted: Bool) {
        if !isCommitted {
            report.add(.changedRecord, "record \(entry.sequence) is not the one that the tree commits to")
        }
        let record = (try? entry.record()) ?? nil
        commands.note(entry, record)
        if case .erased = entry.content {
            report.erasedCount += 1
        } else if record == nil, isCommitted {
            report.add(.disorder, "the columns of record \(entry.sequence) do not say what the record says")
        }
        if entry.time < lastTime, entry.type != CommitTime.setBackType {
            report.add(.disorder, "record \(entry.sequence) is older than the one before it")
        }
        lastTime = entry.time
        let version = (versions[entry.stream] ?? 0) + 1
        versions[entry.stream] = version
        if entry.version != version {
            report.add(
                .disorder, "record \(entry.sequence) is version \(entry.version) of \(entry.stream), not \(version)")
        }
    }

    private mutating func compare(_ tiles: [TileCoordinate: [MerkleHash]]) {
        for (tile, hashes) in tiles.sorted(by: { $0.key.place < $1.key.place }) {
            let found = try? store.hashes(of: tile, atLeast: hashes.count)
            if found?.prefix(hashes.count).elementsEqual(hashes) != true {
                report.add(.changedTree, "tile \(tile.number) of level \(tile.level) is not what the records make it")
            }
        }
    }

    /// Compares the root at a size with what checkpoints say of it; once.
    private mutating func compareRoots(at size: Int64) {
        guard let roots = expected.removeValue(forKey: size) else { return }
        for (root, what) in roots where root != tree.root {
            report.add(.rewritten, "\(what) says another root than the records lead to")
        }
    }
}
