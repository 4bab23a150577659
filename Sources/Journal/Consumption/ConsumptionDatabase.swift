internal import GRDB
internal import Vocabulary

/// The record of use, open for writing.
///
/// Lives on the writing thread.
final class ConsumptionDatabase {
    private let queue: DatabaseQueue
    /// The last tenant whose old rows were looked for.
    private var pruned = ""

    /// The most rows of one tenant and day; beyond it, what is new is counted in one more, whose names are `*`.
    ///
    /// A tenant that calls each of ten thousand operations from a thousand principals makes no more.
    static let rowsOfDayMax = 10_000
    /// The name of what finds no row of its own: no tenant, principal, class or operation is called like this.
    static let rest = "*"
    /// Tenants whose old rows are looked for with each transaction.
    private static let prunedTogether = 20

    /// Opens the file, making it if need be.
    init(file: DatabaseFile) throws(StoreFailure) { queue = try file.openForWriting() }

    /// What is written in one transaction.
    struct Part {
        /// Rows in their order, each key once.
        var rows: ArraySlice<ConsumptionBatch.Row> = []
        /// The minutes in which keys were used last.
        var keys: [String: Int32] = [:]
        /// Of what somebody was told.
        var warnings: [QuotaWarning] = []
        /// The oldest day that is kept.
        let oldest: Int32
    }

    /// Adds what was used, in one transaction, and removes some of what is too old.
    ///
    /// - Throws: why nothing of it was written.
    func write(_ part: Part, at wall: WallTime) throws(StoreFailure) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try add(part.rows, in: database)
                    let statement = try database.cachedStatement(
                        sql: """
                            INSERT INTO key VALUES (?, ?)
                            ON CONFLICT DO UPDATE SET minute = max(minute, excluded.minute)
                            """)
                    for (id, minute) in part.keys.sorted(by: { $0.key < $1.key }) {
                        try statement.execute(arguments: [id, Int64(minute)])
                    }
                    for warning in part.warnings { try database.insert(warning, at: wall) }
                    try prune(before: part.oldest, in: database)
                    return .commit
                }
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    private func add(_ rows: ArraySlice<ConsumptionBatch.Row>, in database: Database) throws {
        let writer = try RowWriter(database)
        var day: (tenant: String, day: Int32, rows: Int)?
        for (key, count) in rows {
            if try writer.add(count, to: key) { continue }
            if day.map({ $0.tenant != key.tenant || $0.day != key.day }) ?? true {
                day = (key.tenant, key.day, try writer.rowCount(of: key))
            }
            var room = key
            if day?.rows ?? 0 >= ConsumptionDatabase.rowsOfDayMax {
                room = ConsumptionKey(
                    tenant: key.tenant, day: key.day, principal: ConsumptionDatabase.rest,
                    trafficClass: ConsumptionDatabase.rest, operation: ConsumptionDatabase.rest)
                if try writer.add(count, to: room) { continue }
            }
            try writer.insert(count, at: room)
            day?.rows += 1
        }
    }

    /// Removes old rows of the next few tenants: all of them together would take too long at once.
    private func prune(before oldest: Int32, in database: Database) throws {
        for _ in 0..<ConsumptionDatabase.prunedTogether {
            let next = try String.fetchOne(
                database.cachedStatement(sql: "SELECT tenant FROM used WHERE tenant > ? ORDER BY tenant LIMIT 1"),
                arguments: [pruned])
            guard let next else {
                pruned = ""
                try database.execute(
                    sql: "DELETE FROM used WHERE tenant = '' AND day < ?", arguments: [Int64(oldest)])
                return
            }
            pruned = next
            try database.cachedStatement(sql: "DELETE FROM used WHERE tenant = ? AND day < ?")
                .execute(arguments: [next, Int64(oldest)])
        }
    }

    /// What somebody was told of and not long ago: a year of the calendar may have begun long before.
    func warnings(since wall: WallTime) throws(StoreFailure) -> [QuotaWarning] {
        do {
            return try queue.inDatabase { database in
                let rows = try Row.fetchAll(
                    database, sql: "SELECT tenant, unit, period, number, share FROM warning WHERE moment >= ?",
                    arguments: [wall.milliseconds])
                return try rows.compactMap { try QuotaWarning($0) }
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// Forgets warnings and uses of keys that are long past.
    func forget(before wall: WallTime) throws(StoreFailure) {
        do {
            try queue.inDatabase { database in
                try database.execute(
                    sql: "DELETE FROM warning WHERE moment < ?", arguments: [wall.milliseconds])
                try database.execute(
                    sql: "DELETE FROM key WHERE minute < ?", arguments: [wall.milliseconds / 60_000])
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// Lets go of the file.
    func close() { try? queue.close() }
}

/// Writes rows of use.
///
/// Its statements are looked up once for all rows, and have as many arguments as they are given: that need not be
/// checked for each row.
private struct RowWriter {
    private let database: Database
    private let update, insertion, count: Statement

    init(_ database: Database) throws {
        self.database = database
        // SQLite turns sums that 64 bits do not hold into floating point, so the largest number stays what it is.
        update = try database.cachedStatement(
            sql: """
                UPDATE used SET admitted = admitted + ?1, replayed = replayed + ?2, refused = refused + ?3,
                cost = CASE WHEN cost > 9223372036854775807 - ?4 THEN 9223372036854775807 ELSE cost + ?4 END,
                bytes_in = CASE WHEN bytes_in > 9223372036854775807 - ?5 THEN 9223372036854775807
                    ELSE bytes_in + ?5 END,
                bytes_out = CASE WHEN bytes_out > 9223372036854775807 - ?6 THEN 9223372036854775807
                    ELSE bytes_out + ?6 END
                WHERE tenant = ?7 AND day = ?8 AND principal = ?9 AND class = ?10 AND operation = ?11
                """)
        insertion = try database.cachedStatement(sql: "INSERT INTO used VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        count = try database.cachedStatement(
            sql: "SELECT count(*) FROM (SELECT 1 FROM used WHERE tenant = ? AND day = ? LIMIT ?)")
    }

    /// Adds to a row; says whether there was one.
    func add(_ count: ConsumptionCount, to key: ConsumptionKey) throws -> Bool {
        update.setUncheckedArguments([
            count.admitted, count.replayed, count.refused, count.cost, count.bytesIn, count.bytesOut, key.tenant,
            Int64(key.day), key.principal, key.trafficClass, key.operation,
        ])
        try update.execute()
        return database.changesCount > 0
    }

    func insert(_ count: ConsumptionCount, at key: ConsumptionKey) throws {
        insertion.setUncheckedArguments([
            key.tenant, Int64(key.day), key.principal, key.trafficClass, key.operation, count.admitted,
            count.replayed, count.refused, count.cost, count.bytesIn, count.bytesOut,
        ])
        try insertion.execute()
    }

    /// How many rows a tenant has on a day, if not more than it may.
    func rowCount(of key: ConsumptionKey) throws -> Int {
        try Int.fetchOne(count, arguments: [key.tenant, Int64(key.day), ConsumptionDatabase.rowsOfDayMax]) ?? 0
    }
}

extension Database {
    fileprivate func insert(_ warning: QuotaWarning, at wall: WallTime) throws {
        try cachedStatement(sql: "INSERT OR IGNORE INTO warning VALUES (?, ?, ?, ?, ?, ?)").execute(arguments: [
            warning.tenant, warning.unit.name, warning.period.name, Int64(warning.number), warning.share,
            wall.milliseconds,
        ])
    }
}

extension QuotaWarning {
    /// Reads a row; `nil` for units and periods of a later version.
    fileprivate init?(_ row: Row) throws {
        let names: (unit: String, period: String) = (try row.value("unit"), try row.value("period"))
        guard let unit = QuotaUnit.allCases.first(where: { $0.name == names.unit }),
            let period = CalendarPeriod.allCases.first(where: { $0.name == names.period })
        else { return nil }
        self.init(
            tenant: try row.value("tenant"), unit: unit, period: period,
            number: Int32(clamping: try row.value("number") as Int64), share: try row.value("share"))
    }
}
