internal import GRDB
internal import Vocabulary

extension JournalReader {
    /// How many rows are read in one transaction: a long one would keep the writer's log from being cut.
    package static let pageSize = 1_000

    /// The decisions a query asks for.
    ///
    /// - Complexity: O(log n + matches) by tenant or time; filters on anything else look at every row in between.
    package func records(_ query: JournalQuery) throws(JournalError) -> [DecisionRecord] {
        var records: [DecisionRecord] = []
        try forEach(query) { records.append($0) }
        return records
    }

    /// Calls back with the decisions a query asks for, in order, a page in memory at a time.
    ///
    /// Pages are read one after the other: what is removed meanwhile is missing, what arrives later than the page it
    /// belongs to as well. Nothing comes twice.
    package func forEach(_ query: JournalQuery, _ body: (DecisionRecord) -> Void) throws(JournalError) {
        var rest = query.limit ?? .max
        var last: DecisionID?
        while rest > 0 {
            let size = min(rest, JournalReader.pageSize)
            let page = try page(query, after: last, size: size)
            for record in page { body(record) }
            rest -= page.count
            last = page.last?.id
            if page.count < size { return }
        }
    }

    private func page(
        _ query: JournalQuery, after last: DecisionID?, size: Int
    ) throws(JournalError) -> [DecisionRecord] {
        try read { database in
            guard var filter = try RowFilter(query, in: database) else { return [] }
            filter.require("id >= ?", query.since.map { DecisionID(firstOf: $0).blob })
            filter.require("id < ?", query.until.map { DecisionID(firstOf: $0).blob })
            let isDescending = query.order == .newestFirst
            filter.require(isDescending ? "id < ?" : "id > ?", last?.blob)
            let decoder = RowDecoder(database)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(RowDecoder.columns) FROM decision WHERE \(filter.condition)
                    ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT ?
                    """, arguments: filter.arguments + [size])
            var records: [DecisionRecord] = []
            while let row = try rows.next() { records.append(try decoder.record(row)) }
            return records
        }
    }
}

/// The part of a query that rows of `decision` are filtered by.
struct RowFilter {
    /// What stands after `WHERE`.
    var condition: String { terms.isEmpty ? "true" : terms.joined(separator: " AND ") }
    /// What its question marks mean.
    private(set) var arguments = StatementArguments()
    private var terms: [String] = []

    /// Looks the names of a query up; `nil` when one of them is not in the journal, so that nothing can match.
    init?(_ query: JournalQuery, in database: Database) throws {
        let wanted: [(term: String, name: String?)] = [
            ("tenant = ?1", query.tenant), ("principal = ?1", query.principal), ("class = ?1", query.trafficClass),
            ("operation = ?1", query.operation), ("tier = ?1", query.tier),
            ("(reason = ?1 OR would_reason = ?1)", query.reason?.code),
            ("(outcome = ?1 OR would_outcome = ?1)", query.outcome?.name),
        ]
        for (term, name) in wanted {
            guard let name else { continue }
            let number = try Int64.fetchOne(database, sql: "SELECT number FROM name WHERE text = ?", arguments: [name])
            guard let number else { return nil }
            // The number is ours, an integer: it goes into the text, where one value may stand twice.
            terms.append(term.replacing("?1", with: String(number)))
        }
        if query.nearMissesOnly { terms.append("near IS NOT NULL") }
    }

    /// Adds a condition on one value, where there is one.
    mutating func require(_ term: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        terms.append(term)
        arguments += [value]
    }
}
