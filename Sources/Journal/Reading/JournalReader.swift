internal import Foundation
internal import GRDB
package import Vocabulary

/// Reads a journal, also while a server writes it.
///
/// Every call sees one consistent state and ends by itself.
///
/// Safe to use from several threads; calls of one reader take turns. Calls read from the disk: not for event loops.
package final class JournalReader: Sendable {
    /// The connection.
    let queue: DatabaseQueue
    /// The file, for errors and to see when it is replaced.
    let path: String
    private let identity: FileIdentity?

    /// Opens the journal of a data folder, for reading only.
    ///
    /// - Throws: `noSuchFolder`, `noJournal`, `notAJournal`, `tooNew` or `unavailable`, each with what to do.
    package init(folder: String) throws(JournalError) {
        let resolved = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let kind = try? FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType
        guard kind == .typeDirectory else {
            throw JournalError(
                .noSuchFolder, "there is no folder \(folder); name the one the server was given with --data")
        }
        path = DataFolder.journalPath(in: folder)
        identity = FileIdentity(path: path)
        queue = try DatabaseFile.journal(at: path).openForReading()
    }

    deinit { try? queue.close() }

    /// Whether the file is still the one that was opened.
    ///
    /// A server replaces one that is damaged; open a new reader then.
    package var isCurrent: Bool { FileIdentity(path: path) == identity }

    /// What the journal holds now.
    ///
    /// - Complexity: O(log n).
    package func extent() throws(JournalError) -> JournalExtent {
        try read { database in
            let bounds = try Row.fetchOne(database, sql: "SELECT min(id) AS first, max(id) AS last FROM decision")
            let count = try Int64.fetchOne(
                database, sql: "SELECT coalesce(max(sequence) - min(sequence) + 1, 0) FROM decision")
            func wall(_ column: String) throws -> WallTime? {
                let blob: Data? = try bounds?.optional(column)
                return blob.flatMap(DecisionID.init(blob:))?.wall
            }
            return JournalExtent(oldest: try wall("first"), newest: try wall("last"), count: count ?? 0)
        }
    }

    /// What a policy version was called and said; `nil` when nobody recorded it.
    package func policy(version: PolicyVersion) throws(JournalError) -> RecordedPolicy? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM policy WHERE version = ?", arguments: [version.description])
            return try row.map { row in
                RecordedPolicy(
                    version: try row.value("version"), name: try row.value("name"),
                    summary: try row.value("summary"),
                    recorded: WallTime(milliseconds: try row.value("recorded")))
            }
        }
    }

    /// Reads in one transaction, and says what is wrong in the journal's words.
    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do {
            return try queue.read(body)
        } catch let error as JournalError {
            throw error
        } catch let error as DatabaseError {
            let failure = StoreFailure(error)
            guard failure.kind == .damaged else {
                throw JournalError(.unavailable, "\(path) cannot be read now", cause: failure.message)
            }
            throw JournalError(
                .damaged,
                "\(path) is damaged; a server moves it aside when it comes upon the damage, and what can still be "
                    + "read of it can be had with `sqlite3 \(path) .recover`", cause: failure.message)
        } catch {
            throw JournalError(.damaged, "\(path) holds a row that cannot be read back", cause: "\(error)")
        }
    }
}

/// What a journal holds.
package struct JournalExtent: Hashable, Sendable {
    /// When the oldest decision fell; `nil` when there is none.
    package let oldest: WallTime?
    /// When the newest decision fell; `nil` when there is none.
    package let newest: WallTime?
    /// How many decisions there are.
    package let count: Int64
}
