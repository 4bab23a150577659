internal import Foundation
internal import GRDB
package import Vocabulary

/// A ledger in one SQLite file.
package final class SQLiteLedgerStore: LedgerStore {
    package let place: String
    /// The connection that writes; `nil` where the ledger was opened for reading alone.
    let writer: DatabaseQueue?
    private let reader: DatabaseQueue
    private let witness: FileWitness

    /// Opens for appending; makes the file if need be.
    package init(path: String) throws(LedgerError) {
        place = path
        let file = LedgerFile(path: path)
        writer = try file.openForWriting()
        witness = FileWitness(path: path)
        reader = try file.openForReading()
    }

    /// Opens for reading alone, also while another process appends.
    package init(readingFrom path: String) throws(LedgerError) {
        place = path
        writer = nil
        reader = try LedgerFile(path: path).openForReading()
        witness = FileWitness(path: path)
    }

    package func close() {
        try? reader.close()
        try? writer?.close()
    }

    package func checkPlace() throws(LedgerError) { try witness.check() }

    /// Indices are what searches and versions go by, and nothing signs them.
    package func damage() throws(LedgerError) -> String? {
        let verdict = try read { database in try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") }
        return verdict == "ok" ? nil : verdict
    }

    package func alarm() -> any LedgerAlarm { TimedAlarm() }

    package func head() throws(LedgerError) -> StoredHead? {
        try read { database in try SQLiteLedgerStore.head(in: database) }
    }

    package func versions(of streams: Set<String>) throws(LedgerError) -> [String: Int64] {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT max(version) FROM record WHERE stream = ?")
            var versions: [String: Int64] = [:]
            for stream in streams {
                versions[stream] = try Optional<Int64>.fetchOne(statement, arguments: [stream]) ?? nil
            }
            return versions
        }
    }

    package func receipts(of commands: Set<String>) throws(LedgerError) -> [String: LedgerReceipt] {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT first, count, time FROM command WHERE id = ?")
            var receipts: [String: LedgerReceipt] = [:]
            for id in commands {
                receipts[id] = try Row.fetchOne(statement, arguments: [id]).map { try LedgerReceipt($0) }
            }
            return receipts
        }
    }

    package func commands(
        after id: String, limit: Int
    ) throws(LedgerError) -> [(id: String, receipt: LedgerReceipt)] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, first, count, time FROM command WHERE id > ? ORDER BY id LIMIT ?")
            return try Row.fetchAll(statement, arguments: [id, limit]).map { row in
                (id: try row.decode(forColumn: "id"), receipt: try LedgerReceipt(row))
            }
        }
    }

    package func entries(_ query: LedgerQuery) throws(LedgerError) -> [LedgerEntry] {
        try read { database in
            var conditions = ["sequence >= ?", "sequence < ?"]
            var arguments: [any DatabaseValueConvertible] = [query.range.lowerBound, query.range.upperBound]
            for (column, value) in [("stream", query.stream), ("actor", query.actor), ("type", query.type)] {
                guard let value else { continue }
                conditions.append("\(column) = ?")
                arguments.append(value)
            }
            if let text = query.text {
                conditions.append("instr(bytes, ?) > 0")
                arguments.append(Data(text.utf8))
            }
            arguments.append(query.limit)
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence, time, actor, type, stream, version, salt, bytes, commitment FROM record
                    WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY sequence \(query.isNewestFirst ? "DESC" : "ASC") LIMIT ?
                    """)
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            var entries: [LedgerEntry] = []
            while let row = try rows.next() { entries.append(try LedgerEntry(row)) }
            return entries
        }
    }

    package func time(of sequence: Int64) throws(LedgerError) -> WallTime? {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT time FROM record WHERE sequence = ?")
            return try Int64.fetchOne(statement, arguments: [sequence]).map(WallTime.init(milliseconds:))
        }
    }

    package func checkpoints() throws(LedgerError) -> [String] {
        try read { database in try String.fetchAll(database, sql: "SELECT note FROM checkpoint ORDER BY size") }
    }

    package func hashes(of tile: TileCoordinate, atLeast count: Int) throws -> [MerkleHash] {
        let found: Data? = try read { database in
            let statement = try database.cachedStatement(sql: "SELECT hashes FROM tile WHERE place = ?")
            return try Data.fetchOne(statement, arguments: [tile.place])
        }
        return try MerkleHash.list([UInt8](found ?? Data()), of: tile, atLeast: count)
    }

    package func snapshot(named name: String) throws(LedgerError) -> LedgerSnapshot? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT sequence, bytes FROM snapshot WHERE name = ?", arguments: [name])
            return try row.map { row in
                let bytes: Data = try row.decode(forColumn: "bytes")
                return LedgerSnapshot(
                    name: name, sequence: try row.decode(forColumn: "sequence"), bytes: [UInt8](bytes))
            }
        }
    }

    package func save(_ snapshot: LedgerSnapshot) throws(LedgerError) {
        try transact { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?)",
                arguments: [snapshot.name, snapshot.sequence, Data(snapshot.bytes)])
        }
    }

    /// Reads, with failures told as the ledger's.
    private func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try reader.read(body)
        } catch {
            throw LedgerError(error, at: place)
        }
    }

    /// Does all of a body or nothing, and returns when it is on the disk.
    func transact(_ body: (Database) throws -> Void) throws(LedgerError) {
        guard let writer else { throw LedgerError(.readOnly, "\(place) was opened for reading alone") }
        try checkPlace()
        do {
            try writer.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try body(database)
                    return .commit
                }
            }
        } catch {
            throw LedgerError(error, at: place)
        }
    }

    /// Folds the write-ahead log into the file and empties it, so that nothing that was erased is left in it.
    ///
    /// Where a reader is in the way it is done with the next commits instead.
    func foldLog() {
        try? writer?.writeWithoutTransaction { database in _ = try database.checkpoint(.truncate) }
    }

    /// The newest checkpoint.
    static func head(in database: Database) throws -> StoredHead? {
        let statement = try database.cachedStatement(sql: "SELECT note, verifier FROM head")
        return try Row.fetchOne(statement).map { row in
            StoredHead(note: try row.decode(forColumn: "note"), verifier: try row.decode(forColumn: "verifier"))
        }
    }

}

extension LedgerReceipt {
    /// Reads a row; places that no record can have become an empty range.
    fileprivate init(_ row: Row) throws {
        let first: Int64 = try row.decode(forColumn: "first")
        let count: Int64 = try row.decode(forColumn: "count")
        self.init(first: first, count: count, time: WallTime(milliseconds: try row.decode(forColumn: "time")))
    }
}

extension LedgerEntry {
    /// Reads a row.
    fileprivate init(_ row: Row) throws {
        func bytes(_ column: String) throws -> [UInt8]? {
            let value: DatabaseValue = try row.decode(forColumn: column)
            return value.isNull ? nil : [UInt8](try row.decode(Data.self, forColumn: column))
        }
        let sequence: Int64 = try row.decode(forColumn: "sequence")
        let content: Content
        switch (try bytes("salt"), try bytes("bytes"), try bytes("commitment")) {
        case (let salt?, let record?, nil): content = .sealed(RecordSeal(salt: salt, record: record))
        case (nil, nil, let commitment?): content = .erased(commitment: commitment)
        default: throw LedgerError(.damaged, "record \(sequence) is neither there nor erased")
        }
        self.init(
            sequence: sequence, time: WallTime(milliseconds: try row.decode(forColumn: "time")),
            actor: try row.decode(forColumn: "actor"), type: try row.decode(forColumn: "type"),
            stream: try row.decode(forColumn: "stream"), version: try row.decode(forColumn: "version"), content: content
        )
    }
}
