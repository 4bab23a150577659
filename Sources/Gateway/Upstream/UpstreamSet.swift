package import Logging
internal import Synchronization
internal import Vocabulary

/// One upstream, as all event loops know it.
package final class Upstream: Sendable {
    /// Where it is.
    package let address: UpstreamAddress
    /// Its place among the upstreams.
    let index: Int
    /// Requests that it works on, from all loops.
    let inFlight = Atomic<Int>(0)
    private let health = Mutex(UpstreamHealth())
    /// Counts for metrics.
    let failureCount = Atomic<UInt64>(0)
    let ejectionCount = Atomic<UInt64>(0)

    /// Names an upstream.
    init(_ address: UpstreamAddress, index: Int) {
        self.address = address
        self.index = index
    }

    /// Whether it is to be given work.
    func isAvailable(at now: Nanoseconds) -> Bool { health.withLock { $0.isAvailable(at: now) } }

    /// A request was answered.
    func noteSuccess(at now: Nanoseconds) { health.withLock { $0.noteSuccess(at: now) } }

    /// A probe has been answered as it should, or not; says whether that changed something.
    fileprivate func noteProbe(_ isGood: Bool) -> Bool { health.withLock { $0.noteProbe(isGood) } }

    /// A request failed.
    ///
    /// - Returns: for how long it is ejected, if it is now.
    fileprivate func noteFailure(at now: Nanoseconds, mayEject: Bool) -> Nanoseconds? {
        failureCount.add(1, ordering: .relaxed)
        let time = health.withLock { $0.noteFailure(at: now, mayEject: mayEject) }
        if time != nil { ejectionCount.add(1, ordering: .relaxed) }
        return time
    }
}

/// The upstreams that requests are dealt out to.
package final class UpstreamSet: Sendable {
    /// All of them.
    package let upstreams: [Upstream]
    private let turn = Atomic<Int>(0)
    private let log: Logger?

    /// The most upstreams.
    package static let countMax = 64

    /// Names the upstreams; the log hears which of them get no work any more, and which get some again.
    ///
    /// - Precondition: 1 to 64 of them.
    package init(_ addresses: [UpstreamAddress], log: Logger? = nil) {
        precondition((1...UpstreamSet.countMax).contains(addresses.count), "\(addresses.count) upstreams")
        self.log = log
        upstreams = addresses.enumerated().map { Upstream($1, index: $0) }
    }

    /// Chooses for one request: of two that are next to each other in turn, the one with less to do.
    ///
    /// Least of all would send everything to the one that has just come back; two at a time is nearly as good and no
    /// herd (Mitzenmacher, 2001). When none is available, whichever has not been tried: an upstream that may be down is
    /// better than none.
    ///
    /// - Parameters:
    ///   - tried: those that have failed this request, a bit each.
    ///   - now: the monotonic clock.
    /// - Returns: `nil` when all have been tried.
    func choose(besides tried: UInt64, at now: Nanoseconds) -> Upstream? {
        if upstreams.count == 1 { return tried == 0 ? upstreams[0] : nil }
        let start = turn.wrappingAdd(1, ordering: .relaxed).oldValue & 0xFFFF
        var best: Upstream?
        var spare: Upstream?
        var found = 0
        for step in 0..<upstreams.count where found < 2 {
            let upstream = upstreams[(start + step) % upstreams.count]
            guard tried & 1 << UInt64(upstream.index) == 0 else { continue }
            guard upstream.isAvailable(at: now) else {
                spare = spare ?? upstream
                continue
            }
            found += 1
            if let other = best, other.load <= upstream.load { continue }
            best = upstream
        }
        return best ?? spare
    }

    /// A request failed; ejects its upstream if that is one of too many, and at least half of all are left.
    func noteFailure(of upstream: Upstream, at now: Nanoseconds) {
        let left = upstreams.count { $0 !== upstream && $0.isAvailable(at: now) }
        guard let time = upstream.noteFailure(at: now, mayEject: left * 2 >= upstreams.count) else { return }
        log?.warning(
            "an upstream is ejected: too many requests in a row have failed there",
            metadata: ["upstream": "\(upstream.address)", "seconds": "\(time.count / 1_000_000_000)"])
    }

    /// A probe of an upstream was answered as it should, or not.
    func noteProbe(of upstream: Upstream, _ isGood: Bool) {
        guard upstream.noteProbe(isGood) else { return }
        let metadata: Logger.Metadata = ["upstream": "\(upstream.address)"]
        if isGood {
            log?.notice("an upstream answers its probes again, and gets work", metadata: metadata)
        } else {
            log?.warning("an upstream does not answer its probes, and gets no work", metadata: metadata)
        }
    }
}

extension Upstream {
    /// How much it has to do.
    fileprivate var load: Int { inFlight.load(ordering: .relaxed) }
}

extension UpstreamSet {
    /// Writes how the upstreams are.
    func write(to text: inout PrometheusText, at now: Nanoseconds) {
        text.begin("headgate_upstream_available", .gauge, "Whether an upstream is given work.")
        for upstream in upstreams {
            let isAvailable = upstream.isAvailable(at: now)
            text.sample(
                "headgate_upstream_available", [("upstream", upstream.address.description)], isAvailable ? "1" : "0")
        }
        text.begin("headgate_upstream_in_flight", .gauge, "Requests that an upstream works on.")
        for upstream in upstreams {
            text.sample(
                "headgate_upstream_in_flight", [("upstream", upstream.address.description)], "\(upstream.load)")
        }
        text.begin("headgate_upstream_ejections_total", .counter, "How often an upstream was ejected.")
        for upstream in upstreams {
            let count = upstream.ejectionCount.load(ordering: .relaxed)
            text.sample(
                "headgate_upstream_ejections_total", [("upstream", upstream.address.description)], "\(count)")
        }
    }
}
