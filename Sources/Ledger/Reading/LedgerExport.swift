internal import Foundation

/// A ledger as plain files: a tiled log that any tool for c2sp.org/tlog-tiles reads, with the records beside it.
///
/// - `checkpoint`, `tile/…` and `tile/entries/…` as the specification has them,
/// - `key.vkey`, the key that checks the checkpoint,
/// - `checkpoints/N`, those that were kept, by size,
/// - `records/…`, in files of 256 numbered like the entries: one JSON object a line, with `salt` and `record` in base
///   64, or neither once erased.
///
/// What is written is what is stored: an export of a damaged ledger is damaged, and says so when it is checked.
package struct LedgerExport {
    private let store: any LedgerStore
    private let folder: String
    private let size: Int64

    /// Writes a ledger to a folder that is not there yet, or is empty.
    ///
    /// - Returns: how many records were written.
    package static func write(_ store: any LedgerStore, to folder: String) throws(LedgerError) -> Int64 {
        let files = FileManager.default
        if let names = try? files.contentsOfDirectory(atPath: folder), !names.isEmpty {
            throw LedgerError(.unavailable, "\(folder) is not empty; name a folder that is not there yet")
        }
        // Before the head, so that none is beyond it although the ledger grows meanwhile.
        let kept = try store.checkpoints()
        guard let head = try store.head() else {
            throw LedgerError(.noLedger, "the ledger at \(store.place) was never written")
        }
        let checkpoint = try Checkpoint(noteText: try SignedNote(bytes: Array(head.note.utf8)).text)
        let export = LedgerExport(store: store, folder: folder, size: checkpoint.size)
        try export.put(Array(head.note.utf8), "checkpoint")
        try export.put(Array("\(head.verifier)\n".utf8), "key.vkey")
        for note in kept {
            let size = try Checkpoint(noteText: try SignedNote(bytes: Array(note.utf8)).text).size
            try export.put(Array(note.utf8), "checkpoints/\(size)")
        }
        try export.putTiles()
        try export.putRecords()
        return checkpoint.size
    }

    private func putTiles() throws(LedgerError) {
        for level in 0..<TileCoordinate.levels(inTreeOf: size) {
            var number: Int64 = 0
            while true {
                let tile = TileCoordinate(level: level, number: number)
                let width = tile.width(inTreeOf: size)
                guard width > 0 else { break }
                let hashes: [MerkleHash]
                do {
                    hashes = try store.hashes(of: tile, atLeast: width)
                } catch {
                    throw error as? LedgerError ?? LedgerError(.unavailable, "\(store.place) cannot be read")
                }
                try put(hashes.prefix(width).flatMap(\.bytes), tile.path(width: width))
                number += 1
            }
        }
    }

    private func putRecords() throws(LedgerError) {
        let width = Int64(TileCoordinate.width)
        for start in stride(from: 0, to: size, by: Int(width)) {
            let range = start..<min(size, start + width)
            let entries = try store.entries(LedgerQuery(range: range, limit: range.count))
            let number = start / width
            try put(
                entries.flatMap { LedgerExport.bundled(LeafEntry.bytes(commitment: $0.commitment)) },
                TileCoordinate.entriesPath(number: number, width: range.count))
            try put(
                entries.flatMap { Array(LedgerExport.line($0).utf8) },
                "records/" + TileCoordinate.path(number: number, width: range.count))
        }
    }

    /// An entry behind its length, as bundles have it.
    private static func bundled(_ entry: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: entry.count >> 8), UInt8(truncatingIfNeeded: entry.count)] + entry
    }

    private static func line(_ entry: LedgerEntry) -> String {
        guard case .sealed(let seal) = entry.content else { return "{\"index\":\(entry.sequence)}\n" }
        return "{\"index\":\(entry.sequence),\"salt\":\"\(Base64.text(seal.salt))\","
            + "\"record\":\"\(Base64.text(seal.record))\"}\n"
    }

    private func put(_ bytes: [UInt8], _ name: String) throws(LedgerError) {
        let place = URL(fileURLWithPath: folder).appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: place)
        } catch {
            throw LedgerError(.unavailable, "\(place.path) cannot be written", cause: error.localizedDescription)
        }
    }
}
