/// What a scheduler did in a window; in seats, and in seats × nanoseconds.
package struct PressureWindow: Sendable {
    /// How long it was.
    package var nanoseconds: Int64 = 0
    /// Seats that were given to somebody.
    package var started: Int64 = 0
    /// Seats that were asked for inside a tier's reserve, where no threshold matters.
    package var inside: Int64 = 0
    /// Seats asked for by whoever was refused after a wait.
    package var late: Int64 = 0
    /// Seats in use, by time.
    package var used: Int64 = 0
    /// Seats that nobody used while nobody waited, by time.
    package var idle: Int64 = 0
    /// Seats that are asked for by what waits at the end, in each tier and the more protected ones together.
    package var waiting = InlineArray<16, Int64>(repeating: 0)
    /// Seats there are at the end.
    package var limit: Int64 = 0

    /// A window in which nothing happened.
    package init() {}

    /// Seats that could have been given out: those that were, and those that idle ones would have given.
    package var capacity: Int64 {
        // In microseconds, so that the product fits for a million seats and windows of seconds.
        let (product, overflow) = started.multipliedReportingOverflow(by: idle / 1_000)
        return started + (overflow ? .max / 2 : product / max(1, used / 1_000))
    }
}
