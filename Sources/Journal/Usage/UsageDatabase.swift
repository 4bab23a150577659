internal import GRDB
internal import Vocabulary

/// The usage store's file, open for writing.
///
/// Lives on the writing thread once that runs.
final class UsageDatabase {
    /// How the file was found.
    let found: Found
    private let queue: DatabaseQueue
    private var slotNumbers: [UsageSlot: Int64] = [:]

    /// The state of the file when it was opened.
    struct Found {
        /// Whether the writer before had said good-bye, or there was none.
        var wasCleanShutdown: Bool
        /// When it last saved; `nil` for a new file.
        var lastSaved: WallTime?
        /// The key under which the tenants are hashed.
        var hashKey: TenantHashKey
    }

    /// Opens the file, making it if need be, forgets what is long over, and marks it as in use.
    ///
    /// A file without a hash key gets this one. Where it is required and the file has another, its tenants would be
    /// strangers: that counts as damage.
    init(
        file: DatabaseFile, hashKey: TenantHashKey, required: Bool, at wall: WallTime
    ) throws(StoreFailure) {
        queue = try file.openForWriting()
        do {
            found = try queue.inDatabase { database in
                var found: Found?
                try database.inTransaction(.immediate) {
                    found = try UsageDatabase.look(in: database, hashKey: hashKey)
                    try UsageDatabase.forgetPast(at: wall, in: database)
                    return .commit
                }
                guard let found else { throw StoreFailure(.damaged, "the usage store has no state") }
                return found
            }
        } catch {
            throw StoreFailure(error)
        }
        guard !required || found.hashKey == hashKey else {
            throw StoreFailure(.damaged, "its tenants are hashed under another key")
        }
    }

    private static func look(in database: Database, hashKey: TenantHashKey) throws -> Found {
        func value(_ key: String) throws -> Int64? {
            try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE key = ?", arguments: [key])
        }
        let lastSaved = try value("saved").map(WallTime.init(milliseconds:))
        let wasClean = try value("clean") ?? 1
        if try value("hash_high") == nil {
            try set("hash_high", Int64(bitPattern: hashKey.high), in: database)
            try set("hash_low", Int64(bitPattern: hashKey.low), in: database)
        }
        try set("clean", 0, in: database)
        let high = UInt64(bitPattern: try value("hash_high") ?? 0)
        let low = UInt64(bitPattern: try value("hash_low") ?? 0)
        return Found(
            wasCleanShutdown: wasClean == 1, lastSaved: lastSaved, hashKey: TenantHashKey(high: high, low: low))
    }

    private static func forgetPast(at wall: WallTime, in database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT number, kind, name FROM slot") {
            guard let slot = UsageSlot(kind: try row.value("kind"), name: try row.value("name")) else { continue }
            let number: Int64 = try row.value("number")
            try database.execute(
                sql: "UPDATE slot SET horizon = ? WHERE number = ?", arguments: [slot.horizon(at: wall), number])
        }
        try database.execute(
            sql: "DELETE FROM usage WHERE moment < (SELECT horizon FROM slot WHERE number = usage.slot)")
    }

    private static func set(_ key: String, _ value: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO state VALUES (?, ?)").execute(arguments: [key, value])
    }

    /// Writes entries, the time, and whether this is good-bye, in one transaction.
    func write(
        _ entries: [UsageEntry], isGoodbye: Bool, at wall: WallTime
    ) throws(StoreFailure) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    let statement = try database.cachedStatement(
                        sql: "INSERT OR REPLACE INTO usage VALUES (?, ?, ?, ?, ?)")
                    for entry in entries {
                        let bits = entry.tenant.bits
                        try statement.execute(arguments: [
                            Int64(truncatingIfNeeded: bits >> 64), Int64(truncatingIfNeeded: bits),
                            try number(of: UsageSlot(entry.use), in: database), entry.use.amount, entry.use.moment,
                        ])
                    }
                    try UsageDatabase.set("saved", wall.milliseconds, in: database)
                    try UsageDatabase.set("clean", isGoodbye ? 1 : 0, in: database)
                    return .commit
                }
            }
        } catch {
            slotNumbers.removeAll()
            throw StoreFailure(error)
        }
    }

    private func number(of slot: UsageSlot, in database: Database) throws -> Int64 {
        if let known = slotNumbers[slot] { return known }
        try database.execute(
            sql: "INSERT OR IGNORE INTO slot (kind, name) VALUES (?, ?)", arguments: [slot.kind, slot.name])
        let number = try Int64.fetchOne(
            database, sql: "SELECT number FROM slot WHERE kind = ? AND name = ?", arguments: [slot.kind, slot.name])
        guard let number else { throw StoreFailure(.damaged, "the usage store gave no number for a slot") }
        slotNumbers[slot] = number
        return number
    }

    /// Lets go of the file.
    func close() { try? queue.close() }
}
