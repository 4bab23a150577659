internal import GRDB
package import Vocabulary

/// Which use is asked for, and how it is added up.
package struct ConsumptionQuery: Hashable, Sendable {
    /// Of one tenant; `nil`: of all.
    package var tenant: String?
    /// The days, as `CalendarPeriod` numbers them.
    package var days: ClosedRange<Int32>
    /// How the days are added up; `nil`: all of them together.
    package var period: Period?
    /// What is told apart beside tenant and period.
    package var parts: Set<Part> = []
    /// Rows behind this one; `nil`: from the first.
    package var after: ConsumptionRow.Place?
    /// The most rows.
    package var limit: Int

    /// How days are added up.
    package enum Period: String, CaseIterable, Sendable {
        /// Each for itself.
        case day
        /// By the months of the calendar.
        case month
    }

    /// What can be told apart.
    package enum Part: String, CaseIterable, Sendable {
        /// The principal.
        case principal
        /// The class.
        case trafficClass = "class"
        /// The operation.
        case operation
    }

    /// Asks for the use of all tenants on some days.
    package init(days: ClosedRange<Int32>, limit: Int) {
        self.days = days
        self.limit = limit
    }
}

/// Use that was added up.
package struct ConsumptionRow: Hashable, Sendable {
    /// What it is of; parts that are not told apart are empty.
    package let place: Place
    /// How much.
    package let count: ConsumptionCount

    /// Where a row stands in the order of all.
    package struct Place: Hashable, Sendable {
        /// The tenant.
        package var tenant: String
        /// `2026-11-27`, `2026-11`, or nothing.
        package var period: String
        /// The principal.
        package var principal: String
        /// The class.
        package var trafficClass: String
        /// The operation.
        package var operation: String

        /// States it.
        package init(
            tenant: String, period: String = "", principal: String = "", trafficClass: String = "",
            operation: String = ""
        ) {
            self.tenant = tenant
            self.period = period
            self.principal = principal
            self.trafficClass = trafficClass
            self.operation = operation
        }
    }
}

extension ConsumptionStore {
    /// The use that a query asks for, in the order of tenant, period, principal, class and operation.
    ///
    /// What was used in the last second or so is not in it yet.
    ///
    /// - Parameters:
    ///   - query: which use.
    ///   - isWanted: whether the rows of a tenant are wanted.
    /// - Returns: at most as many rows as the query's limit.
    /// - Throws: why the file cannot be read.
    package func rows(
        _ query: ConsumptionQuery, where isWanted: (String) -> Bool = { _ in true }
    ) throws(JournalError) -> [ConsumptionRow] {
        let (sql, arguments) = query.statement
        return try read { database in
            var rows: [ConsumptionRow] = []
            let cursor = try Row.fetchCursor(
                database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
            while rows.count < query.limit, let row = try cursor.next() {
                guard isWanted(try row.value("tenant")) else { continue }
                rows.append(try ConsumptionRow(row))
            }
            return rows
        }
    }

    /// The minute since 1970 in which each of some keys was used last; those that never were are left out.
    ///
    /// - Throws: why the file cannot be read.
    package func lastUses(of keys: [String]) throws(JournalError) -> [String: Int32] {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT minute FROM key WHERE id = ?")
            return try keys.reduce(into: [:]) { uses, id in
                if let minute = try Int64.fetchOne(statement, arguments: [id]) { uses[id] = Int32(clamping: minute) }
            }
        }
    }

    /// The keys that were used at a moment or later.
    ///
    /// - Throws: why the file cannot be read.
    /// - Complexity: O(keys that were ever used).
    package func keys(usedSince wall: WallTime) throws(JournalError) -> Set<String> {
        try read { database in
            try String.fetchSet(
                database, sql: "SELECT id FROM key WHERE minute >= ?",
                arguments: [wall.milliseconds.flooredQuotient(60_000)])
        }
    }
}

extension ConsumptionQuery {
    /// The statement and its arguments.
    ///
    /// Rows stand in the order of tenant and day, so what is added up by them is told without sorting all of it.
    fileprivate var statement: (String, [(any DatabaseValueConvertible)?]) {
        let date =
            switch period {
            case .day: "strftime('%Y-%m-%d', day * 86400, 'unixepoch')"
            case .month: "strftime('%Y-%m', day * 86400, 'unixepoch')"
            case nil: "''"
            }
        func column(_ part: Part) -> String { parts.contains(part) ? part.rawValue : "''" }
        var sql = """
            SELECT tenant, \(date) AS date, \(column(.principal)) AS who, \(column(.trafficClass)) AS kind,
            \(column(.operation)) AS what, \(ConsumptionQuery.sums)
            FROM used WHERE day BETWEEN ? AND ?
            """
        var arguments: [(any DatabaseValueConvertible)?] = [Int64(days.lowerBound), Int64(days.upperBound)]
        if let tenant {
            sql += " AND tenant = ?"
            arguments.append(tenant)
        }
        if let after {
            sql += " AND tenant >= ?"
            arguments.append(after.tenant)
        }
        sql += " GROUP BY tenant, date, who, kind, what"
        if let after {
            sql += " HAVING (tenant, date, who, kind, what) > (?, ?, ?, ?, ?)"
            arguments += [after.tenant, after.period, after.principal, after.trafficClass, after.operation]
        }
        return (sql + " ORDER BY tenant, date, who, kind, what", arguments)
    }

    /// Sums in two halves: of whole numbers, SQLite refuses one that 64 bits do not hold.
    private static let sums = ["admitted", "replayed", "refused", "cost", "bytes_in", "bytes_out"]
        .map { "sum(\($0) & 4294967295) AS low_\($0), sum(\($0) >> 32) AS high_\($0)" }
        .joined(separator: ", ")
}

extension ConsumptionRow {
    fileprivate init(_ row: Row) throws {
        place = Place(
            tenant: try row.value("tenant"), period: try row.value("date"), principal: try row.value("who"),
            trafficClass: try row.value("kind"), operation: try row.value("what"))
        func sum(_ name: String) throws -> Int64 {
            let (low, high): (Int64, Int64) = (try row.value("low_\(name)"), try row.value("high_\(name)"))
            return Int64(clamping: Int128(high) << 32 + Int128(low))
        }
        count = ConsumptionCount(
            admitted: try sum("admitted"), replayed: try sum("replayed"), refused: try sum("refused"),
            cost: try sum("cost"), bytesIn: try sum("bytes_in"), bytesOut: try sum("bytes_out"))
    }
}
