internal import Admission
internal import NIOCore
internal import Policy
internal import Vocabulary

extension ProxyExchange: SeatWaiter {
    var eventLoop: any EventLoop { loop.eventLoop }

    /// Asks for seats.
    ///
    /// A class that is not enforced yet does not wait: without seats it runs all the same.
    func askForSeats(
        _ decision: Decision, at now: Nanoseconds, describe: () -> (method: String, path: String)
    ) {
        let rest = lined > .zero ? decision.policy.tiers[decision.classification.tier].queue?.waitMax : nil
        var seats = decision.seatRequest(waitMax: rest.map { Nanoseconds(max(0, $0.count - lined.count)) })
        seats.deadline = timeMax.map { Nanoseconds(arrivedAt.count + $0.count) }
        switch loop.decider.askForSeats(seats, of: decision, from: loop.seats, for: self, at: now) {
        case .started(let hold):
            self.hold = hold
            waited = lined
            loop.decider.conclude(decision, .granted(waited: lined), describe: describe)
            start()
        case .queued(let hold):
            self.hold = hold
            description = describe()
            if lined == .zero { askedAt = now }
            phase = .waiting
        case .refused(let reason, let retryAfter):
            refuseSeats(decision, reason, retryAfter: retryAfter, waited: .zero, describe: describe)
        }
    }

    /// There are no seats: a class that is not enforced goes on all the same.
    ///
    /// - Parameters:
    ///   - decision: what was decided.
    ///   - reason: why.
    ///   - retryAfter: when to come again.
    ///   - waited: how long it waited for seats, beside what it waited for a place.
    ///   - describe: the method and the path, for the record.
    func refuseSeats(
        _ decision: Decision, _ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds,
        describe: () -> (method: String, path: String)
    ) {
        self.waited = lined + waited
        loop.decider.conclude(
            decision, .refused(reason, retryAfter: retryAfter, waited: self.waited), describe: describe)
        if decision.isAdmitted { start() } else { giveUp() }
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {
        guard phase == .waiting, let decision else {
            return loop.seats.finish(hold, .abandoned, latency: nil, at: Clock.monotonic())
        }
        self.hold = hold
        self.waited = lined + waited
        loop.decider.conclude(decision, .granted(waited: self.waited)) { description }
        if deadlineIsOver { fail(.deadline) } else { start() }
    }

    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {
        guard phase == .waiting, let decision else { return }
        hold = nil
        refuseSeats(decision, reason, retryAfter: retryAfter, waited: waited) { description }
    }

    /// Passes the request on: at once, unless its idempotency key must be on disk before.
    private func start() {
        guard let run = keyed?.run else { return connect() }
        phase = .connecting
        run.whenBegun(on: loop.eventLoop) { [self] in
            if phase == .connecting { connect() }
        }
    }

    /// There are no seats for it: it was not charged after all, and neither will a repeat be free.
    func giveUp() {
        keyed?.run?.release()
        keyed?.run = nil
        refuse()
    }

    /// It does not wait any more: its place is free, and what it took is given back.
    func leaveQueue(for reason: Reason) {
        guard let hold, let decision else { return }
        let now = Clock.monotonic()
        self.hold = nil
        phase = .over
        loop.seats.cancel(hold, at: now)
        let waited = Nanoseconds(now.count - askedAt.count)
        loop.decider.conclude(decision, .refused(reason, retryAfter: .zero, waited: waited)) { description }
        loop.decider.note(decision, wait: waited, upstream: nil, endToEnd: nil)
        keyed?.run?.release()
        keyed?.run = nil
        finish(.abandoned)
    }
}
