internal import Vocabulary

/// The buckets that latencies are counted in: linear inside each power of two of microseconds.
///
/// From 0 to 127 µs each microsecond has a bucket of its own. Above, each power of two is cut into 64 buckets of equal
/// width, so a bucket is at most a 64th as wide as the least it holds, and its middle is at most 0.8 % away from
/// whatever it holds. This is the idea of the HDR histogram (Gil Tene), with the one precision that we need; the
/// reasons for buckets of our own are in decision 0024.
enum LatencyScale {
    /// Buckets per power of two, as a power of two.
    private static let precisionBits = 6
    /// Nanoseconds in the unit: what a customer feels begins far above a microsecond.
    private static let unit: Int64 = 1_000
    /// The longest latency that has a bucket of its own, in microseconds: an hour, longer than any proxy waits.
    private static let unitsMax: Int64 = 3_600_000_000
    /// How many buckets there are.
    static let bucketCount = bucket(ofUnits: unitsMax) + 1

    /// The bucket of a latency; negative ones count as none at all, those beyond an hour as an hour.
    ///
    /// - Complexity: O(1), without a branch that depends on the magnitude but one.
    static func bucket(of latency: Nanoseconds) -> Int {
        bucket(ofUnits: min(max(0, latency.count) / unit, unitsMax))
    }

    private static func bucket(ofUnits units: Int64) -> Int {
        let exponent = max(precisionBits, 63 - max(1, units).leadingZeroBitCount)
        let shift = exponent - precisionBits
        return shift << precisionBits + Int(units >> Int64(shift))
    }

    /// The least latency that a bucket holds.
    static func lowest(of bucket: Int) -> Nanoseconds { Nanoseconds(lowestUnits(of: bucket) * unit) }

    /// The latency that stands for all in a bucket: its middle; below 64 µs the least, so that none at all stays none.
    static func typical(of bucket: Int) -> Nanoseconds {
        guard bucket >= 1 << precisionBits else { return lowest(of: bucket) }
        let width = Int64(1) << Int64(shift(of: bucket))
        return Nanoseconds(lowestUnits(of: bucket) * unit + width * unit / 2)
    }

    private static func lowestUnits(of bucket: Int) -> Int64 {
        let shift = shift(of: bucket)
        return Int64(bucket - shift << precisionBits) << Int64(shift)
    }

    /// The first power of two has twice as many buckets: those of a microsecond.
    private static func shift(of bucket: Int) -> Int { max(0, bucket >> precisionBits - 1) }
}
