internal import Vocabulary

/// Goes through a whole ledger and computes everything that can be computed again.
///
/// Each record's commitment, each leaf, each tile, the root at each checkpoint that is kept or brought along, each
/// signature, and the order of times and versions. What was changed by somebody without the key shows by the ledger
/// alone. What was rewritten and signed anew by its holder shows by a checkpoint that somebody else has kept.
package struct LedgerAudit {
    private var report: LedgerAuditReport
    private let store: any LedgerStore
    /// The roots that the records have to lead to, by size.
    private var expected: [Int64: [(root: MerkleHash, what: String)]] = [:]
    private var edge = TileEdge()
    private var versions: [String: Int64] = [:]
    private var lastTime = WallTime(milliseconds: .min)

    /// How many entries are read at once; two full tiles.
    private static let pageSize: Int64 = 512

    /// Goes through a ledger.
    ///
    /// - Parameters:
    ///   - trusted: the key to go by; `nil` for the one that the ledger names itself.
    ///   - outside: checkpoints that were kept elsewhere, with names for messages.
    /// - Throws: when the ledger cannot be read, or has no checkpoint at all.
    package static func run(
        _ store: any LedgerStore, trusted: NoteVerifier? = nil, outside: [(note: [UInt8], name: String)] = []
    ) throws(LedgerError) -> LedgerAuditReport {
        var audit = try LedgerAudit(store, trusted: trusted)
        try audit.expectKept()
        for (note, name) in outside { audit.expect(note, what: "the checkpoint in \(name)", isOutside: true) }
        try audit.readAll()
        audit.compare(audit.edge.openTiles)
        return audit.report
    }

    private init(_ store: any LedgerStore, trusted: NoteVerifier?) throws(LedgerError) {
        guard let head = try store.head() else {
            throw LedgerError(.noLedger, "the ledger at \(store.place) was never written")
        }
        self.store = store
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

    private mutating func expectKept() throws(LedgerError) {
        for note in try store.checkpoints() { expect(Array(note.utf8), what: "a kept checkpoint", isOutside: false) }
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
        compareRoots(at: 0)
        var next: Int64 = 0
        while next < size {
            let range = next..<min(size, next + LedgerAudit.pageSize)
            let entries = try store.entries(LedgerQuery(range: range, limit: range.count))
            for entry in entries {
                guard entry.sequence == next else { break }
                check(entry)
                next += 1
            }
            guard next == range.upperBound else {
                return report.add(.missingRecord, "record \(next) of \(size) is missing; what follows it is not looked at")
            }
        }
        if let further = try store.entries(LedgerQuery(range: size..<Int64.max, limit: 1)).first {
            report.add(.unsignedRecord, "record \(further.sequence) stands after the newest checkpoint, of \(size) records")
        }
    }

    private mutating func check(_ entry: LedgerEntry) {
        let leaf = MerkleHash.leaf(LeafEntry.bytes(commitment: entry.commitment))
        let isCommitted = stored(leafAt: entry.sequence) == leaf
        if !isCommitted {
            report.add(.changedRecord, "record \(entry.sequence) is not the one that the tree commits to")
        }
        compare(edge.append([leaf]).filter { $0.value.count == TileCoordinate.width })
        compareRoots(at: edge.range.size)
        if case .erased = entry.content {
            report.erasedCount += 1
        } else if (try? entry.record()) == nil, isCommitted {
            report.add(.disorder, "the columns of record \(entry.sequence) do not say what the record says")
        }
        if entry.time < lastTime { report.add(.disorder, "record \(entry.sequence) is older than the one before it") }
        lastTime = entry.time
        let version = (versions[entry.stream] ?? 0) + 1
        versions[entry.stream] = version
        if entry.version != version {
            report.add(
                .disorder, "record \(entry.sequence) is version \(entry.version) of \(entry.stream), not \(version)")
        }
    }

    private func stored(leafAt index: Int64) -> MerkleHash? {
        let width = Int64(TileCoordinate.width)
        let offset = Int(index % width)
        return try? store.hashes(of: TileCoordinate(level: 0, number: index / width), atLeast: offset + 1)[offset]
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
        for (root, what) in roots where root != edge.range.root {
            report.add(.rewritten, "\(what) says another root than the records lead to")
        }
    }
}
