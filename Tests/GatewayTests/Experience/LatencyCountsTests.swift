import Testing
import Vocabulary

@testable import Gateway

/// Percentiles from buckets against the sorted latencies themselves.
@Suite struct LatencyCountsTests {
    /// How far a percentile may lie from the latency in its place: 1/128, or a microsecond.
    private static func allowance(_ exact: Int64) -> Int64 { max(1_000, exact / 128 + 1) }

    private static func counts(_ latencies: [Int64]) -> LatencyCounts {
        var histogram = LatencyHistogram()
        for latency in latencies { histogram.record(Nanoseconds(latency)) }
        return histogram.counts
    }

    /// Latencies of all magnitudes, as likely in each power of two from nanoseconds to an hour.
    private static func latencies(_ number: Int, seed: UInt64) -> [Int64] {
        var generator = SeededGenerator(seed: seed)
        return (0..<number).map { _ in
            min(Int64(generator.next() >> 1) >> Int64.random(in: 21..<60, using: &generator), 3_600_000_000_000)
        }
    }

    @Test func `every microsecond up to an hour has a bucket that says nearly what it is`() {
        var bucket = 0
        for index in 0..<LatencyScale.bucketCount {
            let lowest = LatencyScale.lowest(of: index)
            #expect(LatencyScale.bucket(of: lowest) == index)
            guard index > 0 else { continue }
            let below = Nanoseconds(lowest.count - 1)
            #expect(LatencyScale.bucket(of: below) == index - 1, "no gap below bucket \(index)")
            for held in [below, LatencyScale.lowest(of: index - 1)] {
                let error = abs(LatencyScale.typical(of: index - 1).count - held.count)
                #expect(error <= LatencyCountsTests.allowance(held.count), "\(held.count) ns")
            }
            bucket = index
        }
        #expect(bucket == LatencyScale.bucketCount - 1)
        #expect(LatencyScale.bucket(of: Nanoseconds(.max)) == bucket)
        #expect(LatencyScale.bucket(of: Nanoseconds(-5)) == 0)
    }

    @Test(arguments: [1, 2, 7, 99, 1_000, 20_000]) func `percentiles are those of the sorted latencies`(
        number: Int
    ) throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let latencies = LatencyCountsTests.latencies(number, seed: seed)
            let sorted = latencies.sorted()
            let counts = LatencyCountsTests.counts(latencies)
            #expect(counts.count == UInt64(number))
            #expect(counts.longest.count == sorted.last)
            for permille in [1, 250, 500, 900, 950, 990, 999] {
                let exact = sorted[max(1, (number * permille + 999) / 1_000) - 1]
                let said = try #require(counts.latency(permille: permille)).count
                #expect(
                    abs(said - exact) <= LatencyCountsTests.allowance(exact),
                    "seed \(seed): p\(permille) of \(number) is \(exact), said \(said)")
            }
        }
    }

    @Test func `no latency at all stays none, and nobody has a percentile of nothing`() {
        #expect(LatencyCounts().latency(permille: 500) == nil)
        #expect(LatencyCounts().mean == nil)
        let none = LatencyCountsTests.counts([0, 0, 0])
        #expect(none.latency(permille: 999) == .zero)
        #expect(none.mean == .zero)
    }

    @Test func `parts add up to the whole, in any order`() {
        for seed in 1...50 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let latencies = LatencyCountsTests.latencies(500, seed: seed)
            var parts = [[Int64]](repeating: [], count: 7)
            for latency in latencies { parts[Int.random(in: 0..<7, using: &generator)].append(latency) }
            let whole = LatencyCountsTests.counts(latencies)
            for order in [parts, parts.reversed(), parts.shuffled(using: &generator)] {
                var sum = LatencyCounts()
                for part in order { sum.add(LatencyCountsTests.counts(part)) }
                #expect(sum == whole, "seed \(seed)")
            }
        }
    }

    @Test func `a cleared histogram counts as a new one`() {
        var histogram = LatencyHistogram()
        for latency in LatencyCountsTests.latencies(1_000, seed: 1) { histogram.record(Nanoseconds(latency)) }
        histogram.clear()
        #expect(histogram.counts == LatencyCounts())
        let again = LatencyCountsTests.latencies(1_000, seed: 2)
        for latency in again { histogram.record(Nanoseconds(latency)) }
        #expect(histogram.counts == LatencyCountsTests.counts(again))
    }

    @Test func `numbers by bounds are those of the latencies, but for what shares a bucket with a bound`() {
        let bounds: [Int64] = [1_000_000, 10_000_000, 100_000_000]
        #expect(LatencyCountsTests.counts([1_000_000, 10_000_000, 100_000_000]).numbers(by: bounds) == [1, 1, 1, 0])
        for seed in 1...20 as ClosedRange<UInt64> {
            let latencies = LatencyCountsTests.latencies(2_000, seed: seed)
            let numbers = LatencyCountsTests.counts(latencies).numbers(by: bounds)
            #expect(numbers.reduce(0, +) == 2_000)
            var cumulative: UInt64 = 0
            for (bound, number) in zip(bounds, numbers) {
                cumulative += number
                let least = latencies.count { $0 <= bound }
                let most = latencies.count { $0 <= bound + bound / 64 + 1_000 }
                #expect((UInt64(least)...UInt64(most)).contains(cumulative), "seed \(seed), bound \(bound)")
            }
        }
    }
}
