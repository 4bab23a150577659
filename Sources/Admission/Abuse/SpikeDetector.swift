package import Policy
package import Vocabulary

/// Finds growth against a subject's own history.
///
/// The history is the mean number of requests per window, moved by each window that ends towards what that window had:
/// by its share while the history fills, then by one part in as many as the history has windows. Nobody is judged
/// before the history is full. What one window may teach is bounded by what would have been found in it, so that a
/// spike is not the new normal a moment later.
package struct SpikeDetector: Detector {
    private let rule: AbuseRule.Spike

    /// What is remembered of a subject.
    package struct Memory: BitwiseCopyable, Sendable {
        var window: CountingWindow
        /// The mean of requests per window, in 65,536ths.
        var mean: Int64 = 0
        /// Windows that the mean was made of, at most as many as the history has.
        var windows: Int64 = 0
    }

    /// One in the units of a mean.
    private static let one: Int64 = 65_536
    /// The most that one window counts: 2⁴⁰ requests, far above what a machine can see and far below overflow.
    private static let countMax: Int64 = 1 << 40

    /// Looks by the numbers of a rule.
    package init(_ rule: AbuseRule.Spike) { self.rule = rule }

    package func begin(at now: Nanoseconds) -> Memory { Memory(window: CountingWindow(at: now)) }

    package func note(_ sample: Void, in memory: inout Memory, at now: Nanoseconds) -> Evidence? {
        turn(&memory, at: now)
        memory.window.count = min(memory.window.count + 1, Self.countMax)
        guard memory.windows >= rule.windowCount, memory.window.count >= rule.least else { return nil }
        let (threshold, overflow) = memory.mean.multipliedReportingOverflow(by: rule.factor)
        guard !overflow, memory.window.count * Self.one > threshold else { return nil }
        return Evidence([
            Evidence.Number("requests", memory.window.count),
            Evidence.Number("mean_per_window", memory.mean / Self.one),
            Evidence.Number("window_ms", rule.window.millisecondsRoundedUp),
        ])
    }

    package func weight(of memory: Memory, at now: Nanoseconds) -> Int64 {
        // A full history took long to learn; of equals the busier one stays.
        memory.windows * Self.countMax + memory.window.count
    }

    /// Ends the windows that are over.
    private func turn(_ memory: inout Memory, at now: Nanoseconds) {
        let passed = (now.count - memory.window.start) / rule.window.count
        guard passed > 0 else { return }
        learn(memory.window.count, &memory)
        rest(passed - 1, &memory)
        memory.window.start += passed * rule.window.count
        memory.window.count = 0
    }

    /// Moves the mean towards what a window had.
    private func learn(_ count: Int64, _ memory: inout Memory) {
        var seen = count * Self.one
        if memory.windows >= rule.windowCount {
            let (most, overflow) = max(memory.mean, Self.one).multipliedReportingOverflow(by: rule.factor)
            if !overflow { seen = min(seen, max(most, rule.least * Self.one / rule.factor)) }
        }
        memory.windows = min(memory.windows + 1, rule.windowCount)
        memory.mean += (seen - memory.mean) / memory.windows
    }

    /// Moves the mean through windows without any request.
    private func rest(_ count: Int64, _ memory: inout Memory) {
        let filling = min(count, rule.windowCount - memory.windows)
        if filling > 0 {
            let all = memory.windows + filling
            memory.mean = Int64(Int128(memory.mean) * Int128(memory.windows) / Int128(all))
            memory.windows = all
        }
        let idle = count - max(0, filling)
        guard idle > 0, memory.mean > 0 else { return }
        memory.mean = Int64((Int128(memory.mean) * Int128(remainder(after: idle))) >> 32)
    }

    /// What is left of a mean after some idle windows, in 2³²ths: (1 - 1/n)ᵏ by squaring.
    private func remainder(after count: Int64) -> Int64 {
        var (base, result, left) = (UInt64(1 << 32) - (1 << 32) / UInt64(rule.windowCount), UInt64(1 << 32), count)
        while left > 0, result > 0 {
            if left & 1 == 1 { result = (result * base) >> 32 }  // both are at most 2³², the base is less
            base = (base * base) >> 32
            left >>= 1
        }
        return Int64(result)
    }
}
