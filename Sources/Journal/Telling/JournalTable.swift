internal import Vocabulary

/// Decisions as lines of a table that fits 120 columns: for `headgate journal`.
///
/// ```
/// DECISION                   TIME (UTC)         OUTCOME     REASON              TENANT       CLASS        OPERATION
/// 01K2Q9GXN4T8C5W3YB7ZJ6M0RD 11-21 04:59:02.123 throttle    tenant_ceiling      acme         export       export
/// ```
package enum JournalTable {
    /// The widest line.
    package static let width = 120

    /// The names of the columns.
    package static var header: String {
        line(columns.map(\.title))
    }

    /// What a reader must know to read the lines.
    package static let legend = "(outcome) = admitted; what enforcement would have said, and why"

    /// One decision.
    package static func line(_ record: DecisionRecord) -> String {
        let stamp = record.wall.description  // 2026-11-21T04:59:02.123Z
        let time = stamp.dropFirst(5).dropLast(1).replacing("T", with: " ")
        let outcome = record.wouldBe.map { "(\($0.outcome.name))" } ?? record.outcome.name
        return line([
            record.id.description, String(time), outcome, (record.wouldBe?.reason ?? record.reason).code,
            record.tenant ?? "-", record.trafficClass ?? "-",
            record.operation ?? "\(record.method) \(record.path)",
        ])
    }

    private static let columns: [(title: String, width: Int)] = [
        ("DECISION", 26), ("TIME (UTC)", 18), ("OUTCOME", 11), ("REASON", 19), ("TENANT", 13), ("CLASS", 12),
        ("OPERATION", 15),
    ]

    private static func line(_ cells: [String]) -> String {
        zip(cells, columns).map { cell, column in cell.forTerminal.fitted(to: column.width) }.joined(separator: " ")
            .trimmedAtEnd
    }
}

extension String {
    /// Exactly a number of characters: filled with spaces, or cut with "…".
    func fitted(to width: Int) -> String {
        count <= width ? padded(to: width) : prefix(width - 1) + "…"
    }

    /// Without spaces at the end.
    var trimmedAtEnd: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
