/// The arithmetic of tags: seat time by weight, in sixteenths of a seat-nanosecond, as integers that wrap.
enum VirtualTime {
    /// The largest weight.
    static let weightMax = 65_535
    /// The most seats of one request.
    static let seatsMax = 65_535
    /// The highest limit.
    static let limitMax = 1 << 20
    /// The longest duration that is charged, somewhat over an hour: with the most seats, a charge still fits.
    static let durationMax: Int64 = 1 << 42
    /// The shortest: dispatching costs something, and a tag must move.
    static let durationMin: Int64 = 1_000
    /// What the first request of all is expected to take: a millisecond.
    static let durationUnknown: Int64 = 1_000_000
    /// Steps of a tag per seat-nanosecond: the largest weight still has one step for each four microseconds.
    private static let steps: Int64 = 16
    /// How long the seats of a whole tier may take to make good what one tenant had too much.
    private static let debtNanoseconds: Int64 = 60_000_000_000

    /// What a request adds to its queue's tag.
    @inline(__always)
    static func charge(seats: Int, nanoseconds: Int64, weight: Int) -> Int64 {
        Int64(seats) * min(max(nanoseconds, durationMin), durationMax) * steps / Int64(weight)
    }

    /// How far a tag may be ahead of the tier's virtual time.
    static func debtMax(limit: Int, weights: Int) -> Int64 {
        debtNanoseconds * steps / Int64(max(1, weights)) * Int64(max(1, limit))
    }

    /// The later of two tags.
    @inline(__always)
    static func later(_ left: Int64, _ right: Int64) -> Int64 { left &- right < 0 ? right : left }

    /// An average that takes an eighth of each new value.
    @inline(__always)
    static func average(_ average: Int64, with value: Int64) -> Int64 {
        average == 0 ? value : average + (value - average) >> 3
    }
}
