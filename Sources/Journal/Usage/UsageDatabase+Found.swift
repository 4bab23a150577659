internal import GRDB
internal import Vocabulary

extension UsageDatabase {
    /// How a file is found that cannot be written now.
    ///
    /// The tenants' hash key must be had: under another one the file would be a stranger's for whoever writes it later.
    /// So a file that cannot even be read is an error; one that is not there, or has nothing in it, gets this key.
    static func found(readOnly file: DatabaseFile, hashKey: TenantHashKey) throws(JournalError) -> Found {
        let queue: DatabaseQueue
        do {
            queue = try file.openForReading(ownsFolder: true)
        } catch {
            guard error.code == .noJournal else { throw error }
            return Found(wasCleanShutdown: true, lastSaved: nil, hashKey: hashKey)
        }
        defer { try? queue.close() }
        do {
            return try queue.inDatabase { try found(in: $0, hashKey: hashKey) }
        } catch {
            throw StoreFailure(error).opening(file.path)
        }
    }

    private static func found(in database: Database, hashKey: TenantHashKey) throws -> Found {
        func value(_ key: String) throws -> Int64? {
            try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE key = ?", arguments: [key])
        }
        var found = Found(
            wasCleanShutdown: try value("clean") ?? 1 == 1,
            lastSaved: try value("saved").map(WallTime.init(milliseconds:)), hashKey: hashKey)
        if let high = try value("hash_high"), let low = try value("hash_low") {
            found.hashKey = TenantHashKey(high: UInt64(bitPattern: high), low: UInt64(bitPattern: low))
        }
        return found
    }
}
