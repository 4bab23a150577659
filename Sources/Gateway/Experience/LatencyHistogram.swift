internal import Vocabulary

/// Counts latencies on one event loop, until what it counted is taken.
///
/// Recording writes two or three words and allocates nothing once the first latency is in.
struct LatencyHistogram: Sendable {
    /// How many fell into each bucket; empty until the first one does.
    private var numbers: [UInt32] = []
    /// The lowest and the highest bucket in use: what has to be read and cleared.
    private var used = 0..<0
    /// How many there are.
    private(set) var count: UInt64 = 0
    /// The sum of all.
    private var sum: UInt64 = 0
    /// The longest, exactly.
    private var longest = Nanoseconds.zero

    /// Nothing counted.
    init() {}

    /// Counts one.
    ///
    /// - Complexity: O(1).
    mutating func record(_ latency: Nanoseconds) {
        let bucket = LatencyScale.bucket(of: latency)
        if numbers.isEmpty {
            numbers = [UInt32](repeating: 0, count: LatencyScale.bucketCount)
        }
        if numbers[bucket] < .max { numbers[bucket] += 1 }
        if !used.contains(bucket) {
            used = used.isEmpty ? bucket..<bucket + 1 : min(used.lowerBound, bucket)..<max(used.upperBound, bucket + 1)
        }
        count += 1
        sum &+= UInt64(max(0, latency.count))  // wraps after five centuries of latency between two takes
        longest = max(longest, latency)
    }

    /// Forgets everything but the memory.
    mutating func clear() {
        for bucket in used { numbers[bucket] = 0 }
        used = 0..<0
        count = 0
        sum = 0
        longest = .zero
    }

    /// What was counted, as it is kept and added up.
    var counts: LatencyCounts {
        var entries: [LatencyCounts.Entry] = []
        for bucket in used where numbers[bucket] > 0 {
            entries.append(LatencyCounts.Entry(bucket: UInt16(bucket), number: numbers[bucket]))
        }
        return LatencyCounts(entries: entries, sum: sum, longest: longest)
    }
}
