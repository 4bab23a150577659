internal import Vocabulary

/// Writes metrics in Prometheus' text format 0.0.4.
package struct PrometheusText: Sendable {
    /// What was written.
    package private(set) var text = ""

    /// Nothing yet.
    package init() {}

    /// What a metric is.
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// Begins a metric.
    package mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes one sample.
    package mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(PrometheusText.escaped($0.1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// Writes a metric that is a single number.
    package mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        begin(name, kind, help)
        sample(name, [], "\(value)")
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// Nanoseconds as seconds in decimals.
    package static func seconds(_ nanoseconds: Int64) -> String {
        let fraction = String(nanoseconds % 1_000_000_000)
        let digits = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
        return "\(nanoseconds / 1_000_000_000).\(digits)"
    }
}

extension PrometheusText {
    /// Writes what was counted of decisions.
    package mutating func write(_ counts: DecisionCounts) {
        begin("headgate_decisions_total", .counter, "Decisions by tier, class, outcome and reason.")
        let series = counts.decisions.sorted { $0.key.sortKey.lexicographicallyPrecedes($1.key.sortKey) }
        for (key, count) in series {
            var labels = [
                ("tier", key.tier), ("class", key.trafficClass), ("outcome", key.outcome.name),
                ("reason", key.reason.code),
            ]
            if let wouldBe = key.wouldBe { labels.append(("would_be", wouldBe.code)) }
            sample("headgate_decisions_total", labels, "\(count)")
        }
        single(
            "headgate_decisions_overflow_total", .counter,
            "Decisions that could not be counted by label because there were too many series.", counts.overflow)
        begin("headgate_decision_duration_seconds", .histogram, "From reading the clock to the decision.")
        var cumulative: UInt64 = 0
        for (index, count) in counts.durations.enumerated() {
            cumulative += count
            let bound =
                index < DecisionCounts.bounds.count ? PrometheusText.seconds(DecisionCounts.bounds[index]) : "+Inf"
            sample("headgate_decision_duration_seconds_bucket", [("le", bound)], "\(cumulative)")
        }
        sample(
            "headgate_decision_duration_seconds_sum", [], PrometheusText.seconds(Int64(clamping: counts.durationSum)))
        sample("headgate_decision_duration_seconds_count", [], "\(cumulative)")
    }
}

extension DecisionCounts.Series {
    /// What series are sorted by, so that two scrapes list them alike.
    fileprivate var sortKey: [String] { [tier, trafficClass, outcome.name, reason.code, wouldBe?.code ?? ""] }
}
