internal import Foundation
internal import GRDB
package import Vocabulary

extension SQLiteDecisionStore {
    /// How many rows one step removes at most: twice a batch, so that removing keeps ahead of writing.
    private static let stepRows: Int64 = 4_000
    /// How many minutes of counts one step removes at most.
    private static let stepMinutes: Int64 = 60
    /// How many pages one step gives back to the file system at most: 1 MiB, some milliseconds.
    private static let stepPages: Int64 = 256

    /// Removes the oldest decisions, in the order they were written, while they are too old or the file is too large.
    ///
    /// Freed pages are used again before the file grows. What is free beyond an eighth of the file is given back, so
    /// that the file shrinks after a flood without being shuffled about in every step of a steady stream.
    package func prune(to retention: JournalRetention, at wall: WallTime) throws(StoreFailure) -> PruneReport {
        do {
            return try queue.writeWithoutTransaction { database in
                var report = PruneReport()
                try database.inTransaction(.immediate) {
                    report = try removeSome(retention, at: wall, in: database)
                    return .commit
                }
                let givenBack = try shrink(to: retention, in: database)
                report.hasMore = report.hasMore || givenBack
                return report
            }
        } catch {
            names.forget()
            throw StoreFailure(error)
        }
    }

    private func removeSome(
        _ retention: JournalRetention, at wall: WallTime, in database: Database
    ) throws -> PruneReport {
        var report = PruneReport()
        let horizon = WallTime(milliseconds: max(0, wall.milliseconds - retention.ageMax.count / 1_000_000))
        report.removedByAge = try removeExpired(before: horizon, in: database)
        let surplus = try surplusRows(retention, in: database)
        var countsHorizon = horizon.minute
        if let surplus, let last = try oldestRows(atMost: surplus, in: database).last {
            try database.execute(sql: "DELETE FROM decision WHERE sequence <= ?", arguments: [last.sequence])
            report.removedByBytes = database.changesCount
            countsHorizon = max(countsHorizon, last.id.wall.minute)
        } else if surplus != nil {
            countsHorizon = .max  // no decision is left to make room: the oldest counts go
        }
        let wentCounts = try removeCounts(before: countsHorizon, in: database)
        let wentNames = try removeNames(in: database)
        let wentRows = report.removedByAge == SQLiteDecisionStore.stepRows || report.removedByBytes > 0
        report.hasMore = wentRows || wentCounts || wentNames
        return report
    }

    private func removeExpired(before horizon: WallTime, in database: Database) throws -> Int {
        // Rows stand in the order of commits, nearly that of time: the first one young enough ends the search.
        guard let oldest = try oldestRows(atMost: 1, in: database).first, oldest.id.wall < horizon else { return 0 }
        let expired = try oldestRows(atMost: SQLiteDecisionStore.stepRows, in: database)
            .prefix { $0.id.wall < horizon }
        guard let last = expired.last else { return 0 }
        try database.execute(sql: "DELETE FROM decision WHERE sequence <= ?", arguments: [last.sequence])
        return database.changesCount
    }

    private func oldestRows(atMost limit: Int64, in database: Database) throws -> [(sequence: Int64, id: DecisionID)] {
        let statement = try database.cachedStatement(
            sql: "SELECT sequence, id FROM decision ORDER BY sequence LIMIT ?")
        return try Row.fetchAll(statement, arguments: [limit]).map { row in
            guard let id = DecisionID(blob: try row.value("id")) else {
                throw StoreFailure(.damaged, "a decision's id does not have 16 bytes")
            }
            return (try row.value("sequence"), id)
        }
    }

    /// How many of the oldest rows must go for the file to stay in its bounds; `nil` when it does.
    ///
    /// The goal lies a 64th below the bound: room for what arrives before the next step.
    private func surplusRows(_ retention: JournalRetention, in database: Database) throws -> Int64? {
        let pages = try PageCount(database)
        let goal = retention.bytesMax - retention.bytesMax / 64
        let used = (pages.total - pages.free) * pages.size
        guard used > goal else { return nil }
        let rows =
            try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT max(sequence) - min(sequence) + 1 FROM decision")) ?? 1
        let rowSize = max(1, used / max(1, rows))
        return min(max(1, (used - goal) / rowSize + 1), SQLiteDecisionStore.stepRows)
    }

    private func removeCounts(before minute: Int64, in database: Database) throws -> Bool {
        guard let first = try Int64.fetchOne(database.cachedStatement(sql: "SELECT min(minute) FROM tally")),
            first < minute
        else { return false }
        try database.execute(
            sql: "DELETE FROM tally WHERE minute < ?",
            arguments: [min(minute, first + SQLiteDecisionStore.stepMinutes)])
        return true
    }

    /// Removes names that no held decision uses, once the oldest one has left a volume, and then policies likewise; the
    /// policy recorded last is the one in force and stays.
    private func removeNames(in database: Database) throws -> Bool {
        guard let oldest = try oldestRows(atMost: 1, in: database).first else { return false }
        let volume = oldest.sequence / NameTable.volumeSize
        guard volume > cleanedVolume else { return false }
        let hasMore = try names.removeUnused(
            before: oldest.sequence, atMost: Int(SQLiteDecisionStore.stepRows), in: database)
        if hasMore { return true }
        try database.execute(
            sql: """
                DELETE FROM policy WHERE recorded < (SELECT max(recorded) FROM policy)
                AND version NOT IN (SELECT text FROM name)
                """)
        cleanedVolume = volume
        return false
    }

    /// Gives free pages back to the file system, in a step of its own.
    private func shrink(to retention: JournalRetention, in database: Database) throws -> Bool {
        let pages = try PageCount(database)
        let tooMany = pages.total - retention.bytesMax / pages.size
        let excess = min(max(tooMany, pages.free - pages.total / 8), pages.free)
        guard excess > 0 else { return false }
        try database.execute(sql: "PRAGMA incremental_vacuum(\(min(excess, SQLiteDecisionStore.stepPages)))")
        return excess > SQLiteDecisionStore.stepPages
    }
}

/// How large a database file is.
private struct PageCount {
    let total: Int64
    let free: Int64
    let size: Int64

    init(_ database: Database) throws {
        func pragma(_ name: String) throws -> Int64 {
            try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA \(name)")) ?? 0
        }
        total = try pragma("page_count")
        free = try pragma("freelist_count")
        size = max(1, try pragma("page_size"))
    }
}
