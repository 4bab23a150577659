internal import Policy
internal import Synchronization
package import Vocabulary

/// Counts decisions by tier, class, outcome and reason, and how long they took.
///
/// Each event loop counts for itself; a scrape adds the loops up. The labels are names of the policy and of our own
/// enums, so a stranger cannot make new series; over many policies the number of series is bounded all the same.
package final class DecisionMetrics: Sendable {
    private let loops = Mutex<[DecisionCounters]>([])

    /// Nothing counted yet.
    package init() {}

    /// Counters for one more event loop.
    func counters() -> DecisionCounters {
        let counters = DecisionCounters()
        loops.withLock { $0.append(counters) }
        return counters
    }

    /// The classes of a policy that had work on any loop in this or the previous second, one bit per class.
    func activeClasses(of policy: Snapshot, at now: Nanoseconds) -> UInt64 {
        let second = now.count / 1_000_000_000
        return loops.withLock { $0 }.reduce(0) { $0 | $1.activeClasses(of: policy, second: second) }
    }

    /// The sum over all loops.
    package var total: DecisionCounts {
        loops.withLock { $0 }.reduce(into: DecisionCounts()) { sum, loop in sum.add(loop.counts) }
    }
}

/// Numbers of decisions.
package struct DecisionCounts: Sendable {
    /// How many decisions fell, by what they were.
    package private(set) var decisions: [Series: UInt64] = [:]
    /// How many took no longer than each bound of `bounds`, the bucket's own only; the last is for all that took
    /// longer.
    package private(set) var durations = [UInt64](repeating: 0, count: bounds.count + 1)
    /// The sum of all durations.
    package private(set) var durationSum: UInt64 = 0
    /// Decisions for which there was no room for one more series.
    package private(set) var overflow: UInt64 = 0

    /// What decisions are counted by.
    package struct Series: Hashable, Sendable {
        /// The tier's name.
        package let tier: String
        /// The class's name.
        package let trafficClass: String
        /// What happened.
        package let outcome: Outcome
        /// Why.
        package let reason: Reason
        /// What enforcement would have said.
        package let wouldBe: Reason?
    }

    /// Upper bounds of the histogram in nanoseconds: a decision takes about a microsecond; 20 ms is Envoy's patience.
    package static let bounds: [Int64] = [
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000, 20_000_000,
    ]
    /// The most series: beyond it, new ones are counted together.
    ///
    /// A policy of 8 tiers and 64 classes stays far below.
    package static let seriesCountMax = 20_000

    /// Counts one decision.
    mutating func count(_ series: Series, duration: Nanoseconds) {
        add(series, 1)
        note(duration)
    }

    /// Adds to a series.
    mutating func add(_ series: Series, _ number: UInt64) {
        if decisions[series] != nil || decisions.count < DecisionCounts.seriesCountMax {
            decisions[series, default: 0] += number
        } else {
            overflow += number
        }
    }

    /// Counts how long a decision took.
    mutating func note(_ duration: Nanoseconds) {
        let bucket = DecisionCounts.bounds.firstIndex { duration.count <= $0 } ?? DecisionCounts.bounds.count
        durations[bucket] += 1
        durationSum += UInt64(max(0, duration.count))
    }

    /// Adds what was counted elsewhere.
    mutating func add(_ other: DecisionCounts) {
        decisions.merge(other.decisions, uniquingKeysWith: +)
        for index in durations.indices { durations[index] += other.durations[index] }
        durationSum += other.durationSum
        overflow += other.overflow
    }
}
