package import Policy
package import Vocabulary

/// Finds keys that come from a region where they never were.
///
/// Regions are remembered in two sets that take turns, so that one is forgotten after one to two memories without a
/// request from it. A new region is not learnt by being found: whoever is challenged there and goes on is found again.
package struct NewRegionDetector: Detector {
    private let rule: AbuseRule.NewRegion

    /// What is remembered of a subject.
    package struct Memory: BitwiseCopyable, Sendable {
        /// When its first regions began to be learnt.
        var since: Int64
        /// When the present set began.
        var turn: Int64
        /// The regions of the present set.
        var present: UInt64 = 0
        /// The regions of the set before.
        var former: UInt64 = 0
    }

    /// Looks by the numbers of a rule.
    package init(_ rule: AbuseRule.NewRegion) { self.rule = rule }

    package func begin(at now: Nanoseconds) -> Memory { Memory(since: now.count, turn: now.count) }

    /// Looks at a request from a region, whose number is below 64.
    package func note(_ region: Int, in memory: inout Memory, at now: Nanoseconds) -> Evidence? {
        let turns = (now.count - memory.turn) / max(1, rule.memory.count)
        if turns > 0 {
            memory.former = turns == 1 ? memory.present : 0
            memory.present = 0
            memory.turn += turns * rule.memory.count
            if memory.former == 0 { memory.since = now.count }  // nothing is left: learnt anew
        }
        let bit: UInt64 = 1 << UInt64(region & 63)
        let known = memory.present | memory.former
        guard known & bit == 0, now.count - memory.since >= rule.learn.count else {
            memory.present |= bit
            return nil
        }
        return Evidence([
            Evidence.Number("regions_known", Int64(known.nonzeroBitCount)),
            Evidence.Number("in_use_ms", (now.count - memory.since) / 1_000_000),
        ])
    }

    package func weight(of memory: Memory, at now: Nanoseconds) -> Int64 { memory.turn }
}
