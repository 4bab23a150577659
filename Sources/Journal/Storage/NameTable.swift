internal import GRDB

/// Gives every name a number, once per file.
///
/// Lives on the writing thread. What it remembers is bounded; what it forgot it finds again in the file.
final class NameTable {
    /// How many decisions share a volume, the grain in which names grow old.
    static let volumeSize: Int64 = 16_384
    /// How many names are remembered between batches: some 10 MB.
    private static let rememberedMax = 100_000

    private var remembered: [String: (number: Int64, volume: Int64)] = [:]

    /// The number of a name that a decision with this sequence number uses.
    ///
    /// - Complexity: O(1) without I/O for names already used in this volume.
    func number(of text: String, sequence: Int64, in database: Database) throws -> Int64 {
        let volume = sequence / NameTable.volumeSize
        if let known = remembered[text], known.volume == volume { return known.number }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO name (text, volume) VALUES (?, ?)
                ON CONFLICT (text) DO UPDATE SET volume = max(volume, excluded.volume) RETURNING number
                """)
        // A text ends at its first zero byte for SQLite; shown as ␀ it stays another name than what precedes it.
        let stored = text.replacing("\0", with: "\u{2400}")
        guard let number = try Int64.fetchOne(statement, arguments: [stored, volume]) else {
            throw StoreFailure(.damaged, "the name table gave no number")
        }
        remembered[text] = (number, volume)
        return number
    }

    /// Ends a batch: forgets everything if that has become much.
    func trim() { if remembered.count > NameTable.rememberedMax { forget() } }

    /// Forgets everything; needed after a rollback, which takes back what was given out.
    func forget() { remembered.removeAll() }

    /// Removes names that only decisions before this sequence number used.
    ///
    /// - Returns: whether there may be more.
    func removeUnused(before sequence: Int64, atMost limit: Int, in database: Database) throws -> Bool {
        try database.execute(
            sql: "DELETE FROM name WHERE number IN (SELECT number FROM name WHERE volume < ? LIMIT ?)",
            arguments: [sequence / NameTable.volumeSize, limit])
        guard database.changesCount > 0 else { return false }
        forget()
        return database.changesCount == limit
    }
}
