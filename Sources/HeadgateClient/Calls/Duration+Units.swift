/// Lengths of time in the units of the wire.
extension Duration {
    /// Whole nanoseconds, at most 292 years of them; what is less than one is left out.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !overflow, !carry else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// Whole milliseconds, rounded up: a caller told to wait this long is never early.
    package var millisecondsRoundedUp: Int64 { nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0) }

    /// Whole seconds, rounded up: the unit of `Retry-After`.
    package var secondsRoundedUp: Int64 {
        nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
    }
}
