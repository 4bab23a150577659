internal import Dispatch

/// Tells that other processes may have appended to a ledger.
package protocol LedgerAlarm: Sendable {
    /// Blocks until there may be more, for a second or so at most; of one thread at a time.
    ///
    /// - Returns: how many records there are said to be; `nil` if that was not said.
    func wait() -> Int64?

    /// Lets go of who waits, now and from now on.
    func stop()
}

/// For a backend that tells nobody anything: says once in a while that it is time to look.
final class TimedAlarm: LedgerAlarm {
    private let end = DispatchSemaphore(value: 0)

    /// How long there is nothing to be seen of what others have appended; a look takes some microseconds.
    private static let pause = DispatchTimeInterval.milliseconds(500)

    func wait() -> Int64? {
        _ = end.wait(timeout: .now() + TimedAlarm.pause)
        return nil
    }

    func stop() { end.signal() }
}
