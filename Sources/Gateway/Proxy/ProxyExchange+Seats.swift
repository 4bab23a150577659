internal import Admission
internal import NIOCore
internal import Vocabulary

extension ProxyExchange: SeatWaiter {
    var eventLoop: any EventLoop { loop.eventLoop }

    /// Asks for seats.
    ///
    /// A class that is not enforced yet does not wait: without seats it runs all the same.
    func askForSeats(
        _ decision: Decision, at now: Nanoseconds, describe: () -> (method: String, path: String)
    ) {
        var seats = decision.seatRequest(waitMax: nil)
        seats.deadline = timeMax.map { Nanoseconds(arrivedAt.count + $0.count) }
        switch loop.decider.askForSeats(seats, of: decision, from: loop.seats, for: self, at: now) {
        case .started(let hold):
            self.hold = hold
            loop.decider.conclude(decision, .granted(waited: .zero), describe: describe)
            start()
        case .queued(let hold):
            self.hold = hold
            description = describe()
            askedAt = now
            phase = .waiting
        case .refused(let reason, let retryAfter):
            loop.decider.conclude(
                decision, .refused(reason, retryAfter: retryAfter, waited: .zero), describe: describe)
            if decision.isAdmitted { start() } else { giveUp() }
        }
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {
        guard phase == .waiting, let decision else {
            return loop.seats.finish(hold, .abandoned, latency: nil, at: Clock.monotonic())
        }
        self.hold = hold
        self.waited = waited
        loop.decider.conclude(decision, .granted(waited: waited)) { description }
        if deadlineIsOver { fail(.deadline) } else { start() }
    }

    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {
        guard phase == .waiting, let decision else { return }
        hold = nil
        self.waited = waited
        loop.decider.conclude(decision, .refused(reason, retryAfter: retryAfter, waited: waited)) { description }
        if decision.isAdmitted { start() } else { giveUp() }
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
