internal import GRDB

/// Why a store could not do what it was asked, in terms of what helps.
package struct StoreFailure: Error, Hashable, Sendable {
    /// What helps.
    package let kind: Kind
    /// What the store said.
    package let message: String
    /// Whether the disk has no room: the passing failure that needs nobody to do anything about the file.
    package let isForWantOfRoom: Bool

    /// The ways out of a failure.
    package enum Kind: Hashable, Sendable {
        /// Time: the disk is full, the file is locked, the folder is read-only.
        ///
        /// Try again later.
        case passing
        /// A fresh file: this one is not a database, or is damaged.
        case damaged
        /// A newer Headgate: it wrote the file.
        case tooNew
        /// Nothing: the store will never take this content.
        case refused
    }

    /// States a failure.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
        isForWantOfRoom = false
    }

    /// Judges what SQLite or its wrapper threw (sqlite.org/rescode.html).
    init(_ error: any Error) {
        guard let failure = error as? DatabaseError else {
            // What is no failure of SQLite's is a value of the wrong type where only the right one was ever written.
            self = error as? StoreFailure ?? StoreFailure(.damaged, String(describing: error))
            return
        }
        // Files that readers and the writer share are made longer before they are used, and that fails in its own way.
        isForWantOfRoom = failure.resultCode == .SQLITE_FULL || failure.extendedResultCode == .SQLITE_IOERR_SHMSIZE
        message = "SQLite \(failure.extendedResultCode.rawValue): \(failure.message ?? "no further word")"
        kind =
            switch failure.resultCode {
            // Every statement here is fixed: one that no longer compiles (SQLITE_ERROR) met a schema that is not ours.
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_ERROR: .damaged
            case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_RANGE: .refused
            default: .passing
            }
    }

    /// The failure as told to somebody who opens a file.
    func opening(_ path: String) -> JournalError {
        switch kind {
        case .tooNew: JournalError(.tooNew, message)
        case .damaged: JournalError(.notAJournal, "\(path) is not a file of Headgate's, or is damaged", cause: message)
        case .passing, .refused: JournalError(.unavailable, "\(path) cannot be opened", cause: message)
        }
    }
}
