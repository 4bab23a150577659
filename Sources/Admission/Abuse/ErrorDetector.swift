package import Policy
package import Vocabulary

/// Finds subjects of whose requests too large a share fails.
package struct ErrorDetector: Detector {
    private let rule: AbuseRule.Errors

    /// What is remembered of a subject.
    package struct Memory: BitwiseCopyable, Sendable {
        var window: CountingWindow
        /// Of the requests of the window, those that failed.
        var failures: Int64 = 0
    }

    /// Looks by the numbers of a rule.
    package init(_ rule: AbuseRule.Errors) { self.rule = rule }

    package func begin(at now: Nanoseconds) -> Memory { Memory(window: CountingWindow(at: now)) }

    package func note(_ isFailure: Bool, in memory: inout Memory, at now: Nanoseconds) -> Evidence? {
        if memory.window.hasEnded(at: now, length: rule.window) { memory = begin(at: now) }
        memory.window.count += 1
        if isFailure { memory.failures += 1 }
        guard memory.window.count >= rule.least, isFailure,
            Int128(memory.failures) * 10_000 >= Int128(memory.window.count) * Int128(rule.shareBasisPoints)
        else { return nil }
        return Evidence([
            Evidence.Number("failures", memory.failures), Evidence.Number("requests", memory.window.count),
            Evidence.Number("window_ms", rule.window.millisecondsRoundedUp),
        ])
    }

    package func weight(of memory: Memory, at now: Nanoseconds) -> Int64 {
        memory.window.hasEnded(at: now, length: rule.window) ? 0 : memory.failures
    }
}
