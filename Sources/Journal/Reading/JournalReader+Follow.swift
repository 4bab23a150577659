internal import GRDB
internal import Vocabulary

/// A place in a journal, between two decisions.
package struct JournalCursor: Hashable, Sendable {
    /// Which file, so that a cursor of one that was replaced is not taken for one of its successor.
    package let store: String
    /// The last decision before the place.
    package let sequence: Int64
}

/// What came after a cursor.
package struct JournalStep: Sendable {
    /// The decisions that match, in the order they were committed.
    package let records: [DecisionRecord]
    /// Where to go on.
    package let cursor: JournalCursor
    /// How many decisions, matching or not, retention removed before they could be read here.
    package let missed: Int64
    /// Whether more may be there already.
    package let hasMore: Bool
}

extension JournalReader {
    /// The place from which following begins: before the newest `backlog` decisions that match.
    ///
    /// Of the query its filters count; its limit, order and times do not.
    package func cursor(_ query: JournalQuery = JournalQuery(), backlog: Int = 0) throws(JournalError) -> JournalCursor
    {
        try read { database in
            let end = try endSequence(database)
            var first = end + 1
            if backlog > 0, let filter = try RowFilter(query, in: database) {
                let sql = """
                    SELECT min(sequence) FROM (SELECT sequence FROM decision WHERE \(filter.condition)
                    ORDER BY sequence DESC LIMIT ?)
                    """
                first = try Int64.fetchOne(database, sql: sql, arguments: filter.arguments + [backlog]) ?? first
            }
            return JournalCursor(store: try storeName(database), sequence: first - 1)
        }
    }

    /// What was committed after a place: every decision once, in the order of commits, however often this is called.
    ///
    /// The order is that of commits, which within a fraction of a second may differ from that of ids: a decision that
    /// waited is recorded when the wait is over.
    ///
    /// A cursor of another file means the beginning of this one. Of the query its filters count; its limit, order and
    /// times do not. At most `limit` decisions come; `hasMore` says whether to ask again at once.
    package func step(
        after cursor: JournalCursor, _ query: JournalQuery = JournalQuery(), limit: Int = JournalReader.pageSize
    ) throws(JournalError) -> JournalStep {
        try read { database in
            let store = try storeName(database)
            let start = cursor.store == store ? cursor.sequence : 0
            let end = try endSequence(database)
            let oldest = try Int64.fetchOne(database, sql: "SELECT min(sequence) FROM decision") ?? end + 1
            var records: [DecisionRecord] = []
            var last = end
            if var filter = try RowFilter(query, in: database) {
                filter.require("sequence > ?", start)
                let decoder = RowDecoder(database)
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT \(RowDecoder.columns) FROM decision NOT INDEXED WHERE \(filter.condition)
                        ORDER BY sequence LIMIT ?
                        """, arguments: filter.arguments + [limit])
                while let row = try rows.next() {
                    records.append(try decoder.record(row))
                    last = records.count == limit ? try row.value("sequence") : last
                }
            }
            return JournalStep(
                records: records, cursor: JournalCursor(store: store, sequence: max(last, start)),
                missed: cursor.store == store ? max(0, oldest - 1 - start) : 0, hasMore: last < end)
        }
    }

    private func endSequence(_ database: Database) throws -> Int64 {
        (try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE key = 'next'") ?? 1) - 1
    }

    private func storeName(_ database: Database) throws -> String {
        try String.fetchOne(database, sql: "SELECT value FROM state WHERE key = 'store'") ?? ""
    }
}
