internal import GRDB
package import Vocabulary

/// How many decisions of one class ended in one way.
package struct JournalCount: Hashable, Sendable {
    /// The class; `nil` where the request had none.
    package let trafficClass: String?
    /// What happened.
    package let outcome: Outcome
    /// Why.
    package let reason: Reason
    /// Why enforcement would have refused them, where it would have.
    package let wouldBe: Reason?
    /// All of them, whether or not they were kept.
    package let decisions: Int64
    /// Those that should have been kept and were not.
    package let dropped: Int64
}

extension JournalReader {
    /// What happened between two moments, in whole minutes; most frequent first.
    ///
    /// Counts every decision, also those that sampling left out or that were dropped.
    ///
    /// - Complexity: O(minutes · ways to end).
    package func counts(since: WallTime? = nil, until: WallTime? = nil) throws(JournalError) -> [JournalCount] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT class, outcome, reason, would_reason, sum(decisions) AS decisions, sum(dropped) AS dropped
                    FROM tally WHERE minute >= ? AND minute < ? GROUP BY class, outcome, reason, would_reason
                    ORDER BY decisions DESC, class, outcome, reason, would_reason
                    """,
                arguments: [
                    since?.minute ?? .min,
                    until.map { WallTime(milliseconds: $0.milliseconds + 59_999).minute } ?? .max,
                ])
            return try rows.map(JournalReader.count)
        }
    }

    private static func count(_ row: Row) throws -> JournalCount {
        let trafficClass: String = try row.value("class")
        let wouldBe: String = try row.value("would_reason")
        guard let outcome = Outcome(name: try row.value("outcome")), let reason = Reason(code: try row.value("reason"))
        else {
            throw StoreFailure(.damaged, "a count names an outcome or reason that does not exist")
        }
        return JournalCount(
            trafficClass: trafficClass.isEmpty ? nil : trafficClass, outcome: outcome, reason: reason,
            wouldBe: Reason(code: wouldBe), decisions: try row.value("decisions"), dropped: try row.value("dropped"))
    }
}
