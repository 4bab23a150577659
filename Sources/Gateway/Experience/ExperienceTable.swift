/// One window of what customers have felt, as lines that fit 104 columns: for `headgate experience`.
///
/// ```
/// TIER         CLASS        OPERATION               COUNT     P50     P90     P95     P99   P99.9     MAX
/// critical                                           1204  1.2 ms  3.4 ms  4.1 ms   12 ms   18 ms   21 ms
///              interactive  submit-signature          804  1.2 ms  3.3 ms  4.0 ms   11 ms   18 ms   21 ms
///   promised p95 below 50 ms: kept, 4.1 ms
/// ```
package struct ExperienceTable: Sendable {
    private let window: ExperienceReport.Window
    private let kind: Kind

    /// Which latency is shown.
    package enum Kind: String, CaseIterable, Sendable {
        /// From reading the request's head to the last byte of the answer.
        case endToEnd = "end-to-end"
        /// How long requests were held for a seat.
        case queueWait = "queue-wait"
        /// How long the upstream took.
        case upstream

        /// The words above the table.
        fileprivate var words: String {
            switch self {
            case .endToEnd: "From a request to the end of its answer"
            case .queueWait: "Waiting for a seat"
            case .upstream: "Waiting for the upstream"
            }
        }
    }

    /// Prepares to show a window.
    package init(window: ExperienceReport.Window, kind: Kind) {
        self.window = window
        self.kind = kind
    }

    /// The table and below it the curves, without a line end at its end.
    package var text: String {
        let title = "\(kind.words), last \(window.window)"
        guard window.tiers.contains(where: { figures($0.latencies).count > 0 }) else {
            let missed = window.tiers.contains { !$0.promises.isEmpty } ? ["", promisesOnly] : []
            return ([title, "", "Nothing was measured."] + missed).joined(separator: "\n")
        }
        let lines = [title, "", ExperienceTable.header] + window.tiers.flatMap(lines)
        return (lines + [""] + LatencyPlot(rows: rows, promises: kind == .endToEnd).lines).joined(separator: "\n")
    }

    private var promisesOnly: String {
        window.tiers.flatMap { tier in tier.promises.map { "\(tier.tier.shown): \($0.words)" } }.joined(separator: "\n")
    }

    private var rows: [LatencyPlot.Row] {
        window.tiers.filter { figures($0.latencies).count > 0 }.map { tier in
            LatencyPlot.Row(
                name: tier.tier.shown, figures: figures(tier.latencies), promised: tier.promises.map(\.below))
        }
    }

    private func lines(of tier: ExperienceReport.TierReport) -> [String] {
        let own = ExperienceTable.line([tier.tier.shown, "", ""], figures(tier.latencies))
        let series = tier.series.map {
            ExperienceTable.line(["", $0.trafficClass.shown, $0.operation.shown], figures($0.latencies))
        }
        let promises = kind == .endToEnd ? tier.promises.map { "  \($0.words)" } : []
        return [own] + series + promises
    }

    private func figures(_ latencies: ExperienceReport.Latencies) -> ExperienceReport.Figures {
        switch kind {
        case .endToEnd: latencies.endToEnd
        case .queueWait: latencies.queueWait
        case .upstream: latencies.upstream
        }
    }

    private static let nameWidths = [12, 12, 20]

    private static var header: String {
        names(["TIER", "CLASS", "OPERATION"])
            + ["COUNT", "P50", "P90", "P95", "P99", "P99.9", "MAX"].map { $0.aligned(to: 8) }.joined()
    }

    private static func line(_ cells: [String], _ figures: ExperienceReport.Figures) -> String {
        let values = [figures.p50, figures.p90, figures.p95, figures.p99, figures.p999, figures.max]
        return names(cells) + String(figures.count).aligned(to: 8)
            + values.map { ($0?.inWords ?? "-").aligned(to: 8) }.joined()
    }

    private static func names(_ cells: [String]) -> String {
        zip(cells, nameWidths).map { cell, width in cell.filled(to: width) + " " }.joined()
    }
}

extension ExperienceReport.Promise {
    /// Whether the promise holds, in a line.
    fileprivate var words: String {
        let promise = "promised \(percentile.shown) below \(below.inWords)"
        guard let measured else { return "\(promise): nothing was measured" }
        return switch isKept {
        case true?: "\(promise): kept, \(measured.inWords)"
        case false?: "\(promise): BROKEN, \(measured.inWords)"
        case nil: "\(promise): \(measured.inWords), of too few requests to tell"
        }
    }
}

extension Int64 {
    /// Microseconds as a length of time in three digits at most: `870 µs`, `1.2 ms`, `340 ms`, `12 s`.
    var inWords: String {
        switch self {
        case ..<1_000: "\(self) µs"
        case ..<1_000_000: "\(short(1_000)) ms"
        case ..<1_000_000_000: "\(short(1_000_000)) s"
        default: "\(self / 1_000_000) s"
        }
    }

    private func short(_ unit: Int64) -> String {
        guard self < 10 * unit else { return "\(self / unit)" }
        return "\(self / unit).\(self % unit * 10 / unit)"
    }
}

extension String {
    /// Filled with spaces behind it, or cut with "…", to a number of characters.
    func filled(to width: Int) -> String {
        count <= width ? self + String(repeating: " ", count: width - count) : prefix(width - 1) + "…"
    }

    /// Filled with spaces in front.
    func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// Without characters that a terminal would obey: an answer may come from a server that is not ours.
    fileprivate var shown: String {
        String(
            unicodeScalars.filter { $0.properties.generalCategory != .control && $0.value != 0x7f }.map(Character.init))
    }
}
