internal import Foundation
internal import GRDB
internal import Vocabulary

/// One SQLite file of the data folder: how it is opened, checked, brought up to date and moved out of the way.
struct DatabaseFile {
    /// Where it stands.
    let path: String
    /// What people call it: "journal".
    let name: String
    /// Marks the file as ours (`PRAGMA application_id`), so that a stranger's database is never taken for it.
    let applicationID: Int32
    /// The steps from an empty file to the present schema; the count of those done is the file's `user_version`.
    let migrations: [String]
    /// When a commit has reached the disk (`PRAGMA synchronous`): `NORMAL`, or `FULL` to survive a power cut as well.
    var synchronous = "NORMAL"

    /// How long a statement waits for a lock.
    ///
    /// Readers never lock out the writer of a WAL file; what remains are the instants of recovery and of the last
    /// close.
    private static let patience: TimeInterval = 0.5
    /// What SQLite keeps of the file in memory: indices of scattered keys want more than the usual 2 MiB.
    private static let cacheKibibytes = 16_384
    /// What the write-ahead log is cut to after it was folded into the file.
    private static let logBytesMax = 8 << 20

    /// What SQLite keeps beside a file, and the file itself, in the order in which they may be moved.
    private static let suffixes = ["-wal", "-shm", ""]

    /// Opens for writing; makes the file, or brings its schema up to date.
    ///
    /// Write-ahead log and, for most files, `synchronous=NORMAL`: a killed process loses nothing it committed, a power
    /// cut at most the last commits, and neither damages the file. `auto_vacuum` must be set before the first page is
    /// written.
    func openForWriting() throws(StoreFailure) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        // Where even taking back a transaction fails, the connection is closed, which ends it; GRDB would trap.
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(DatabaseFile.patience)
        configuration.prepareDatabase { [synchronous] database in
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = \(synchronous)")
            try database.execute(sql: "PRAGMA journal_size_limit = \(DatabaseFile.logBytesMax)")
            try database.execute(sql: "PRAGMA cache_size = -\(DatabaseFile.cacheKibibytes)")
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase(migrate)
            return queue
        } catch {
            throw StoreFailure(error)
        }
    }

    /// Opens for reading, also while another process writes.
    ///
    /// Readers and a writer share 32 KiB beside the file. On a full disk those may be missing after a clean stop; who
    /// holds the folder, and so knows that nobody writes, then reads without them.
    func openForReading(ownsFolder: Bool = false) throws(JournalError) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else {
            throw JournalError(.noJournal, "there is no \(name) at \(path); a server started with --data makes it")
        }
        let found: (queue: DatabaseQueue, version: Int)
        do throws(StoreFailure) {
            found = try opened(alone: false)
        } catch {
            guard ownsFolder, error.isForWantOfRoom else { throw error.opening(path) }
            do throws(StoreFailure) { found = try opened(alone: true) } catch { throw error.opening(path) }
        }
        guard found.version > 0 else {
            throw JournalError(.noJournal, "the \(name) at \(path) is still empty; try again in a moment")
        }
        return found.queue
    }

    /// Opens for reading; alone, it shares nothing with other processes, and locks them out
    /// (sqlite.org/wal.html#noshm).
    func opened(alone: Bool) throws(StoreFailure) -> (queue: DatabaseQueue, version: Int) {
        var configuration = Configuration()
        configuration.readonly = !alone  // the lock is one of writers
        configuration.busyMode = .timeout(10 * DatabaseFile.patience)
        if alone {
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA query_only = 1")
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            }
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return (queue, try queue.inDatabase(checkedVersion))
        } catch {
            throw StoreFailure(error)
        }
    }

    /// Moves the file and what belongs to it to a name that says when; nothing is deleted.
    ///
    /// The log goes first: a fresh file beside the log of an old one would take its content for its own.
    ///
    /// - Returns: where it stands now; `nil` when nothing stood here.
    func moveAside(at wall: WallTime) throws(StoreFailure) -> String? {
        let present = DatabaseFile.suffixes.filter { FileManager.default.fileExists(atPath: path + $0) }
        guard !present.isEmpty else { return nil }
        let stamp = wall.description.filter { $0 != ":" && $0 != "-" }
        var target = "\(path).damaged-\(stamp)"
        var attempt = 1
        while DatabaseFile.suffixes.contains(where: { FileManager.default.fileExists(atPath: target + $0) }) {
            attempt += 1
            target = "\(path).damaged-\(stamp)-\(attempt)"
        }
        for suffix in present {
            do {
                try FileManager.default.moveItem(atPath: path + suffix, toPath: target + suffix)
            } catch {
                throw StoreFailure(.passing, "cannot move \(path + suffix) aside: \(error.localizedDescription)")
            }
        }
        return target
    }

    /// The number of migrations done.
    ///
    /// - Throws: `StoreFailure` when the file is not ours, or newer than this program.
    private func checkedVersion(_ database: Database) throws -> Int {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
        if owner == 0, version == 0, isEmpty { return 0 }
        guard owner == applicationID else {
            throw StoreFailure(.damaged, "the database belongs to another program (application id \(owner))")
        }
        guard version <= migrations.count else {
            throw StoreFailure(
                .tooNew,
                "\(path) has version \(version) of the \(name)'s format, this headgate knows up to "
                    + "\(migrations.count); use the newer headgate that wrote it")
        }
        return version
    }

    private func migrate(_ database: Database) throws {
        let version = try checkedVersion(database)
        guard version < migrations.count else { return }
        try database.inTransaction(.immediate) {
            for step in migrations[version...] { try database.execute(sql: step) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
            return .commit
        }
    }
}
