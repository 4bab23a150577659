package import Vocabulary

/// Latencies as they were counted, in a form that is kept, added up and read: only the buckets in use.
package struct LatencyCounts: Equatable, Sendable {
    /// The buckets in use, ascending.
    private var entries: [Entry] = []
    /// How many latencies there are.
    package private(set) var count: UInt64 = 0
    /// The sum of all in nanoseconds.
    package private(set) var sum: UInt64 = 0
    /// The longest, exactly.
    package private(set) var longest = Nanoseconds.zero

    /// One bucket.
    struct Entry: Equatable {
        /// Which one.
        let bucket: UInt16
        /// How many it holds.
        var number: UInt32
    }

    /// No latency.
    package init() {}

    /// States what a histogram counted; buckets are ascending.
    init(entries: [Entry], sum: UInt64, longest: Nanoseconds) {
        self.entries = entries
        self.sum = sum
        self.longest = longest
        count = entries.reduce(0) { $0 + UInt64($1.number) }
    }

    /// Adds what was counted elsewhere; in which order parts are added makes no difference.
    ///
    /// - Complexity: O(buckets in use).
    package mutating func add(_ other: LatencyCounts) {
        guard other.count > 0 else { return }
        if count == 0 {
            self = other
            return
        }
        entries = LatencyCounts.merged(entries, other.entries)
        count += other.count
        sum &+= other.sum  // wraps after five centuries of latency
        longest = max(longest, other.longest)
    }

    private static func merged(_ left: [Entry], _ right: [Entry]) -> [Entry] {
        var merged: [Entry] = []
        merged.reserveCapacity(max(left.count, right.count))
        var rest = right[...]
        for var entry in left {
            while let next = rest.first, next.bucket < entry.bucket {
                merged.append(next)
                rest.removeFirst()
            }
            if let next = rest.first, next.bucket == entry.bucket {
                entry.number = UInt32(clamping: UInt64(entry.number) + UInt64(next.number))
                rest.removeFirst()
            }
            merged.append(entry)
        }
        return merged + rest
    }

    /// A percentile: so many in a thousand latencies are no longer than this; `nil` where there is none.
    ///
    /// Within 0.8 % or a microsecond of the latency that stands at that place when all are sorted; never above the
    /// longest.
    ///
    /// - Complexity: O(buckets in use).
    package func latency(permille: Int) -> Nanoseconds? {
        let total = entries.reduce(0) { $0 + UInt64($1.number) }
        guard total > 0 else { return nil }
        let rank = max(1, (total * UInt64(permille) + 999) / 1_000)
        var seen: UInt64 = 0
        for entry in entries {
            seen += UInt64(entry.number)
            if seen >= rank { return min(LatencyScale.typical(of: Int(entry.bucket)), longest) }
        }
        return longest
    }

    /// How many latencies are no longer than each of some ascending bounds; each counts in its lowest bound alone, and
    /// the last place is for those beyond all bounds.
    ///
    /// What lies in a bucket with a bound counts as if it were no longer than that, though it may be by 1.6 %: so
    /// latencies of exactly a bound stand below it.
    ///
    /// - Complexity: O(buckets in use + bounds).
    func numbers(by bounds: [Int64]) -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: bounds.count + 1)
        var place = 0
        for entry in entries {
            let lowest = LatencyScale.lowest(of: Int(entry.bucket)).count
            while place < bounds.count, lowest > bounds[place] { place += 1 }
            numbers[place] += UInt64(entry.number)
        }
        return numbers
    }

    /// The mean; `nil` where there is no latency.
    package var mean: Nanoseconds? { count > 0 ? Nanoseconds(Int64(clamping: sum / count)) : nil }
}
