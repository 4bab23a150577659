package import Admission
package import NIOCore
package import Policy
internal import Synchronization
package import Vocabulary

/// Where requests get their seats: one per process, shared by all event loops.
///
/// A lock around the scheduler, the ceiling and the table of those who wait. Nobody is called under it: who is to be
/// told something is collected, and told on its own event loop. A request that starts at once allocates nothing.
package final class SeatGate: Sendable {
    private let state: Mutex<SeatState>
    private let timer: SeatTimer
    private let clock: @Sendable () -> Nanoseconds

    /// Seats as a policy states them.
    ///
    /// - Parameters:
    ///   - policy: the policy.
    ///   - eventLoop: where waits are ended that have become too long.
    ///   - now: the monotonic clock.
    ///   - clock: reads it again when a wait is to end.
    package init(
        policy: Snapshot, on eventLoop: any EventLoop, at now: Nanoseconds,
        clock: @escaping @Sendable () -> Nanoseconds = Clock.monotonic
    ) {
        state = Mutex(SeatState(policy: policy, at: now))
        timer = SeatTimer(on: eventLoop)
        self.clock = clock
    }

    /// Asks for seats: answers at once; a waiter that is queued hears later, on its own event loop.
    ///
    /// The waiter is held until then, or until the hold is cancelled.
    package func ask(_ request: SeatRequest, for waiter: any SeatWaiter, at now: Nanoseconds) -> SeatAnswer {
        step(at: now) { $0.ask(request, for: waiter, at: now, telling: &$1) }
    }

    /// Gives seats back; does nothing for a hold that has ended.
    ///
    /// - Parameters:
    ///   - hold: what was started or granted.
    ///   - ending: how the request has ended.
    ///   - latency: how long the upstream took, for the ceiling; `nil` says nothing.
    ///   - now: the monotonic clock.
    package func finish(_ hold: SeatHold, _ ending: Ending, latency: Nanoseconds?, at now: Nanoseconds) {
        step(at: now) { $0.finish(hold, ending, latency: latency, at: now, telling: &$1) }
    }

    /// The one who waits has gone.
    ///
    /// Also right for a hold that was granted in the same moment: then the seats go back, as of a request that was
    /// abandoned. If this is called on the waiter's event loop, the waiter hears nothing any more.
    package func cancel(_ hold: SeatHold, at now: Nanoseconds) {
        step(at: now) { $0.cancel(hold, at: now, telling: &$1) }
    }

    /// Goes on by a new policy; nothing that runs or waits is lost.
    ///
    /// Tiers are found again by name. What a tier held that is gone belongs to the least protected one that is stated.
    package func apply(_ policy: Snapshot, at now: Nanoseconds) {
        step(at: now) { $0.apply(policy, at: now, telling: &$1) }
    }

    /// Takes how much of the work beyond all reserves is to be let go at any rate; called several times a second, so
    /// that pressure ends although nobody comes.
    ///
    /// - Parameters:
    ///   - shed: how much, in hundredths of a percent.
    ///   - now: the monotonic clock.
    /// - Returns: what there is to say.
    package func turn(shed: Int64, at now: Nanoseconds) -> SeatTurn {
        step(at: now) { state, notices in
            state.turn(shed: shed, at: now, telling: &notices)
            return SeatTurn(upstream: state.gauge.reading(at: now), keptOut: state.keptOut)
        }
    }

    /// What holds seats and what waits, for metrics.
    package var counts: SeatCounts { state.withLock { $0.counts } }

    /// Whether anybody waits in a tier or in a more protected one.
    ///
    /// - Complexity: O(tiers).
    func isWaitedFor(downTo tier: String) -> Bool { state.withLock { $0.isWaitedFor(downTo: tier) } }

    /// How many seats of a tier requests may have whose bodies are still to come: half of what it can hold, or its
    /// reserve if that is more.
    func arrivingMax(tier: String) -> Int { state.withLock { $0.arrivingMax(tier: tier) } }

    /// Counts a request that was refused before it came to ask here.
    func noteRefusal(_ reason: Reason, tier: String) { state.withLock { $0.noteRefusal(reason, tier: tier) } }

    /// Whether nobody waits and more than half of the seats are free.
    ///
    /// - Complexity: O(tiers).
    var hasPlenty: Bool {
        let counts = counts
        return counts.inUse * 2 < counts.limit && !counts.tiers.contains { $0.waiting > 0 }
    }

    /// How often a hold was ended that had ended before: nought, or somebody has a mistake.
    package var staleCount: UInt64 { state.withLock { $0.staleCount } }

    /// Does something under the lock, and then tells whoever is to be told.
    private func step<Result: Sendable>(
        at now: Nanoseconds, _ body: (inout SeatState, inout [SeatState.Notice]) -> Result
    ) -> Result {
        let (result, notices, changesTimer) = state.withLock { state in
            var notices: [SeatState.Notice] = []
            let result = body(&state, &notices)
            return (result, notices, state.changesTimer(at: now))
        }
        if changesTimer {
            timer.set { [self] in
                timeLeft
            } whenOver: { [self] in
                tick()
            }
        }
        for notice in notices {
            notice.waiter.eventLoop.execute { [self] in tell(notice) }
        }
        return result
    }

    /// How long it is until the timer is to ring; `nil`: it is not to.
    private var timeLeft: Nanoseconds? { state.withLock { $0.timer }.map { $0 - clock() } }

    private func tick() {
        let now = clock()
        step(at: now) { $0.tick(at: now, telling: &$1) }
    }

    /// Tells a waiter, on its event loop, unless it has cancelled meanwhile.
    private func tell(_ notice: SeatState.Notice) {
        switch state.withLock({ $0.news(of: notice.hold) }) {
        case .granted(let waited): notice.waiter.seatsGranted(notice.hold, waited: waited)
        case .refused(let reason, let retryAfter, let waited):
            notice.waiter.seatsRefused(reason, retryAfter: retryAfter, waited: waited)
        case .free, .waiting, .running, nil: break
        }
    }
}
