package import Vocabulary

/// Finds how many requests an upstream works on at once before it only makes them wait.
///
/// It goes by windows: at least a tenth of a second, and enough requests for a mean. What requests took is compared
/// with the *baseline*, what one takes when nothing waits in the upstream:
///
/// - within a fifth of the baseline, and the limit was used: a tenth more; two, three, four tenths the next times;
/// - half above it: a probe says whether less would help;
/// - in between: as it is. No term pushes upwards, so nothing creeps.
///
/// **A probe tells slow from queued.** For a moment the limit is three quarters. Where work queues in the upstream,
/// latency follows the number that is there, and becomes a quarter less; where the upstream has become slow, it stays.
/// In between lies the line: if it was queued, the limit becomes as much less as it was slower, at most by half; if it
/// is slow, what the probe found is the next baseline, and the limit stays. Without that, a slow upstream would be
/// given less and less, which makes it no faster.
///
/// Every few seconds there is a probe without suspicion. What it finds is the next baseline, lower at once, higher
/// half the way. If it finds that less helps, the limit becomes three eighths less, and the next probe comes soon: so a
/// limit that is far too high comes down, although its baseline was measured under load.
///
/// Pure: time comes in as a number, integers only. Derived and compared in docs/decisions/0019-adaptive-ceiling.md.
package struct ConcurrencyCeiling: Sendable {
    /// The bounds, and where it begins.
    package struct Settings: Hashable, Sendable {
        /// Never fewer seats: with none at all nothing could be learnt.
        package var limitMin: Int
        /// Never more.
        package var limitMax: Int
        /// The first limit.
        package var limitFirst: Int

        /// States bounds.
        ///
        /// - Precondition: 1 ≤ `limitMin` ≤ `limitFirst` ≤ `limitMax`.
        package init(limitMin: Int = 1, limitMax: Int, limitFirst: Int) {
            precondition(
                1 <= limitMin && limitMin <= limitFirst && limitFirst <= limitMax,
                "\(limitMin) to \(limitMax), first \(limitFirst)")
            self.limitMin = limitMin
            self.limitMax = limitMax
            self.limitFirst = limitFirst
        }
    }

    /// What the next window is for.
    private enum Phase {
        /// Compare with the baseline.
        case normal
        /// Requests of before the probe end.
        case settling
        /// Measure the next baseline.
        case probing
    }

    private var settings: Settings
    /// The limit between probes.
    private var level: Int
    /// What a request takes when nothing waits; 0: unknown.
    private var baseline: Int64 = 0
    private var phase = Phase.normal
    /// What requests took in the last window.
    private var latest: Int64 = 0
    /// What they took before the probe.
    private var before: Int64 = 0
    /// Whether the probe has another reason than that it was time.
    private var isSuspicious = false
    /// How many windows in a row have raised the limit; at most four.
    private var rises = 0
    /// Windows until the next probe; the first comes soon, since the first baseline may have been measured under load.
    private var windowsLeft = 1
    private var windowStart: Int64
    private var count: Int64 = 0
    private var failures: Int64 = 0
    private var latencySum: Int64 = 0
    private var inFlightMax = 0

    /// The shortest window.
    private static let windowNanoseconds: Int64 = 100_000_000
    /// A mean of so many is good to a tenth where latencies vary as much as they last.
    private static let countMin: Int64 = 50
    /// A probe every four seconds or so costs at most a quarter of two windows of forty.
    private static let windowsBetweenProbes = 40

    /// A ceiling that has seen nothing.
    package init(_ settings: Settings, at now: Nanoseconds) {
        self.settings = settings
        level = settings.limitFirst
        windowStart = now.count
    }

    /// How many seats there are to be now.
    package var limit: Int {
        phase == .normal ? level : max(settings.limitMin, level * 3 / 4)
    }

    /// Takes other bounds; what was learnt stays.
    package mutating func apply(_ settings: Settings) {
        self.settings = settings
        level = min(max(level, settings.limitMin), settings.limitMax)
    }

    /// Takes note of a request that has ended.
    ///
    /// - Parameters:
    ///   - latency: how long the upstream took.
    ///   - inFlight: how many seats were in use, with its own.
    ///   - isFailure: whether the upstream refused or failed it; how long that took says nothing.
    ///   - now: the monotonic clock.
    /// - Returns: whether `limit` may have changed.
    package mutating func note(latency: Nanoseconds, inFlight: Int, isFailure: Bool, at now: Nanoseconds) -> Bool {
        // What began before the window says something about another limit.
        if now.count - latency.count >= windowStart {
            count += 1
            inFlightMax = max(inFlightMax, inFlight)
            if isFailure { failures += 1 } else { latencySum += min(max(0, latency.count), 1 << 40) }
        }
        let elapsed = now.count - windowStart
        guard count > 0, elapsed >= windowMin, count >= ConcurrencyCeiling.countMin || elapsed >= 20 * windowMin
        else { return false }
        endWindow()
        windowStart = now.count
        (count, failures, latencySum, inFlightMax) = (0, 0, 0, 0)
        return true
    }

    /// Four times what requests take, so that a window shows what its own limit does.
    ///
    /// Where there is little traffic, a few requests have to do after twenty times that.
    private var windowMin: Int64 { max(ConcurrencyCeiling.windowNanoseconds, min(4 * latest, 10_000_000_000)) }

    private mutating func endWindow() {
        if failures * 10 > count {
            // A tenth of failures is no latency, but a clear word.
            return lower(to: level * 4 / 5)
        }
        let mean = max(1, latencySum / max(1, count - failures))
        latest = mean
        switch phase {
        case .normal: compare(mean)
        case .settling: phase = .probing
        case .probing: conclude(mean)
        }
    }

    private mutating func compare(_ mean: Int64) {
        if baseline == 0 { baseline = mean }
        // A little below the baseline may be chance: an eighth of the way. A quarter below is none.
        if mean < baseline { baseline = mean * 4 < baseline * 3 ? mean : baseline - (baseline - mean) / 8 }
        let isUsed = inFlightMax * 5 >= level * 4
        let isSlow = mean * 2 > baseline * 3
        if isUsed, mean * 5 <= baseline * 6 {
            rises = min(4, rises + 1)
            level = min(settings.limitMax, level + max(1, level * rises / 10))
        } else {
            rises = 0
        }
        windowsLeft -= 1
        guard isSlow || windowsLeft <= 0 else { return }
        isSuspicious = isSlow
        before = mean
        phase = .settling
    }

    private mutating func conclude(_ mean: Int64) {
        phase = .normal
        windowsLeft = ConcurrencyCeiling.windowsBetweenProbes
        if isSuspicious, mean * 8 <= before * 7 {
            lower(to: max(level / 2, Int(Int64(level) * (baseline * 3 / 2) / before)))
        } else if isSuspicious {
            baseline = mean
        } else if mean * 16 <= before * 13 {
            lower(to: level * 5 / 8)
            windowsLeft = 1
        } else {
            baseline = (baseline + mean) / 2
        }
        baseline = min(baseline, mean)
    }

    private mutating func lower(to limit: Int) { level = max(settings.limitMin, min(level - 1, limit)) }
}
