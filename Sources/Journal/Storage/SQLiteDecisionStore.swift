internal import Foundation
internal import GRDB
internal import Vocabulary

/// Decisions in one SQLite file.
package final class SQLiteDecisionStore: DecisionStore {
    /// The connection.
    let queue: DatabaseQueue
    /// The numbers of names.
    let names = NameTable()
    /// The volume before which unused names were already looked for.
    var cleanedVolume: Int64 = 0
    private let path: String
    private let identity: FileIdentity?
    private var nextSequence: Int64 = 1

    /// Opens the file, making it if need be, and notes the sampling interval in it for readers.
    init(file: DatabaseFile, sampling: UInt64) throws(StoreFailure) {
        path = file.path
        queue = try file.openForWriting()
        identity = FileIdentity(path: file.path)
        do {
            nextSequence = try queue.inDatabase { database in
                try database.execute(
                    sql: "UPDATE state SET value = ? WHERE key = 'sampling'", arguments: [Int64(clamping: sampling)])
                guard let next = try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE key = 'next'") else {
                    throw StoreFailure(.damaged, "the journal has lost its next sequence number")
                }
                return next
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    package func close() { try? queue.close() }

    package func write(_ batch: JournalBatch) throws(StoreFailure) {
        guard try FileIdentity.standing(at: path) == identity else {
            throw StoreFailure(.damaged, "\(path) was removed or replaced while it was written")
        }
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try append(batch, to: database)
                    return .commit
                }
            }
        } catch {
            names.forget()
            throw StoreFailure(error)
        }
        nextSequence += Int64(batch.records.count)
        names.trim()
    }

    private func append(_ batch: JournalBatch, to database: Database) throws {
        var sequence = nextSequence
        for record in batch.records {
            try append(record, sequence: sequence, to: database)
            sequence += 1
        }
        for (key, count) in batch.tallies { try add(count, to: key, in: database) }
        for policy in batch.policies {
            try database.execute(
                sql: """
                    INSERT INTO policy VALUES (?, ?, ?, ?)
                    ON CONFLICT (version) DO UPDATE SET name = excluded.name, summary = excluded.summary
                    """,
                arguments: [policy.version, policy.name, policy.summary, policy.recorded.milliseconds])
        }
        try database.cachedStatement(sql: "UPDATE state SET value = ? WHERE key = 'next'")
            .execute(arguments: [sequence])
    }

    /// Adds one row.
    ///
    /// An id that is already there is left as it is: the id names the decision.
    private func append(_ record: DecisionRecord, sequence: Int64, to database: Database) throws {
        func number(_ name: String) throws -> Int64 {
            try names.number(of: name, sequence: sequence, in: database)
        }
        let details = try withoutActuallyEscaping(number) { number in
            var encoder = DetailsEncoder(number: number)
            return Data(try encoder.encode(record))
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """)
        try statement.execute(arguments: [
            sequence, record.id.blob, try record.tenant.map(number), try record.principal.map(number),
            try record.operation.map(number), try record.trafficClass.map(number), try number(record.tier),
            try number(record.outcome.name), try number(record.reason.code),
            try record.wouldBe.map { try number($0.outcome.name) },
            try record.wouldBe.map { try number($0.reason.code) },
            details, record.nearMisses.isEmpty ? nil : Int64(record.nearMisses.count),
        ])
    }

    private func add(_ count: TallyCount, to key: TallyKey, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE
                SET decisions = decisions + excluded.decisions, dropped = dropped + excluded.dropped
                """)
        try statement.execute(arguments: [
            key.minute, key.trafficClass ?? "", key.outcome.name, key.reason.code, key.wouldBe?.code ?? "",
            count.decisions, count.dropped,
        ])
    }
}
