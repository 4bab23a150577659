/// A table for the log of a test run.
struct TextTable {
    private let rows: [[String]]

    /// A table of rows of equal length; the first is the head.
    init(_ rows: [[String]]) { self.rows = rows }

    /// The rows, their cells below each other.
    var text: String {
        guard let head = rows.first else { return "" }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
