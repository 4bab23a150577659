package import Policy
package import Vocabulary

/// Finds callers that were told when to come back and come before.
///
/// Only a request that is refused again counts: one that is let through did no harm. Of two times that a caller was
/// told the earlier one holds, since they may have been about different requests. What arrives within the grace after
/// the first refusal was on its way before its sender could know.
package struct EarlyRetryDetector: Detector {
    private let rule: AbuseRule.EarlyRetry

    /// What is remembered of a subject.
    package struct Memory: BitwiseCopyable, Sendable {
        var window: CountingWindow
        /// When the caller was first told.
        var toldAt: Int64 = .min
        /// When it may come back.
        var notBefore: Int64 = .min
    }

    /// Looks by the numbers of a rule.
    package init(_ rule: AbuseRule.EarlyRetry) { self.rule = rule }

    package func begin(at now: Nanoseconds) -> Memory { Memory(window: CountingWindow(at: now)) }

    /// Looks at a refusal, with the time that its caller is told.
    package func note(_ retryAfter: Nanoseconds, in memory: inout Memory, at now: Nanoseconds) -> Evidence? {
        if memory.window.hasEnded(at: now, length: rule.window) {
            memory.window = CountingWindow(at: now)
        }
        let (sum, overflow) = now.count.addingReportingOverflow(max(0, retryAfter.count))
        let told = overflow ? Int64.max : sum
        guard now.count < memory.notBefore else {
            (memory.toldAt, memory.notBefore) = (now.count, told)
            return nil
        }
        let isOnItsWay = now.count - memory.toldAt < rule.grace.count
        let wait = memory.notBefore - memory.toldAt
        memory.notBefore = min(memory.notBefore, told)
        guard !isOnItsWay else { return nil }
        memory.window.count += 1
        guard memory.window.count >= rule.least else { return nil }
        return Evidence([
            Evidence.Number("early_retries", memory.window.count), Evidence.Number("told_ms", wait / 1_000_000),
            Evidence.Number("came_after_ms", (now.count - memory.toldAt) / 1_000_000),
        ])
    }

    package func weight(of memory: Memory, at now: Nanoseconds) -> Int64 {
        memory.window.hasEnded(at: now, length: rule.window) && now.count >= memory.notBefore
            ? 0 : memory.window.count + 1
    }
}
