internal import Policy
internal import Vocabulary

/// What the customers of this server have felt: all loops together, by name.
///
/// A plain value that is given the time, behind the lock of `Experience`.
struct ExperienceLog: Sendable {
    /// The series.
    private(set) var series: [ExperienceSeries: Record] = [:]
    /// Requests for which there was no room for one more series, not even of their tier.
    private(set) var overflow: UInt64 = 0
    /// What tiers promise, and whether it holds.
    private(set) var promises = PromiseWatch()

    /// Upper bounds of Prometheus' histograms in nanoseconds: from what a check adds to what a person gives up on.
    static let bounds: [Int64] = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000, 60_000_000_000,
    ]
    /// The most series over all policies since the start; beyond it, those of a tier are counted together.
    static let seriesCountMax = 512
    /// Room beyond `seriesCountMax` for what tiers count together.
    static let overflowSeriesCountMax = 64

    /// The latencies of one series.
    struct Record: Sendable {
        /// How long requests waited for a seat.
        var wait = LatencyRecord()
        /// How long the upstream took.
        var upstream = LatencyRecord()
        /// How long the caller waited for everything.
        var endToEnd = LatencyRecord()

        /// Nothing counted.
        init() {}
    }

    /// Nothing yet.
    init() {}

    /// Adds what one loop has counted until now.
    mutating func add(_ tally: borrowing ExperienceTally, at now: Nanoseconds) {
        for part in tally.series where !part.isEmpty {
            guard let name = room(for: part.key.names(in: tally.policy)) else {
                overflow += part.wait.count
                continue
            }
            series[name, default: Record()].wait.add(part.wait.counts, at: now)
            series[name, default: Record()].upstream.add(part.upstream.counts, at: now)
            series[name, default: Record()].endToEnd.add(part.endToEnd.counts, at: now)
        }
    }

    /// Looks whether the tiers keep their promises.
    mutating func judge(_ policy: Snapshot, at now: Nanoseconds) {
        guard promises.isDue(at: now) else { return }
        for tier in policy.tiers where !tier.latency.isEmpty {
            promises.judge(tier, by: endToEnd(ofTier: tier.name, .minute, at: now))
        }
    }

    /// End-to-end latencies of a tier, all classes and operations together.
    func endToEnd(ofTier tier: String, _ window: ExperienceWindow, at now: Nanoseconds) -> LatencyCounts {
        series.reduce(into: LatencyCounts()) { sum, entry in
            if entry.key.tier == tier { sum.add(entry.value.endToEnd.counts(window, at: now)) }
        }
    }

    private func room(for name: ExperienceSeries) -> ExperienceSeries? {
        if series[name] != nil || series.count < ExperienceLog.seriesCountMax { return name }
        let shared = name.overflowing
        if series[shared] != nil { return shared }
        return series.count < ExperienceLog.seriesCountMax + ExperienceLog.overflowSeriesCountMax ? shared : nil
    }
}
