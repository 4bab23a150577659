/// Percentiles of several tiers on one logarithmic axis, drawn with characters.
///
/// ```
///              1.0 ms     10 ms      100 ms
///              ├──────────┼──────────┼──────────
/// critical     ██████▓▒▒▒▒◆░░│   ◆   ◆
///              █ p50 to p90  ▓ to p95  ▒ to p99  ░ to p99.9  │ longest  ◆ promised
/// ```
struct LatencyPlot {
    /// What is drawn, a line each.
    let rows: [Row]
    /// Whether promises are marked.
    let promises: Bool

    /// One line.
    struct Row {
        /// What stands in front of it.
        let name: String
        /// Its percentiles in microseconds.
        let figures: ExperienceReport.Figures
        /// What is promised, in microseconds.
        let promised: [Int64]
    }

    /// Columns for a power of ten.
    private static let decade = 11
    /// Columns for names.
    private static let nameWidth = 13
    /// The widest axis, in powers of ten: from a microsecond to a thousand seconds.
    private static let decadesMax = 9

    /// The lines of the plot.
    var lines: [String] {
        let (first, last) = range
        let indentation = String(repeating: " ", count: LatencyPlot.nameWidth)
        var labels = ""
        var axis = ""
        for exponent in first...last {
            labels += LatencyPlot.power(exponent).inWords.filled(to: LatencyPlot.decade)
            axis += (exponent == first ? "├" : "┼") + String(repeating: "─", count: LatencyPlot.decade - 1)
        }
        let legend = "█ p50 to p90  ▓ to p95  ▒ to p99  ░ to p99.9  │ longest" + (promises ? "  ◆ promised" : "")
        return [indentation + labels, indentation + axis]
            + rows.map { $0.name.filled(to: LatencyPlot.nameWidth - 1) + " " + bar($0, from: first, to: last) }
            + [indentation + legend]
    }

    /// The powers of ten, of microseconds, between which everything lies.
    private var range: (first: Int, last: Int) {
        let values = rows.flatMap { row in
            [row.figures.p50, row.figures.max].compactMap(\.self) + (promises ? row.promised : [])
        }
        func exponent(_ value: Int64) -> Int {
            (0..<LatencyPlot.decadesMax).last { LatencyPlot.power($0) <= max(1, value) } ?? 0
        }
        let first = exponent(values.min() ?? 1)
        return (first, max(first, exponent(values.max() ?? 1)))
    }

    private func bar(_ row: Row, from first: Int, to last: Int) -> String {
        var cells = [Character](repeating: " ", count: (last - first + 1) * LatencyPlot.decade)
        func column(_ value: Int64) -> Int {
            min(LatencyPlot.column(value, from: first), cells.count - 1)
        }
        let figures = row.figures
        guard let p50 = figures.p50, let p90 = figures.p90, let p95 = figures.p95, let p99 = figures.p99,
            let p999 = figures.p999, let longest = figures.max
        else { return "" }
        let marks: [(Int64, Int64, Character)] = [(p99, p999, "░"), (p95, p99, "▒"), (p90, p95, "▓"), (p50, p90, "█")]
        for (from, to, mark) in marks {
            for index in column(from)...max(column(from), column(to)) { cells[index] = mark }
        }
        if column(longest) > column(p999) { cells[column(longest)] = "│" }
        if promises { for promised in row.promised { cells[column(promised)] = "◆" } }
        while cells.last == " " { cells.removeLast() }
        return String(cells)
    }

    /// Where a value stands: by powers of ten, and inside one by the tenth root of it.
    static func column(_ value: Int64, from first: Int) -> Int {
        var exponent = first
        while exponent < decadesMax, power(exponent + 1) <= value { exponent += 1 }
        let low = power(exponent)
        guard value > low else { return (exponent - first) * decade }
        // 10^(k / 11), in thousandths: the first value of the column k of a decade.
        let step = steps.lastIndex { value * 1_000 >= low * $0 } ?? 0
        return (exponent - first) * decade + step
    }

    private static let steps: [Int64] = [1_000, 1_233, 1_520, 1_874, 2_310, 2_848, 3_511, 4_329, 5_337, 6_579, 8_111]

    private static func power(_ exponent: Int) -> Int64 { (0..<exponent).reduce(1) { value, _ in value * 10 } }
}
