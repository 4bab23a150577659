internal import Foundation
package import Ledger
package import Vocabulary

/// A ledger in a PostgreSQL database, to which several processes may append.
package final class PostgresLedgerStore: LedgerStore {
    /// The database and the schema.
    let address: PostgresAddress
    /// The session that writes; `nil` where the ledger was opened for reading alone.
    let writer: PostgresSession?
    /// The sessions that read.
    let readers: PostgresPool

    package var place: String { address.place }

    /// Opens for appending; makes the tables if need be.
    package init(_ address: PostgresAddress) throws(LedgerError) {
        self.address = address
        readers = PostgresPool(address)
        let writer = PostgresSession(address)
        self.writer = writer
        try writer.use { (connection) throws(LedgerError) in
            try PostgresSchema(address: address).migrate(&connection)
        }
    }

    /// Opens for reading alone; a standby and a user who may only read are enough.
    package init(readingFrom address: PostgresAddress) throws(LedgerError) {
        self.address = address
        readers = PostgresPool(address)
        writer = nil
        let version = try readers.use { (connection) throws(LedgerError) in
            try PostgresSchema(address: address).checkedVersion(&connection)
        }
        guard version > 0 else { throw LedgerError(.noLedger, "there is no ledger at \(address.place)") }
    }

    package func close() {
        readers.close()
        writer?.close()
    }

    package func alarm() -> any LedgerAlarm { PostgresAlarm(address) }

    package func head() throws(LedgerError) -> StoredHead? {
        try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run("SELECT note, verifier FROM head")
            return rows.count == 0 ? nil : StoredHead(note: try rows.text(0, 0), verifier: try rows.text(0, 1))
        }
    }

    package func versions(of streams: Set<String>) throws(LedgerError) -> [String: Int64] {
        try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run(
                """
                SELECT stream, version FROM unnest($1::text[]) AS wanted (name)
                CROSS JOIN LATERAL (
                    SELECT stream, version FROM record WHERE stream = wanted.name ORDER BY version DESC LIMIT 1
                ) AS newest
                """, [.texts(streams.filter(\.isStorable))])
            var versions: [String: Int64] = [:]
            for row in 0..<rows.count { versions[try rows.text(row, 0)] = try rows.integer(row, 1) }
            return versions
        }
    }

    package func receipts(of commands: Set<String>) throws(LedgerError) -> [String: LedgerReceipt] {
        let ids = commands.filter(\.isStorable)
        guard !ids.isEmpty else { return [:] }
        return try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run(
                "SELECT id, first, count, time FROM command WHERE id = ANY ($1::text[])", [.texts(ids)])
            var receipts: [String: LedgerReceipt] = [:]
            for row in 0..<rows.count {
                receipts[try rows.text(row, 0)] = try PostgresLedgerStore.receipt(rows, row)
            }
            return receipts
        }
    }

    package func commands(
        after id: String, limit: Int
    ) throws(LedgerError) -> [(id: String, receipt: LedgerReceipt)] {
        try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run(
                "SELECT id, first, count, time FROM command WHERE id > $1::text ORDER BY id LIMIT $2::bigint",
                [.text(id), .integer(Int64(limit))])
            var commands: [(id: String, receipt: LedgerReceipt)] = []
            for row in 0..<rows.count {
                commands.append((try rows.text(row, 0), try PostgresLedgerStore.receipt(rows, row)))
            }
            return commands
        }
    }

    private static func receipt(_ rows: borrowing PostgresResult, _ row: Int) throws(LedgerError) -> LedgerReceipt {
        LedgerReceipt(
            first: try rows.integer(row, 1), count: try rows.integer(row, 2),
            time: WallTime(milliseconds: try rows.integer(row, 3)))
    }

    package func time(of sequence: Int64) throws(LedgerError) -> WallTime? {
        try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run("SELECT time FROM record WHERE sequence = $1::bigint", [.integer(sequence)])
            return rows.count == 0 ? nil : WallTime(milliseconds: try rows.integer(0, 0))
        }
    }

    package func checkpoints() throws(LedgerError) -> [String] {
        try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run("SELECT note FROM checkpoint ORDER BY size")
            var notes: [String] = []
            for row in 0..<rows.count { notes.append(try rows.text(row, 0)) }
            return notes
        }
    }

    package func hashes(of tile: TileCoordinate, atLeast count: Int) throws -> [MerkleHash] {
        let bytes: [UInt8] = try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run("SELECT hashes FROM tile WHERE place = $1::bigint", [.integer(tile.place)])
            return rows.count == 0 ? [] : try rows.data(0, 0)
        }
        return try MerkleHash.list(bytes, of: tile, atLeast: count)
    }

    package func snapshot(named name: String) throws(LedgerError) -> LedgerSnapshot? {
        try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run(
                "SELECT sequence, bytes FROM snapshot WHERE name = $1::text", [.text(name)])
            guard rows.count > 0 else { return nil }
            return LedgerSnapshot(name: name, sequence: try rows.integer(0, 0), bytes: try rows.data(0, 1))
        }
    }

    /// Not by the session that writes: who saves a projection need not be the thread that appends.
    package func save(_ snapshot: LedgerSnapshot) throws(LedgerError) {
        guard writer != nil else { throw LedgerError(.readOnly, "\(place) was opened for reading alone") }
        try readers.use { (connection) throws(LedgerError) in
            _ = try connection.run(
                """
                INSERT INTO snapshot VALUES ($1::text, $2::bigint, $3::bytea)
                ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, bytes = excluded.bytes
                """, [.text(snapshot.name), .integer(snapshot.sequence), .bytes(snapshot.bytes)])
        }
    }
}

extension String {
    /// Whether PostgreSQL can keep it: a text of its has no zero byte, and so neither has a name in a ledger.
    var isStorable: Bool { !utf8.contains(0) }
}
