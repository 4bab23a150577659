internal import NIOCore
internal import Vocabulary

/// A call of `POST /v1/admissions` from its decision about budgets to its answer.
///
/// Lives on one event loop. While it waits, the gate holds it.
final class PendingAdmission: SeatWaiter {
    let eventLoop: any EventLoop
    private let content: NIOLoopBoundBox<Content>
    private let leases: SeatLeases
    private let owner: Lease.Owner
    private let duration: Nanoseconds

    /// What belongs to the event loop.
    struct Content {
        /// Concludes the decision.
        let decider: Decider
        /// What the budgets said.
        let decision: Decision
        /// The method, for the record.
        let method: String
        /// The path, for the record.
        let path: String
        /// Since when it waits.
        let start: Nanoseconds
        /// The answer that is owed, and the hold that waits; `nil`: nobody waits.
        var waiting: (deferral: HTTPDeferral, hold: SeatHold)?
    }

    /// A call that is about to ask for seats.
    ///
    /// - Precondition: on the event loop.
    init(
        _ content: Content, leases: SeatLeases, owner: Lease.Owner, lasting duration: Nanoseconds,
        on eventLoop: any EventLoop
    ) {
        self.eventLoop = eventLoop
        self.content = NIOLoopBoundBox(content, eventLoop: eventLoop)
        self.leases = leases
        self.owner = owner
        self.duration = duration
    }

    /// Concludes with the seats that were given.
    ///
    /// - Returns: the admission; `nil` if there is no room for one more lease, so that the request is refused.
    func conclude(_ hold: SeatHold, waited: Nanoseconds) -> AdmissionAnswer? {
        let content = content.value
        let now = content.start + waited
        let felt = content.decision.experienceKey.map {
            Lease.Felt(key: $0, policy: content.decision.policy, waited: waited)
        }
        guard let id = leases.make(hold, for: owner, felt: felt, lasting: duration, at: now) else {
            leases.gate.cancel(hold, at: now)
            conclude(.refused(.concurrencyLimit, retryAfter: .second, waited: waited))
            return nil
        }
        conclude(.granted(waited: waited))
        return AdmissionAnswer(id: id, lease: duration, waited: waited, seats: Int(hold.seats))
    }

    /// Concludes; `nil`: it never came to seats.
    func conclude(_ seats: SeatConclusion?) {
        let content = content.value
        content.decider.conclude(content.decision, seats) { (content.method, content.path) }
    }

    /// Holds the answer until the gate says more; a client that goes frees its place.
    func wait(for hold: SeatHold, answering deferral: HTTPDeferral) {
        content.value.waiting = (deferral, hold)
        deferral.whenCancelled { [weak self] in self?.leave() }
    }

    private func leave() {
        guard let (_, hold) = content.value.waiting else { return }
        content.value.waiting = nil
        let now = Clock.monotonic()
        leases.gate.cancel(hold, at: now)
        conclude(.refused(.clientClosed, retryAfter: .zero, waited: now - content.value.start))
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {
        guard let (deferral, _) = content.value.waiting else {
            return leases.gate.cancel(hold, at: content.value.start)
        }
        // Seats for nobody would be held until the lease ends.
        guard !deferral.clientHasGone else { return leave() }
        content.value.waiting = nil
        answer(deferral, conclude(hold, waited: waited))
    }

    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {
        guard let (deferral, _) = content.value.waiting else { return }
        content.value.waiting = nil
        content.value.decider.note(content.value.decision, wait: waited, upstream: nil, endToEnd: nil)
        conclude(.refused(reason, retryAfter: retryAfter, waited: waited))
        answer(deferral, nil)
    }

    private func answer(_ deferral: HTTPDeferral, _ admission: AdmissionAnswer?) {
        let content = content
        deferral.answer { writer in
            let (decision, profile) = (content.value.decision, content.value.decider.plane.headers)
            writer.answer(decision, admission: admission, profile: profile)
        }
    }
}
