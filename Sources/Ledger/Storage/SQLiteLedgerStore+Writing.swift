internal import Foundation
internal import GRDB
internal import Vocabulary

extension SQLiteLedgerStore {
    /// Writes in one transaction, which begins with a look at the head.
    package func write(_ changes: LedgerChanges) throws(LedgerError) {
        try transact { database in
            guard try SQLiteLedgerStore.head(in: database) == changes.before else {
                throw LedgerError(
                    .otherWriter, "another process has appended to \(place); only one at a time may")
            }
            try SQLiteLedgerStore.insert(changes.entries, in: database)
            try SQLiteLedgerStore.insert(changes.receipts, in: database)
            try SQLiteLedgerStore.replace(changes.tiles, in: database)
            try SQLiteLedgerStore.erase(changes.erased, in: database)
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO head VALUES (1, ?, ?)")
                .execute(arguments: [changes.after.note, changes.after.verifier])
            if let size = changes.keptSize {
                try database.cachedStatement(sql: "INSERT INTO checkpoint VALUES (?, ?)")
                    .execute(arguments: [size, changes.after.note])
            }
        }
        if !changes.erased.isEmpty { foldLog() }
    }

    private static func insert(_ entries: [LedgerEntry], in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)")
        for entry in entries {
            guard case .sealed(let seal) = entry.content else { continue }
            try statement.execute(arguments: [
                entry.sequence, entry.time.milliseconds, entry.actor, entry.type, entry.stream, entry.version,
                Data(seal.salt), Data(seal.record),
            ])
        }
    }

    private static func insert(_ receipts: [(id: String, receipt: LedgerReceipt)], in database: Database) throws {
        let statement = try database.cachedStatement(sql: "INSERT INTO command VALUES (?, ?, ?, ?)")
        for (id, receipt) in receipts {
            try statement.execute(arguments: [
                id, receipt.sequences.lowerBound, Int64(receipt.sequences.count), receipt.time.milliseconds,
            ])
        }
    }

    private static func replace(_ tiles: [TileCoordinate: [MerkleHash]], in database: Database) throws {
        let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO tile VALUES (?, ?)")
        for (tile, hashes) in tiles {
            try statement.execute(arguments: [tile.place, Data(hashes.flatMap(\.bytes))])
        }
    }

    private static func erase(_ erased: [(sequence: Int64, commitment: [UInt8])], in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE record SET salt = NULL, bytes = NULL, actor = '', commitment = ? WHERE sequence = ?
                """)
        for (sequence, commitment) in erased { try statement.execute(arguments: [Data(commitment), sequence]) }
    }
}
