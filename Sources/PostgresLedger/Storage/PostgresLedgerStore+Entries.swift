package import Ledger
internal import Vocabulary

extension PostgresLedgerStore {
    /// Asks for the rows of the range, and for what else the query names.
    package func entries(_ query: LedgerQuery) throws(LedgerError) -> [LedgerEntry] {
        var conditions = ["sequence >= $1::bigint", "sequence < $2::bigint"]
        var values = [PostgresValue.integer(query.range.lowerBound), .integer(query.range.upperBound)]
        for (column, value) in [("stream", query.stream), ("actor", query.actor), ("type", query.type)] {
            guard let value else { continue }
            guard value.isStorable else { return [] }
            values.append(.text(value))
            conditions.append("\(column) = $\(values.count)::text")
        }
        if let text = query.text {
            values.append(.bytes(Array(text.utf8)))
            conditions.append("position($\(values.count)::bytea IN bytes) > 0")
        }
        values.append(.integer(Int64(query.limit)))
        let statement = """
            SELECT sequence, time, actor, type, stream, version, salt, bytes, commitment FROM record
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY sequence \(query.isNewestFirst ? "DESC" : "ASC") LIMIT $\(values.count)::bigint
            """
        return try readers.use { (connection) throws(LedgerError) in
            let rows = try connection.run(statement, values)
            var entries: [LedgerEntry] = []
            for row in 0..<rows.count { entries.append(try PostgresLedgerStore.entry(rows, row)) }
            return entries
        }
    }

    private static func entry(_ rows: borrowing PostgresResult, _ row: Int) throws(LedgerError) -> LedgerEntry {
        let sequence = try rows.integer(row, 0)
        let content: LedgerEntry.Content
        switch (rows.bytes(row, 6), rows.bytes(row, 7), rows.bytes(row, 8)) {
        case (let salt?, let record?, nil): content = .sealed(RecordSeal(salt: salt, record: record))
        case (nil, nil, let commitment?): content = .erased(commitment: commitment)
        default: throw LedgerError(.damaged, "record \(sequence) is neither there nor erased")
        }
        return LedgerEntry(
            sequence: sequence, time: WallTime(milliseconds: try rows.integer(row, 1)), actor: try rows.text(row, 2),
            type: try rows.text(row, 3), stream: try rows.text(row, 4), version: try rows.integer(row, 5),
            content: content)
    }
}
