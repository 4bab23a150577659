internal import GRDB
internal import Vocabulary

/// The usage store's file, open for writing.
///
/// Lives on the writing thread once that runs.
final class UsageDatabase {
    /// How the file was found.
    let found: Found
    private let queue: DatabaseQueue
    private var catalogue: UsageCatalogue
    private var parts: UsageParts

    /// The state of the file when it was opened.
    struct Found {
        /// Whether the writer before had said good-bye, or there was none.
        var wasCleanShutdown: Bool
        /// When it last saved; `nil` for a new file.
        var lastSaved: WallTime?
        /// The key under which the tenants are hashed.
        var hashKey: TenantHashKey
    }

    /// Opens the file, making it if need be, brings what an older version wrote into the present form, and marks it as
    /// in use.
    ///
    /// A file without a hash key gets this one. Where it is required and the file has another, its tenants would be
    /// strangers: that counts as damage.
    init(
        file: DatabaseFile, hashKey: TenantHashKey, required: Bool, at wall: WallTime
    ) throws(StoreFailure) {
        queue = try file.openForWriting()
        do {
            let opened = try queue.inDatabase { database in
                var opened: (found: Found, catalogue: UsageCatalogue, parts: UsageParts)?
                try database.inTransaction(.immediate) {
                    let found = try UsageDatabase.look(in: database, hashKey: hashKey)
                    var catalogue = try UsageCatalogue(of: database)
                    var parts = try UsageParts(of: database)
                    try FirstUsage(of: database, lastSaved: found.lastSaved ?? wall)?
                        .move(to: &parts, &catalogue, in: database)
                    try catalogue.forgetUnused(in: database)
                    opened = (found, catalogue, parts)
                    return .commit
                }
                guard let opened else { throw StoreFailure(.damaged, "the usage store has no state") }
                return opened
            }
            (found, catalogue, parts) = opened
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

    private static func set(_ key: String, _ value: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO state VALUES (?, ?)").execute(arguments: [key, value])
    }

    /// Writes what changed, the time, and whether this is good-bye, in one transaction.
    ///
    /// After a failure the database is of no use any more: what it remembers of the file may not be so.
    func write(_ batch: UsageBatch, isGoodbye: Bool, at wall: WallTime) throws(StoreFailure) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    let shapes = try catalogue.numbers(of: batch, in: database)
                    try parts.append(batch, shapes: shapes, to: database)
                    try parts.rewriteNext(catalogue, at: wall, in: database)
                    try UsageDatabase.set("saved", wall.milliseconds, in: database)
                    try UsageDatabase.set("clean", isGoodbye ? 1 : 0, in: database)
                    return .commit
                }
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// Lets go of the file.
    func close() { try? queue.close() }
}
