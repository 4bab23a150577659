internal import Policy
internal import Vocabulary

/// What customers have felt of late, as `GET /v1/experience` tells it and `headgate experience` reads it.
///
/// All latencies are whole microseconds.
package struct ExperienceReport: Codable, Equatable, Sendable {
    /// The windows, the shortest first.
    package var windows: [Window]

    /// One window.
    package struct Window: Codable, Equatable, Sendable {
        /// Its name: `1m`, `10m`, `1h`.
        package var window: String
        /// The tiers in which something was measured or promised, the most protected first.
        package var tiers: [TierReport]
    }

    /// One tier in one window.
    package struct TierReport: Codable, Equatable, Sendable {
        /// The tier's name.
        package var tier: String
        /// All classes and operations together.
        package var latencies: Latencies
        /// What the policy promises, and whether it holds.
        package var promises: [Promise]
        /// By class and operation.
        package var series: [Series]
    }

    /// One class and operation.
    package struct Series: Codable, Equatable, Sendable {
        /// The class's name.
        package var trafficClass: String
        /// The operation's name.
        package var operation: String
        /// Its latencies.
        package var latencies: Latencies

        /// The names of the members.
        enum CodingKeys: String, CodingKey {
            case trafficClass = "class"
            case operation, latencies
        }
    }

    /// Three kinds of latency.
    package struct Latencies: Codable, Equatable, Sendable {
        /// From reading the request's head to the last byte of the answer.
        package var endToEnd: Figures
        /// How long the request was held for a seat.
        package var queueWait: Figures
        /// From handing it to the upstream to the end of the answer.
        package var upstream: Figures
    }

    /// Percentiles of one kind; none where nothing was measured.
    package struct Figures: Codable, Equatable, Sendable {
        /// How many there are.
        package var count: Int64
        /// The mean.
        package var mean: Int64?
        /// Half took no longer.
        package var p50: Int64?
        /// Nine in ten took no longer.
        package var p90: Int64?
        /// 95 in a hundred took no longer.
        package var p95: Int64?
        /// 99 in a hundred took no longer.
        package var p99: Int64?
        /// 999 in a thousand took no longer.
        package var p999: Int64?
        /// The longest.
        package var max: Int64?

        /// States percentiles; without any, nothing was measured.
        package init(
            count: Int64, mean: Int64? = nil, p50: Int64? = nil, p90: Int64? = nil, p95: Int64? = nil,
            p99: Int64? = nil, p999: Int64? = nil, max: Int64? = nil
        ) {
            self.count = count
            self.mean = mean
            self.p50 = p50
            self.p90 = p90
            self.p95 = p95
            self.p99 = p99
            self.p999 = p999
            self.max = max
        }

        /// The names of the members.
        enum CodingKeys: String, CodingKey {
            case count, mean, p50, p90, p95, p99
            case p999 = "p99.9"
            case max
        }
    }

    /// One promise of a tier.
    package struct Promise: Codable, Equatable, Sendable {
        /// The percentile, as the policy names it.
        package var percentile: String
        /// What it promises to stay below.
        package var below: Int64
        /// What was measured; `nil` where nothing was.
        package var measured: Int64?
        /// Whether it holds; `nil` where there are too few requests to tell.
        package var isKept: Bool?

        /// The names of the members.
        enum CodingKeys: String, CodingKey {
            case percentile, below, measured
            case isKept = "kept"
        }
    }
}

extension ExperienceReport {
    /// Sums up what was counted, under the policy that holds now.
    ///
    /// - Complexity: O(windows · series · slices · buckets in use).
    init(_ log: ExperienceLog, _ policy: Snapshot, at now: Nanoseconds) {
        windows = ExperienceWindow.allCases.map { window in
            var parts: [String: [(series: ExperienceSeries, counts: KindCounts)]] = [:]
            for (series, record) in log.series {
                let counts = KindCounts(record, window, at: now)
                if !counts.isEmpty { parts[series.tier, default: []].append((series, counts)) }
            }
            let former = parts.keys.filter { name in !policy.tiers.contains { $0.name == name } }.sorted()
            let tiers = policy.tiers.map { ($0.name, $0.latency) } + former.map { ($0, []) }
            return Window(
                window: window.name,
                tiers: tiers.compactMap { name, targets in
                    guard parts[name] != nil || !targets.isEmpty else { return nil }
                    return TierReport(name, targets, parts[name] ?? [])
                })
        }
    }
}

/// The counts of one series or tier in one window.
private struct KindCounts {
    var endToEnd = LatencyCounts()
    var wait = LatencyCounts()
    var upstream = LatencyCounts()

    init() {}

    init(_ record: ExperienceLog.Record, _ window: ExperienceWindow, at now: Nanoseconds) {
        endToEnd = record.endToEnd.counts(window, at: now)
        wait = record.wait.counts(window, at: now)
        upstream = record.upstream.counts(window, at: now)
    }

    var isEmpty: Bool { endToEnd.count == 0 && wait.count == 0 && upstream.count == 0 }

    mutating func add(_ other: KindCounts) {
        endToEnd.add(other.endToEnd)
        wait.add(other.wait)
        upstream.add(other.upstream)
    }

    var latencies: ExperienceReport.Latencies {
        .init(endToEnd: .init(endToEnd), queueWait: .init(wait), upstream: .init(upstream))
    }
}

extension ExperienceReport.TierReport {
    fileprivate init(
        _ name: String, _ targets: [Tier.LatencyTarget], _ parts: [(series: ExperienceSeries, counts: KindCounts)]
    ) {
        var sum = KindCounts()
        for part in parts { sum.add(part.counts) }
        tier = name
        latencies = sum.latencies
        promises = targets.map { target in
            ExperienceReport.Promise(
                percentile: target.name, below: target.below.microseconds,
                measured: sum.endToEnd.latency(permille: target.permille)?.microseconds,
                isKept: PromiseWatch.isKept(target, by: sum.endToEnd))
        }
        series = parts.sorted { $0.series < $1.series }.map { part in
            ExperienceReport.Series(
                trafficClass: part.series.trafficClass, operation: part.series.operation,
                latencies: part.counts.latencies)
        }
    }
}

extension ExperienceReport.Figures {
    fileprivate init(_ counts: LatencyCounts) {
        count = Int64(clamping: counts.count)
        guard count > 0 else { return }
        mean = counts.mean?.microseconds
        p50 = counts.latency(permille: 500)?.microseconds
        p90 = counts.latency(permille: 900)?.microseconds
        p95 = counts.latency(permille: 950)?.microseconds
        p99 = counts.latency(permille: 990)?.microseconds
        p999 = counts.latency(permille: 999)?.microseconds
        max = counts.longest.microseconds
    }
}

extension Nanoseconds {
    /// Whole microseconds, rounded down, as latencies are counted.
    fileprivate var microseconds: Int64 { count / 1_000 }
}

extension Tier.LatencyTarget {
    /// The percentile as a policy names it: `p95`, `p99.9`.
    var name: String { "p\(permille / 10)" + (permille % 10 == 0 ? "" : ".\(permille % 10)") }
}
