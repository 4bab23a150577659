internal import Vocabulary

/// Near misses as lines of a table that fits 120 columns: for `headgate journal --near-misses`.
///
/// ```
/// DECISION                   TIME (UTC)         LEVEL         LANE         TENANT       LEFT OF        ACTIVE BESIDE
/// 01K2Q9GXN4T8C5W3YB7ZJ6M0RD 11-21 04:59:02.123 tenant/class  repair       acme         0 of 30        export, reports
/// ```
package enum NearMissTable {
    /// The names of the columns.
    package static var header: String { line(columns.map(\.title)) }

    /// The near misses of one decision, a line each.
    package static func lines(_ record: DecisionRecord) -> [String] {
        let time = String(record.wall.description.dropFirst(5).dropLast(1).replacing("T", with: " "))
        return record.nearMisses.map { miss in
            let place = miss.level == .region ? miss.budget : miss.level.name
            return line([
                record.id.description, time, place, miss.lane, record.tenant ?? "-",
                "\(max(0, miss.left)) of \(miss.guarantee)",
                miss.others.isEmpty ? "-" : miss.others.joined(separator: ", "),
            ])
        }
    }

    private static let columns: [(title: String, width: Int)] = [
        ("DECISION", 26), ("TIME (UTC)", 18), ("LEVEL", 13), ("LANE", 12), ("TENANT", 12), ("LEFT OF", 14),
        ("ACTIVE BESIDE IT", 18),
    ]

    private static func line(_ cells: [String]) -> String {
        zip(cells, columns).map { cell, column in cell.forTerminal.fitted(to: column.width) }.joined(separator: " ")
            .trimmedAtEnd
    }
}

extension DecisionRecord.NearMiss {
    /// The near miss in a sentence.
    var words: String {
        let left =
            left < 0
            ? "\(-left) more than there was were needed" : "\(left) of the \(guarantee) that are its own were left"
        let others =
            others.isEmpty
            ? "no other class was active" : "active beside it: \(others.joined(separator: ", "))"
        return "\(lane) in \(budget): \(left), where the policy wants at least \(boundary); \(others)"
    }
}
