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

    /// Adds what was used, in one transaction, and removes some of what is too old.
    ///
    /// - Parameters:
    ///   - batch: what was used.
    ///   - warnings: of what somebody was told.
    ///   - oldest: the oldest day that is kept.
    ///   - wall: now.
    /// - Throws: why nothing of it was written.
    func write(
        _ batch: ConsumptionBatch, _ warnings: [QuotaWarning], oldest: Int32, at wall: WallTime
    ) throws(StoreFailure) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try add(batch.counts, in: database)
                    for (id, minute) in batch.keys.sorted(by: { $0.key < $1.key }) {
                        try database.cachedStatement(
                            sql: """
                                INSERT INTO key VALUES (?, ?)
                                ON CONFLICT DO UPDATE SET minute = max(minute, excluded.minute)
                                """
                        ).execute(arguments: [id, Int64(minute)])
                    }
                    for warning in warnings { try database.insert(warning, at: wall) }
                    try prune(before: oldest, in: database)
                    return .commit
                }
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// In the order of the rows, so that neighbours are written together.
    private func add(_ counts: [ConsumptionKey: ConsumptionCount], in database: Database) throws {
        var day: (tenant: String, day: Int32, rows: Int)?
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            if try database.add(count, to: key) { continue }
            if day.map({ $0.tenant != key.tenant || $0.day != key.day }) ?? true {
                day = (key.tenant, key.day, try database.rowCount(of: key))
            }
            var place = key
            if day?.rows ?? 0 >= ConsumptionDatabase.rowsOfDayMax {
                place = ConsumptionKey(
                    tenant: key.tenant, day: key.day, principal: ConsumptionDatabase.rest,
                    trafficClass: ConsumptionDatabase.rest, operation: ConsumptionDatabase.rest)
                if try database.add(count, to: place) { continue }
            }
            try database.insert(count, at: place)
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

extension Database {
    /// Adds to a row; says whether there was one.
    ///
    /// SQLite turns sums that 64 bits do not hold into floating point, so the largest number stays what it is.
    fileprivate func add(_ count: ConsumptionCount, to key: ConsumptionKey) throws -> Bool {
        try cachedStatement(
            sql: """
                UPDATE used SET admitted = admitted + ?1, replayed = replayed + ?2, refused = refused + ?3,
                cost = CASE WHEN cost > 9223372036854775807 - ?4 THEN 9223372036854775807 ELSE cost + ?4 END,
                bytes_in = CASE WHEN bytes_in > 9223372036854775807 - ?5 THEN 9223372036854775807
                    ELSE bytes_in + ?5 END,
                bytes_out = CASE WHEN bytes_out > 9223372036854775807 - ?6 THEN 9223372036854775807
                    ELSE bytes_out + ?6 END
                WHERE tenant = ?7 AND day = ?8 AND principal = ?9 AND class = ?10 AND operation = ?11
                """
        ).execute(arguments: [
            count.admitted, count.replayed, count.refused, count.cost, count.bytesIn, count.bytesOut, key.tenant,
            Int64(key.day), key.principal, key.trafficClass, key.operation,
        ])
        return changesCount > 0
    }

    fileprivate func insert(_ count: ConsumptionCount, at key: ConsumptionKey) throws {
        try cachedStatement(sql: "INSERT INTO used VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(arguments: [
            key.tenant, Int64(key.day), key.principal, key.trafficClass, key.operation, count.admitted,
            count.replayed, count.refused, count.cost, count.bytesIn, count.bytesOut,
        ])
    }

    fileprivate func rowCount(of key: ConsumptionKey) throws -> Int {
        try Int.fetchOne(
            cachedStatement(
                sql: "SELECT count(*) FROM (SELECT 1 FROM used WHERE tenant = ? AND day = ? LIMIT ?)"),
            arguments: [key.tenant, Int64(key.day), ConsumptionDatabase.rowsOfDayMax]) ?? 0
    }

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

extension ConsumptionKey: Comparable {
    /// The order of the rows.
    package static func < (left: Self, right: Self) -> Bool {
        (left.tenant, left.day, left.principal, left.trafficClass, left.operation)
            < (right.tenant, right.day, right.principal, right.trafficClass, right.operation)
    }
}
