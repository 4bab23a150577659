internal import Foundation
internal import GRDB
package import Vocabulary

/// The record of incidents, open for writing: the quarantine list across restarts, and the evidence for it.
///
/// Calls wait for the disk: they come from a thread that may.
package final class IncidentStore: Sendable {
    private let queue: DatabaseQueue
    /// Where the file stands.
    package let path: String

    /// The most lines that are kept; those of quarantines that still hold come on top.
    package static let countMax = 100_000

    /// The file in a data folder.
    static func path(in folder: String) -> String { folder + "/incidents.sqlite" }

    /// Opens the record in a data folder that this process holds, making it if need be.
    ///
    /// A file that is no database is moved aside and told of: without a list nobody is in quarantine, which is better
    /// than not to serve.
    package init(folder: String, at wall: WallTime, notify: (JournalNotice) -> Void) throws(JournalError) {
        let file = DatabaseFile.incidents(at: IncidentStore.path(in: folder))
        path = file.path
        do throws(StoreFailure) {
            queue = try IncidentStore.opened(file, at: wall, notify: notify)
        } catch {
            throw error.opening(file.path)
        }
    }

    private static func opened(
        _ file: DatabaseFile, at wall: WallTime, notify: (JournalNotice) -> Void
    ) throws(StoreFailure) -> DatabaseQueue {
        do throws(StoreFailure) {
            return try file.openForWriting()
        } catch {
            guard error.kind == .damaged else { throw error }
            let place = try file.moveAside(at: wall)
            notify(.startedFresh(file.path, after: error, movedTo: place))
            return try file.openForWriting()
        }
    }

    /// Adds lines, all or none.
    package func append(_ records: [IncidentRecord]) throws(StoreFailure) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for record in records { try database.insert(record) }
                    try database.execute(
                        sql: """
                            DELETE FROM incident WHERE sequence <= (SELECT max(sequence) FROM incident) - ?
                            AND until <= ?
                            """,
                        arguments: [IncidentStore.countMax, records.last?.wall.milliseconds ?? 0])
                    return .commit
                }
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// The quarantines that hold at a moment, oldest first.
    package func present(at wall: WallTime) throws(StoreFailure) -> [IncidentRecord] {
        do {
            return try queue.inDatabase { database in
                try IncidentRecord.fetch(
                    database,
                    where: """
                        event = 'quarantined' AND until > ? AND NOT EXISTS (
                            SELECT 1 FROM incident AS later WHERE later.id = incident.id
                            AND later.event IN ('lifted', 'replaced', 'expired'))
                        ORDER BY sequence
                        """, [wall.milliseconds])
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// Lets go of the file.
    package func close() { try? queue.close() }
}

/// Reads the record of incidents, also while a server writes it.
package enum IncidentHistory {
    /// The newest lines, oldest first.
    package static func read(folder: String, limit: Int) throws(JournalError) -> [IncidentRecord] {
        let file = DatabaseFile.incidents(at: IncidentStore.path(in: folder))
        let queue = try file.openForReading()
        defer { try? queue.close() }
        do {
            return try queue.inDatabase { database in
                try IncidentRecord.fetch(database, where: "1 ORDER BY sequence DESC LIMIT ?", [Int64(limit)]).reversed()
            }
        } catch {
            throw StoreFailure(error).opening(file.path)
        }
    }
}

extension Database {
    fileprivate func insert(_ record: IncidentRecord) throws {
        try cachedStatement(
            sql: """
                INSERT INTO incident (id, event, moment, kind, subject, action, stage, rule, operator, reason, evidence,
                until, spared_tiers, spared_classes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            record.id.blob, record.event.rawValue, record.wall.milliseconds, record.kind, record.subject,
            record.action, record.stage, record.rule, record.operatorName, record.reason, record.evidence,
            record.until.milliseconds, record.sparedTiers.joined(separator: ","),
            record.sparedClasses.joined(separator: ","),
        ])
    }
}

extension IncidentRecord {
    fileprivate static func fetch(
        _ database: Database, where condition: String, _ arguments: [Int64]
    ) throws -> [IncidentRecord] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM incident WHERE \(condition)", arguments: StatementArguments(arguments))
        return try rows.map { try IncidentRecord($0) }
    }

    private init(_ row: Row) throws {
        guard let id = DecisionID(blob: try row.value("id")),
            let event = Event(rawValue: try row.value("event"))
        else { throw StoreFailure(.damaged, "the record of incidents has a line that cannot be read") }
        self.init(
            id: id, event: event, wall: WallTime(milliseconds: try row.value("moment")),
            kind: try row.value("kind"), subject: try row.value("subject"),
            action: try row.value("action"), stage: try row.value("stage"),
            rule: try row.optional("rule"), operatorName: try row.optional("operator"),
            reason: try row.value("reason"), evidence: try row.value("evidence"),
            until: WallTime(milliseconds: try row.value("until")),
            sparedTiers: IncidentRecord.names(try row.value("spared_tiers")),
            sparedClasses: IncidentRecord.names(try row.value("spared_classes")))
    }

    private static func names(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
}
