internal import Foundation
internal import GRDB

/// The SQLite file of a ledger: how it is opened and checked.
struct LedgerFile {
    /// Where it stands.
    let path: String

    /// Marks the file as a ledger (`PRAGMA application_id`).
    private static let applicationID: Int32 = 0x4847_4C47
    /// How long a statement waits for a lock; only recovery and the last close of another process hold one.
    private static let patience: TimeInterval = 5
    /// What SQLite keeps of the file in memory: streams and ids come in no order, and want more than the usual 2 MiB.
    private static let cacheKibibytes = 65_536

    /// The schema, step by step; a released step is never changed.
    ///
    /// - `record`: `sequence` is the index of the leaf. `salt` and `bytes` are NULL once erased, and `commitment` is
    ///   NULL until then. The other columns repeat what `bytes` say, for readers to filter by. The indexes on actor and
    ///   type are in order of `sequence` by themselves, as the row's number ends each key.
    /// - `command`: what a command with an id was told.
    /// - `tile`: `place` is level · 2⁵⁶ + number; `hashes` are those that there are so far, 32 bytes each.
    /// - `checkpoint`: those that are kept for good.
    /// - `head`: the one newest checkpoint, and the key that checks it.
    private static let migrations = [
        """
        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, type TEXT NOT NULL,
            stream TEXT NOT NULL, version INTEGER NOT NULL, salt BLOB, bytes BLOB, commitment BLOB);
        CREATE UNIQUE INDEX record_stream ON record (stream, version);
        CREATE INDEX record_actor ON record (actor);
        CREATE INDEX record_type ON record (type);
        CREATE TABLE command (
            id TEXT PRIMARY KEY, first INTEGER NOT NULL, count INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE tile (place INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
        CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
        CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), note TEXT NOT NULL, verifier TEXT NOT NULL);
        CREATE TABLE snapshot (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, bytes BLOB NOT NULL);
        """
    ]

    /// Opens for writing; makes the file, or brings its schema up to date.
    ///
    /// `synchronous=FULL`: a commit is on the disk when it returns, also after a power cut. `secure_delete`: what is
    /// erased is overwritten, not just let go of.
    func openForWriting() throws(LedgerError) -> DatabaseQueue {
        var configuration = LedgerFile.configuration
        // Where even taking back a transaction fails, the connection is closed, which ends it; GRDB would trap.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA cache_size = -\(LedgerFile.cacheKibibytes)")
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase(migrate)
            return queue
        } catch {
            throw LedgerError(error, at: path)
        }
    }

    /// Opens for reading, also while another process writes.
    func openForReading() throws(LedgerError) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else {
            throw LedgerError(.noLedger, "there is no ledger at \(path)")
        }
        var configuration = LedgerFile.configuration
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            guard try queue.inDatabase(checkedVersion) > 0 else {
                throw LedgerError(.noLedger, "the ledger at \(path) was never written")
            }
            return queue
        } catch {
            throw LedgerError(error, at: path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(patience)
        return configuration
    }

    /// The number of migrations done.
    private func checkedVersion(_ database: Database) throws -> Int {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
        if owner == 0, version == 0, isEmpty { return 0 }
        guard owner == LedgerFile.applicationID else {
            throw LedgerError(.notALedger, "\(path) belongs to another program (application id \(owner))")
        }
        guard version <= LedgerFile.migrations.count else {
            throw LedgerError(
                .tooNew,
                "\(path) has version \(version) of the ledger's format, this headgate knows up to "
                    + "\(LedgerFile.migrations.count); use the newer headgate that wrote it")
        }
        return version
    }

    private func migrate(_ database: Database) throws {
        let version = try checkedVersion(database)
        guard version < LedgerFile.migrations.count else { return }
        try database.inTransaction(.immediate) {
            for step in LedgerFile.migrations[version...] { try database.execute(sql: step) }
            try database.execute(sql: "PRAGMA application_id = \(LedgerFile.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(LedgerFile.migrations.count)")
            return .commit
        }
    }
}

extension LedgerError {
    /// Judges what SQLite or its wrapper threw (sqlite.org/rescode.html).
    init(_ error: any Error, at path: String) {
        guard let failure = error as? DatabaseError else {
            self =
                error as? LedgerError
                ?? LedgerError(.damaged, "\(path) has a value of the wrong kind", cause: String(describing: error))
            return
        }
        let cause = "SQLite \(failure.extendedResultCode.rawValue): \(failure.message ?? "no further word")"
        // The file that readers and the writer share is made longer before it is used, and that fails in its own way.
        let lacksRoom = failure.resultCode == .SQLITE_FULL || failure.extendedResultCode == .SQLITE_IOERR_SHMSIZE
        switch failure.resultCode {
        case _ where lacksRoom:
            self.init(
                .noRoom, "the disk of \(path) is full, nothing was appended; make room and try again", cause: cause)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly, "\(path) cannot be written, nothing was appended; check its owner and permissions",
                cause: cause)
        // Every statement here is fixed: one that no longer compiles (SQLITE_ERROR) met a schema that is not ours.
        case .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_ERROR:
            self.init(.notALedger, "\(path) is not a ledger of Headgate's, or is damaged", cause: cause)
        case .SQLITE_CORRUPT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            self.init(.damaged, "\(path) is damaged; restore it from a copy", cause: cause)
        default: self.init(.unavailable, "\(path) cannot be used now", cause: cause)
        }
    }
}
