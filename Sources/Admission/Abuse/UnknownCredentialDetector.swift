package import Policy
package import Vocabulary

/// Finds addresses that try credentials.
///
/// Different credentials are told apart by one bit each, chosen by their hash. Two may share a bit, so the number of
/// bits is never more than that of credentials: the sketch can miss, it cannot accuse.
package struct UnknownCredentialDetector: Detector {
    private let rule: AbuseRule.UnknownCredentials

    /// What is remembered of a subject.
    package struct Memory: BitwiseCopyable, Sendable {
        var window: CountingWindow
        /// One bit for each credential that was tried, some for several.
        var seen: UInt64 = 0
    }

    /// Looks by the numbers of a rule.
    package init(_ rule: AbuseRule.UnknownCredentials) { self.rule = rule }

    package func begin(at now: Nanoseconds) -> Memory { Memory(window: CountingWindow(at: now)) }

    /// Looks at the keyed hash of a credential that nobody knows.
    package func note(_ credential: UInt64, in memory: inout Memory, at now: Nanoseconds) -> Evidence? {
        if memory.window.hasEnded(at: now, length: rule.window) { memory = begin(at: now) }
        memory.window.count += 1
        memory.seen |= 1 << (credential & 63)
        let distinct = Int64(memory.seen.nonzeroBitCount)
        guard memory.window.count >= rule.least, distinct >= rule.distinct else { return nil }
        return Evidence([
            Evidence.Number("attempts", memory.window.count), Evidence.Number("distinct_at_least", distinct),
            Evidence.Number("window_ms", rule.window.millisecondsRoundedUp),
        ])
    }

    package func weight(of memory: Memory, at now: Nanoseconds) -> Int64 {
        memory.window.hasEnded(at: now, length: rule.window) ? 0 : memory.window.count
    }
}
