internal import Vocabulary

/// One kind of latency of one series: all since the start, and the windows.
struct LatencyRecord: Sendable {
    /// Numbers since the start by `ExperienceLog.bounds`, each bucket's own only; the last is for all beyond.
    private(set) var numbers = [UInt64](repeating: 0, count: ExperienceLog.bounds.count + 1)
    /// The sum of all since the start, in nanoseconds.
    private(set) var sum: UInt64 = 0
    private var windows = ExperienceWindow.allCases.map(SlidingCounts.init)

    /// Nothing counted.
    init() {}

    /// Adds what was counted until now.
    mutating func add(_ counts: LatencyCounts, at now: Nanoseconds) {
        guard counts.count > 0 else { return }
        for (index, number) in counts.numbers(by: ExperienceLog.bounds).enumerated() { numbers[index] += number }
        sum &+= counts.sum  // wraps after five centuries of latency
        for index in windows.indices { windows[index].add(counts, at: now) }
    }

    /// What a window holds.
    func counts(_ window: ExperienceWindow, at now: Nanoseconds) -> LatencyCounts {
        windows[window.rawValue].counts(at: now)
    }
}
