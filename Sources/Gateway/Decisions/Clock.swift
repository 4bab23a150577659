internal import Glibc
package import Vocabulary

/// Reads both clocks with one system call per request: the wall clock is the monotonic one plus an offset that is
/// renewed once a second.
package struct Clock: Sendable {
    private var offsetMilliseconds: Int64 = 0
    private var offsetSecond: Int64 = -1

    /// A clock that has not been read yet.
    package init() {}

    /// Both clocks now.
    package mutating func now() -> Moment {
        let monotonic = Clock.monotonic()
        let second = monotonic.count / 1_000_000_000
        if second != offsetSecond {
            offsetSecond = second
            offsetMilliseconds = Clock.read(CLOCK_REALTIME) / 1_000_000 - monotonic.count / 1_000_000
        }
        return Moment(
            monotonic: monotonic,
            wall: WallTime(milliseconds: monotonic.count / 1_000_000 + offsetMilliseconds))
    }

    /// The monotonic clock now.
    package static func monotonic() -> Nanoseconds { Nanoseconds(read(CLOCK_MONOTONIC)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        // SAFETY: the pointer is used only during the call, which fills the value.
        let failure = unsafe clock_gettime(clock, &time)
        precondition(failure == 0, "clock \(clock) can be read")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
