package import Ledger
internal import Vocabulary

extension PostgresLedgerStore {
    /// Writes in one statement, which is one transaction and one way there and back.
    ///
    /// It first moves the head, which it finds only if it is the one that the changes were made for; everything else
    /// depends on that. Two processes that do so at once wait for one another at the row of the head, and the second
    /// finds that it has moved.
    ///
    /// When the connection is lost meanwhile nobody knows whether the commit held. It is then tried once more on a new
    /// connection, which is safe: it holds for one head only. If that head is gone, the first new record tells whether
    /// it was this commit that moved it, since nobody else knows its salt.
    package func write(_ changes: LedgerChanges) throws(LedgerError) {
        do throws(LedgerError) {
            guard try attempt(changes) else { throw movedHead }
        } catch {
            guard error.code == .unavailable else { throw error }
            if try attempt(changes) { return }
            guard try hasWritten(changes) else { throw movedHead }
        }
    }

    private func attempt(_ changes: LedgerChanges) throws(LedgerError) -> Bool {
        guard let writer else { throw LedgerError(.readOnly, "\(place) was opened for reading alone") }
        return try writer.use { (connection) throws(LedgerError) in try write(changes, on: &connection) }
    }

    /// Holds the head, so that others who want to write wait.
    ///
    /// `write` then is part of a transaction, and nothing holds before this returns.
    package func alone<Value>(_ body: () throws(LedgerError) -> Value) throws(LedgerError) -> Value {
        guard let writer else { throw LedgerError(.readOnly, "\(place) was opened for reading alone") }
        try writer.use { (connection) throws(LedgerError) in
            try connection.execute("BEGIN; SELECT FROM head FOR UPDATE")
        }
        let value: Value
        do throws(LedgerError) {
            value = try body()
        } catch {
            try? writer.use { (connection) throws(LedgerError) in try connection.execute("ROLLBACK") }
            throw error
        }
        try writer.use { (connection) throws(LedgerError) in try connection.execute("COMMIT") }
        return value
    }

    private var movedHead: LedgerError {
        LedgerError(.otherWriter, "another process has appended to \(place) meanwhile")
    }

    /// Whether it was these changes that moved the head.
    private func hasWritten(_ changes: LedgerChanges) throws(LedgerError) -> Bool {
        guard let first = changes.entries.first else { return try head() == changes.after }
        let query = LedgerQuery(range: first.sequence..<first.sequence + 1, limit: 1)
        return try entries(query).first?.commitment == first.commitment
    }

    /// Sends the statement.
    ///
    /// - Returns: whether the head was the one that the changes were made for.
    private func write(_ changes: LedgerChanges, on connection: inout PostgresConnection) throws(LedgerError) -> Bool {
        var values = [
            PostgresValue.text(changes.before?.note), .text(changes.after.note), .text(changes.after.verifier),
            .text(address.channel), .integer(changes.keptSize),
        ]
        values += PostgresLedgerStore.columns(of: changes.entries)
        let receipts = changes.receipts.map(\.receipt)
        values += [
            .texts(changes.receipts.map(\.id)), .integers(receipts.map(\.sequences.lowerBound)),
            .integers(receipts.map { Int64($0.sequences.count) }), .integers(receipts.map(\.time.milliseconds)),
        ]
        values += [
            .integers(changes.tiles.keys.map(\.place)),
            .byteStrings(changes.tiles.values.map { $0.flatMap(\.bytes) }),
            .text("\((changes.entries.last?.sequence ?? -1) + 1)"),
        ]
        guard !changes.erased.isEmpty else {
            return try connection.run(PostgresLedgerStore.statement(erases: false), values).count > 0
        }
        values += [.integers(changes.erased.map(\.sequence)), .byteStrings(changes.erased.map(\.commitment))]
        return try connection.run(PostgresLedgerStore.statement(erases: true), values).count > 0
    }

    private static func columns(of entries: [LedgerEntry]) -> [PostgresValue] {
        let seals = entries.map { entry in
            if case .sealed(let seal) = entry.content { seal } else { RecordSeal(salt: [], record: []) }
        }
        return [
            .integers(entries.map(\.sequence)), .integers(entries.map(\.time.milliseconds)),
            .texts(entries.map(\.actor)), .texts(entries.map(\.type)), .texts(entries.map(\.stream)),
            .integers(entries.map(\.version)), .byteStrings(seals.map(\.salt)), .byteStrings(seals.map(\.record)),
        ]
    }

    /// The statement; without the part that erases nothing is searched for.
    private static func statement(erases: Bool) -> String {
        let erased = """
            , erased AS (
                UPDATE record SET salt = NULL, bytes = NULL, actor = '', commitment = gone.commitment
                FROM unnest($21::bigint[], $22::bytea[]) AS gone (sequence, commitment)
                WHERE record.sequence = gone.sequence AND EXISTS (SELECT FROM moved))
            """
        return """
            WITH changed AS (
                UPDATE head SET note = $2::text, verifier = $3::text WHERE note = $1::text RETURNING one
            ), begun AS (
                INSERT INTO head SELECT 1, $2::text, $3::text WHERE $1::text IS NULL
                ON CONFLICT DO NOTHING RETURNING one
            ), moved AS (
                SELECT one FROM changed UNION ALL SELECT one FROM begun
            ), kept AS (
                INSERT INTO checkpoint SELECT $5::bigint, $2::text
                WHERE $5::bigint IS NOT NULL AND EXISTS (SELECT FROM moved)
            ), records AS (
                INSERT INTO record (sequence, time, actor, type, stream, version, salt, bytes)
                SELECT * FROM unnest(
                    $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bytea[],
                    $13::bytea[])
                WHERE EXISTS (SELECT FROM moved)
            ), commands AS (
                INSERT INTO command
                SELECT * FROM unnest($14::text[], $15::bigint[], $16::bigint[], $17::bigint[])
                WHERE EXISTS (SELECT FROM moved)
            ), tiles AS (
                INSERT INTO tile SELECT * FROM unnest($18::bigint[], $19::bytea[])
                WHERE EXISTS (SELECT FROM moved)
                ON CONFLICT (place) DO UPDATE SET hashes = excluded.hashes
            )\(erases ? erased : "")
            SELECT pg_notify($4::text, $20::text) FROM moved
            """
    }
}
