/// How fast what waits is given seats: measured while something waits, and only then.
///
/// Seats and time are halved together when two seconds are full, so the last one or two count.
struct Drain: BitwiseCopyable {
    /// Seats given to what waited, in 256ths so that halving keeps small numbers.
    private var seats: Int64 = 0
    /// How long that took.
    private var nanoseconds: Int64 = 0
    /// Until when time is in `nanoseconds`; negative: nothing waits.
    private var since: Int64 = -1

    private static let windowNanoseconds: Int64 = 2_000_000_000
    private static let scale: Int64 = 256

    /// Whether something waits.
    var isRunning: Bool { since >= 0 }

    /// Something waits from now on.
    mutating func begin(at now: Int64) { since = now }

    /// Nothing waits any more.
    mutating func end(at now: Int64) {
        advance(to: now)
        since = -1
    }

    /// Something that waited was given seats.
    mutating func note(_ count: Int, at now: Int64) {
        seats += Int64(count) * Drain.scale
        advance(to: now)
    }

    private mutating func advance(to now: Int64) {
        guard since >= 0 else { return }
        nanoseconds += now - since
        since = now
        while nanoseconds >= Drain.windowNanoseconds {
            nanoseconds >>= 1
            // Never from little to nothing: however long nothing is given, that it was measured is known.
            seats = seats > 1 ? seats >> 1 : seats
        }
    }

    /// How long it takes until so many seats are given; `nil` if nothing was measured.
    ///
    /// The time that has passed since the last one counts, so a drain that has stopped becomes slower by itself.
    func time(forSeats count: Int64, at now: Int64) -> Int64? {
        guard seats > 0 else { return nil }
        let time = nanoseconds + (since < 0 ? 0 : now - since)
        let (product, overflow) = count.multipliedReportingOverflow(by: time)
        guard !overflow, product / seats <= Int64.max / Drain.scale else { return .max }
        return product / seats * Drain.scale
    }
}
