internal import Vocabulary

/// Whether an upstream is to be given work: what requests find out about it, and what probes do.
///
/// Pure: time comes in as a number. Both kinds of evidence are kept apart. *Failures of requests in a row* eject the
/// upstream for a while, longer each time, because an upstream that fails at once attracts work otherwise: it is
/// always the one with the least to do. *Probes* say whether it is up at all.
struct UpstreamHealth: Hashable, Sendable {
    private var failures = 0
    private var ejections = 0
    private var ejectedUntil = Nanoseconds.zero
    private var probesFailed = 0
    private var probesSucceeded = 0
    private var isDown = false

    /// Failed requests in a row that eject; Envoy's `consecutive_5xx` has the same.
    static let failuresMax = 5
    /// How long the first ejection lasts; each further one as long again, up to ten times.
    static let ejectionTime = Nanoseconds.seconds(10)
    /// Ejections that lengthen the next.
    private static let ejectionsMax = 10
    /// Failed probes in a row that take an upstream out; nginx and HAProxy have the same.
    static let probesFailedMax = 3
    /// Probes in a row that bring it back.
    static let probesSucceededMin = 2

    /// Whether it is to be given work.
    func isAvailable(at now: Nanoseconds) -> Bool { !isDown && now.count >= ejectedUntil.count }

    /// A request was answered.
    mutating func noteSuccess(at now: Nanoseconds) {
        failures = 0
        // It has worked through a whole ejection's time since: forgiven.
        if ejections > 0, now.count > ejectedUntil.count + UpstreamHealth.ejectionTime.count { ejections -= 1 }
    }

    /// A request failed: no connection, no answer, or one of 502, 503 and 504.
    ///
    /// - Parameters:
    ///   - now: the monotonic clock.
    ///   - mayEject: whether enough others are left.
    /// - Returns: for how long it is ejected, if it is now.
    mutating func noteFailure(at now: Nanoseconds, mayEject: Bool) -> Nanoseconds? {
        failures += 1
        guard failures >= UpstreamHealth.failuresMax, mayEject, isAvailable(at: now) else { return nil }
        failures = 0
        ejections = min(ejections + 1, UpstreamHealth.ejectionsMax)
        let time = Nanoseconds(UpstreamHealth.ejectionTime.count * Int64(ejections))
        ejectedUntil = Nanoseconds(now.count + time.count)
        return time
    }

    /// A probe has been answered as it should, or not.
    ///
    /// - Returns: whether that changed something.
    mutating func noteProbe(_ isGood: Bool) -> Bool {
        let before = isDown
        if isGood {
            (probesSucceeded, probesFailed) = (probesSucceeded + 1, 0)
            if probesSucceeded >= UpstreamHealth.probesSucceededMin { isDown = false }
        } else {
            (probesSucceeded, probesFailed) = (0, probesFailed + 1)
            if probesFailed >= UpstreamHealth.probesFailedMax { isDown = true }
        }
        return before != isDown
    }
}
