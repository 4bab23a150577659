internal import Vocabulary

/// When to try again: after 250 ms, then twice as long each time, up to 30 s.
struct BackOff {
    /// Whether the last attempt failed.
    var isFailing: Bool { failures > 0 }
    private var failures = 0
    private var next = Nanoseconds.zero

    /// The longest wait: short enough that a journal comes back soon after somebody frees the disk.
    private static let longest = Nanoseconds.seconds(30)
    private static let shortest = Nanoseconds.milliseconds(250)

    /// Starts without a failure.
    init() {}

    /// Whether an attempt may be made now.
    func allows(_ now: Nanoseconds) -> Bool { !isFailing || now >= next }

    /// Notes a failure.
    mutating func fail(at now: Nanoseconds) {
        let wait = min(BackOff.longest.count, BackOff.shortest.count << min(failures, 20))
        next = now + Nanoseconds(wait)
        failures += 1
    }

    /// Notes a success.
    mutating func succeed() { failures = 0 }
}
