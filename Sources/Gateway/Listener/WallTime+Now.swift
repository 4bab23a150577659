#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif
package import Vocabulary

extension WallTime {
    /// The system's calendar clock.
    @Sendable
    package static func now() -> WallTime {
        var reading = timespec()
        // SAFETY: the call fills the structure it is given and keeps no pointer.
        let status = unsafe clock_gettime(CLOCK_REALTIME, &reading)
        precondition(status == 0, "the realtime clock always exists")
        return WallTime(milliseconds: Int64(reading.tv_sec) * 1_000 + Int64(reading.tv_nsec) / 1_000_000)
    }
}
