package import Vocabulary

/// A plain token bucket in exact integers.
///
/// Derivation. A bucket fills at `amount / period` and one cost unit takes one from it. Counting in fractions of a cost
/// unit avoids every division: let a *unit* be `1 / unitsPerCost` of a cost unit, and choose it so that a whole
/// number of units, `inflow`, flows in each nanosecond. With the period in nanoseconds reduced by the greatest common
/// divisor, `inflow = amount / g` and `unitsPerCost = period / g`. 7 per 3 s becomes 7 units per nanosecond at
/// 3,000,000,000 units per cost unit: exact for ever, so nothing drifts, and a caller that paces itself at exactly the
/// rate is never refused. This is GCRA seen from the other side: the theoretical arrival time is the instant at which
/// the bucket will be full, and `(capacity - level) / inflow` is how far it lies ahead (ITU-T I.371, annex A).
package struct Meter: Hashable, Sendable {
    /// The rate as the policy states it.
    package let rate: Rate
    /// How many cost units the full bucket holds.
    package let burst: Int64
    /// Units in one cost unit; at least 1.
    package let unitsPerCost: Int64
    /// Units that flow in per nanosecond.
    package let inflow: Int64
    /// Units in the full bucket: `burst * unitsPerCost`, at most `Meter.capacityMax`.
    package let capacity: Int64

    /// The largest capacity: a quarter of what 64 bits hold, so that the sum of a lane and a pool, and one
    /// nanosecond's inflow on top, cannot overflow.
    package static let capacityMax = Int64.max / 4

    /// Compiles a rate and a burst; `nil` if the burst is so large for this rate that 64 bits cannot count it exactly.
    ///
    /// - Precondition: `burst` is positive.
    package init?(rate: Rate, burst: Int64) {
        precondition(burst > 0, "a burst is positive (is \(burst))")
        let divisor = greatestCommonDivisor(rate.amount, rate.period.count)
        self.rate = rate
        self.burst = burst
        inflow = rate.amount / divisor
        unitsPerCost = rate.period.count / divisor
        let (capacity, overflow) = burst.multipliedReportingOverflow(by: unitsPerCost)
        guard !overflow, capacity <= Meter.capacityMax, inflow <= Meter.capacityMax else { return nil }
        self.capacity = capacity
    }
}

/// Euclid's algorithm; both numbers are positive.
package func greatestCommonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
}
