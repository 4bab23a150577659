internal import Foundation
internal import GRDB
internal import Vocabulary

extension JournalReader {
    /// The fewest characters of an id that are looked for: eight say the time to about a second.
    package static let prefixLengthMin = 8

    /// The decision with an id, given in full or by a beginning that only one decision has.
    ///
    /// - Throws: `malformedID`, `ambiguousID` with the candidates, `unknownID` with what may be the reason.
    /// - Complexity: O(log n).
    package func record(id text: String) throws(JournalError) -> DecisionRecord {
        let range = try JournalReader.range(of: text)
        return try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT \(RowDecoder.columns) FROM decision WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 6",
                arguments: [range.lowerBound.blob, range.upperBound.blob])
            guard let row = rows.first else {
                throw JournalError(.unknownID, try absence(of: text, range, in: database))
            }
            guard rows.count == 1 else {
                let ids = try rows.prefix(5).compactMap { DecisionID(blob: try $0.value("id"))?.description }
                throw JournalError(
                    .ambiguousID,
                    "more than one decision begins with \(text.forTerminal): \(ids.joined(separator: ", "))"
                        + "\(rows.count > 5 ? ", …" : ""); give more of its characters")
            }
            return try RowDecoder(database).record(row)
        }
    }

    /// The ids that begin with a text.
    private static func range(of text: String) throws(JournalError) -> ClosedRange<DecisionID> {
        let missing = 26 - text.utf8.count
        guard missing >= 0, !text.isEmpty, let first = DecisionID(text + String(repeating: "0", count: missing)),
            let last = DecisionID(text + String(repeating: "Z", count: missing))
        else {
            throw JournalError(
                .malformedID,
                "\"\(text.clipped(toBytes: 64).forTerminal)\" is no decision id; one has 26 digits and letters (none "
                    + "of I, L, O, U) and begins with 0 to 7, such as 01K2Q9GXN4T8C5W3YB7ZJ6M0RD. It stands in the "
                    + "answer's Headgate-Decision field; its first \(prefixLengthMin) characters or more are enough")
        }
        guard text.utf8.count >= prefixLengthMin else {
            throw JournalError(
                .malformedID,
                "\"\(text)\" is too short: of an id's 26 digits and letters at least the first \(prefixLengthMin) are "
                    + "needed, which say the time to about a second")
        }
        return first...last
    }

    /// What may be the reason that an id is not there, from what the journal counted in its minute.
    private func absence(of text: String, _ range: ClosedRange<DecisionID>, in database: Database) throws -> String {
        let beginning = "no decision \(text.uppercased()) is in \(path)"
        let wall = range.lowerBound.wall
        guard let blob = try Data.fetchOne(database, sql: "SELECT min(id) FROM decision"),
            let oldest = DecisionID(blob: blob)?.wall
        else { return "\(beginning): the journal holds no decision yet" }
        // Sequence numbers begin with 1 and are never used twice: as long as that one is there, nothing was removed.
        let first = try Int64.fetchOne(database, sql: "SELECT min(sequence) FROM decision") ?? 1
        guard range.upperBound.wall >= oldest || first == 1 else {
            return "\(beginning): it fell at \(wall.description), and the journal goes back to "
                + "\(oldest.description) only; what was kept of older decisions was removed by age or to make room"
        }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT coalesce(sum(decisions), 0) AS decisions, coalesce(sum(dropped), 0) AS dropped,
                coalesce(sum(CASE WHEN outcome = 'admit' AND would_reason = '' THEN decisions END), 0) AS admits
                FROM tally WHERE minute BETWEEN ? AND ?
                """, arguments: [wall.minute, range.upperBound.wall.minute])
        let decisions: Int64 = try row?.value("decisions") ?? 0
        let admits: Int64 = try row?.value("admits") ?? 0
        let dropped: Int64 = try row?.value("dropped") ?? 0
        guard decisions > 0 else {
            return "\(beginning): it fell at \(wall.description), and in that minute this journal counted no decision. "
                + "Either another server took it, or it is less than a second old"
        }
        return "\(beginning): it fell at \(wall.description). In that minute the journal counted \(decisions) "
            + "decisions. \(admits) were admits, of which \(try sampling(in: database)); \(dropped) were dropped because the "
            + "journal could not be written fast enough. The oldest decision held is of \(oldest.description)"
    }

    private func sampling(in database: Database) throws -> String {
        switch try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE key = 'sampling'") ?? 1 {
        case 0: "plain ones are counted, but not kept"
        case 1: "all are kept"
        case let interval: "plain ones are kept one in \(interval)"
        }
    }
}
