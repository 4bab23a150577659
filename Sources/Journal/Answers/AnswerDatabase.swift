internal import Foundation
internal import GRDB
internal import Vocabulary

/// The file of answers, open for writing.
///
/// Lives on the thread that writes answers once that runs.
final class AnswerDatabase {
    /// The key under which names and requests are hashed.
    let hashKey: TenantHashKey
    private let queue: DatabaseQueue

    /// Opens the file, making it if need be.
    ///
    /// A file without a hash key gets this one. Where it is required and the file has another, nothing in it could be
    /// found: that counts as damage.
    init(file: DatabaseFile, hashKey: TenantHashKey, required: Bool) throws(StoreFailure) {
        queue = try file.openForWriting()
        do {
            self.hashKey = try queue.inDatabase { try AnswerDatabase.key(in: $0, orElse: hashKey) }
        } catch {
            throw StoreFailure(error)
        }
        guard !required || self.hashKey == hashKey else {
            throw StoreFailure(.damaged, "its keys are hashed under another key")
        }
    }

    private static func key(in database: Database, orElse key: TenantHashKey) throws -> TenantHashKey {
        func value(_ name: String, orElse half: UInt64) throws -> UInt64 {
            try database.execute(
                sql: "INSERT OR IGNORE INTO state VALUES (?, ?)", arguments: [name, Int64(bitPattern: half)])
            let stored = try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE key = ?", arguments: [name])
            return UInt64(bitPattern: stored ?? 0)
        }
        return TenantHashKey(
            high: try value("hash_high", orElse: key.high), low: try value("hash_low", orElse: key.low))
    }

    /// The hash key of a file that cannot be written now; one that is not there, or has nothing in it, gets this one.
    ///
    /// Under another key its answers would be strangers', and the file would count as damaged once there is room.
    static func key(readOnly file: DatabaseFile, orElse key: TenantHashKey) throws(JournalError) -> TenantHashKey {
        let queue: DatabaseQueue
        do {
            queue = try file.openForReading(ownsFolder: true)
        } catch {
            guard error.code == .noJournal else { throw error }
            return key
        }
        defer { try? queue.close() }
        do {
            let halves = try queue.inDatabase { database in
                try Int64.fetchAll(
                    database, sql: "SELECT value FROM state WHERE key IN ('hash_high', 'hash_low') ORDER BY key")
            }
            guard halves.count == 2 else { return key }
            return TenantHashKey(high: UInt64(bitPattern: halves[0]), low: UInt64(bitPattern: halves[1]))
        } catch {
            throw StoreFailure(error).opening(file.path)
        }
    }

    /// Writes what has happened, in order and in one transaction.
    ///
    /// After a failure the database is of no use any more.
    func write(_ events: [AnswerQueue.Event]) throws(StoreFailure) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for event in events { try AnswerDatabase.write(event, in: database) }
                    return .commit
                }
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    private static func write(_ event: AnswerQueue.Event, in database: Database) throws {
        switch event {
        case .remove(let name):
            try database.cachedStatement(sql: "DELETE FROM answer WHERE name = ?").execute(arguments: [name.blob])
        case .keep(let record, _):
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO answer (name, target, request, decision, since, status, fields, body)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET target = excluded.target, request = excluded.request,
                        decision = excluded.decision, since = excluded.since, status = excluded.status,
                        fields = excluded.fields, body = excluded.body
                    """)
            try statement.execute(arguments: [
                record.name.blob, record.fingerprint.target.blob, record.fingerprint.body?.blob,
                record.decision.bits.blob, record.since.milliseconds, record.answer?.status,
                record.answer.map { Data($0.fields) }, record.answer?.body.map { Data($0) },
            ])
        }
    }

    /// Lets go of the file.
    func close() { try? queue.close() }
}

extension UInt128 {
    /// The 16 bytes, highest first.
    var blob: Data { DecisionID(bits: self).blob }
}

extension IdempotencyName {
    /// The 32 bytes.
    var blob: Data { tenant.bits.blob + bits.blob }

    /// Reads 32 bytes; any other number of them is `nil`.
    init?(blob: Data) {
        guard blob.count == 32, let tenant = DecisionID(blob: blob.prefix(16)),
            let bits = DecisionID(blob: blob.suffix(16))
        else { return nil }
        self.init(tenant: TenantKey(bits: tenant.bits), bits: bits.bits)
    }
}
