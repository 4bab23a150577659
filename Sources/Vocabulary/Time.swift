/// A length of time, or a point on the monotonic clock, in whole nanoseconds.
///
/// The engine receives time as a number (design §4.7): the server passes the monotonic clock, the simulator and the
/// tests pass whatever they like. 63 bits of nanoseconds last 292 years.
package struct Nanoseconds: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The number of nanoseconds.
    package var count: Int64

    /// Wraps a number of nanoseconds.
    package init(_ count: Int64) { self.count = count }

    /// No time at all, and the origin of a monotonic clock.
    package static let zero = Nanoseconds(0)
    /// One second.
    package static let second = Nanoseconds(1_000_000_000)
    /// One day of 86,400 seconds: the longest period a rate may name.
    package static let day = Nanoseconds(86_400_000_000_000)

    /// A whole number of milliseconds.
    package static func milliseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000) }
    /// A whole number of seconds.
    package static func seconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000_000) }
    /// A whole number of days.
    package static func days(_ count: Int64) -> Nanoseconds { Nanoseconds(count * day.count) }

    package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }
    package static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count + right.count)
    }
    package static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count - right.count)
    }

    /// Whole milliseconds, rounded up: a caller told to wait this long is never early.
    package var millisecondsRoundedUp: Int64 { count / 1_000_000 + (count % 1_000_000 > 0 ? 1 : 0) }
    /// Whole seconds, rounded up: the unit of `Retry-After`.
    package var secondsRoundedUp: Int64 { count / 1_000_000_000 + (count % 1_000_000_000 > 0 ? 1 : 0) }
}

/// A point on the calendar, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Only calendars (quotas, blackout windows) and records read it; no budget does, so a stepping wall clock cannot
/// refill anything.
package struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch.
    package var milliseconds: Int64

    /// Wraps a number of milliseconds since the Unix epoch.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }
}

/// One reading of both clocks, taken once per request.
package struct Moment: Hashable, Sendable {
    /// The monotonic clock: budgets count with it.
    package var monotonic: Nanoseconds
    /// The wall clock: calendars and records use it.
    package var wall: WallTime

    /// Joins the two readings.
    package init(monotonic: Nanoseconds, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
