internal import Vocabulary

/// Failures in a row, and how long to wait behind them: nothing for the first few, then twice as long each time.
struct Backoff: Sendable {
    /// How a counter grows.
    struct Rule: Sendable {
        /// Failures that cost nothing: people mistype.
        let freeCount: Int
        /// The longest wait.
        let waitMaxMilliseconds: Int64
    }

    /// The wait behind the first failure that costs something.
    private static let waitFirstMilliseconds: Int64 = 1_000
    /// After so long without an attempt a counter begins anew.
    static let memoryMilliseconds: Int64 = CivilDate.millisecondsPerDay

    private var failures = 0
    /// When the last attempt was counted.
    private(set) var lastAt: WallTime

    /// Begins to count.
    init(at now: WallTime) { lastAt = now }

    /// Counts an attempt as failed.
    mutating func count(at now: WallTime) {
        if isForgotten(at: now) { failures = 0 }
        failures = min(failures + 1, 1_000)
        lastAt = now
    }

    /// Takes one failure back: the attempt was none.
    mutating func uncount() { failures = max(0, failures - 1) }

    /// Whether the counter says nothing any more; also if the clock went back behind it.
    func isForgotten(at now: WallTime) -> Bool {
        now < lastAt || now.milliseconds - lastAt.milliseconds >= Backoff.memoryMilliseconds
    }

    /// Milliseconds until the next attempt is let in.
    func wait(at now: WallTime, _ rule: Rule) -> Int64 {
        let excess = failures - rule.freeCount
        guard excess > 0, !isForgotten(at: now) else { return 0 }
        let wait = min(rule.waitMaxMilliseconds, Backoff.waitFirstMilliseconds << Int64(min(excess - 1, 30)))
        return max(0, lastAt.milliseconds + wait - now.milliseconds)
    }
}
