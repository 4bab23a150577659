internal import Directory
internal import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// All rows of use on some days, as one text that is made while it is sent.
final class UsageExport: Sendable {
    private let store: ConsumptionStore
    private let format: Format
    private let isWanted: @Sendable (String) -> Bool
    private let state: Mutex<State>

    /// How rows are written.
    enum Format: String, CaseIterable, Sendable {
        /// RFC 4180, with a line of names first.
        case csv
        /// One object whose `items` are the rows.
        case json

        /// The media type.
        var mediaType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .json: "application/json"
            }
        }
    }

    private struct State {
        var query: ConsumptionQuery
        var hasBegun = false
        var isOver = false
    }

    /// Rows that are read at once.
    private static let rowsAtOnce = 1_000

    /// Prepares to write.
    ///
    /// - Parameters:
    ///   - store: where rows are.
    ///   - days: which days.
    ///   - format: how they are written.
    ///   - isWanted: whether the rows of a tenant are.
    init(
        _ store: ConsumptionStore, days: ClosedRange<Int32>, as format: Format,
        where isWanted: @escaping @Sendable (String) -> Bool
    ) {
        self.store = store
        self.format = format
        self.isWanted = isWanted
        var query = ConsumptionQuery(days: days, limit: UsageExport.rowsAtOnce)
        query.period = .day
        query.parts = Set(ConsumptionQuery.Part.allCases)
        state = Mutex(State(query: query))
    }

    /// The next piece of the text; `nil` at its end.
    ///
    /// - Throws: why rows cannot be read: the text ends in the middle then, and its reader sees that.
    func next() throws(JournalError) -> String? {
        let (query, isFirst, isOver) = state.withLock { state in
            defer { state.hasBegun = true }
            return (state.query, !state.hasBegun, state.isOver)
        }
        guard !isOver else { return nil }
        let rows = try store.rows(query, where: isWanted)
        let isLast = rows.count < query.limit
        state.withLock { state in
            state.query.after = rows.last?.place
            state.isOver = isLast
        }
        return piece(rows, isFirst: isFirst, isLast: isLast)
    }

    private func piece(_ rows: [ConsumptionRow], isFirst: Bool, isLast: Bool) -> String {
        switch format {
        case .csv: (isFirst ? UsageExport.heading : "") + rows.map(UsageExport.line).joined()
        case .json:
            (isFirst ? "{\"items\":[" : rows.isEmpty ? "" : ",")
                + rows.map { UsageView.json($0).compact }.joined(separator: ",") + (isLast ? "]}\n" : "")
        }
    }

    private static let heading =
        "date,tenant,principal,class,operation,admitted,replayed,refused,cost,bytes_in,bytes_out\r\n"

    private static func line(_ row: ConsumptionRow) -> String {
        let texts = [
            row.place.period, row.place.tenant, row.place.principal, row.place.trafficClass, row.place.operation,
        ].map(cell)
        let numbers = [
            row.count.admitted, row.count.replayed, row.count.refused, row.count.cost, row.count.bytesIn,
            row.count.bytesOut,
        ].map(String.init)
        return (texts + numbers).joined(separator: ",") + "\r\n"
    }

    /// A text as a cell: in quotes where it must be, and never as a formula.
    ///
    /// A cell that begins with one of these characters is computed by spreadsheets, whoever has written it; a quote
    /// mark before it makes it a text (OWASP, "CSV Injection").
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r\n|%".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { ",\"\r\n;".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
