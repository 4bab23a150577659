internal import Policy
internal import Vocabulary

/// What one event loop has counted under one policy.
struct ExperienceTally: Sendable {
    /// The policy whose tiers, classes and operations the keys mean.
    let policy: Snapshot
    private var places: [ExperienceKey: Int] = [:]
    private(set) var series: [Series] = []

    /// The most series of one tally; beyond it, those of a tier are counted together.
    ///
    /// A histogram takes 7 KB and a series has up to three, so this is 5 MB on each loop at the very most.
    static let seriesCountMax = 256

    /// The histograms of one key.
    struct Series: Sendable {
        /// What is counted here.
        let key: ExperienceKey
        /// How long requests waited for a seat.
        var wait = LatencyHistogram()
        /// How long the upstream took.
        var upstream = LatencyHistogram()
        /// How long the caller waited for everything.
        var endToEnd = LatencyHistogram()

        /// Nothing counted.
        init(_ key: ExperienceKey) { self.key = key }

        /// Whether nothing was counted.
        var isEmpty: Bool { wait.count == 0 && upstream.count == 0 && endToEnd.count == 0 }
    }

    /// Nothing counted yet.
    init(_ policy: Snapshot) { self.policy = policy }

    /// Counts one request.
    ///
    /// - Complexity: O(1) expected; no allocation but with the first request of a key.
    mutating func note(_ key: ExperienceKey, wait: Nanoseconds, upstream: Nanoseconds?, endToEnd: Nanoseconds?) {
        let place = place(of: key)
        series[place].wait.record(wait)
        if let upstream { series[place].upstream.record(upstream) }
        if let endToEnd { series[place].endToEnd.record(endToEnd) }
    }

    private mutating func place(of key: ExperienceKey) -> Int {
        if let place = places[key] { return place }
        // Beyond the bound there is still room for one series of each tier, of which there are few.
        guard series.count < ExperienceTally.seriesCountMax || key == key.overflowing else {
            return place(of: key.overflowing)
        }
        places[key] = series.count
        series.append(Series(key))
        return series.count - 1
    }

    /// Whether nothing was counted.
    var isEmpty: Bool { series.allSatisfy(\.isEmpty) }

    /// Forgets what was counted, but keeps the memory for what comes.
    mutating func clear() {
        for place in series.indices {
            series[place].wait.clear()
            series[place].upstream.clear()
            series[place].endToEnd.clear()
        }
    }
}
