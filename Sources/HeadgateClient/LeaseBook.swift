internal import Logging
internal import NIOCore
internal import Synchronization

/// The leases that are held: renewed in time, and ended when the work has.
///
/// One timer for all of them, which runs only while there are some: most end long before they are due.
final class LeaseBook: Sendable {
    private let wire: any Wire
    private let callTime: TimeAmount
    private let lease: Duration
    private let period: TimeAmount
    private let log: Logger
    private let state = Mutex(State())

    private struct State {
        var entries: [String: Entry] = [:]
        var isTicking = false
    }

    private struct Entry {
        var credential: String?
        /// In how many turns it is renewed.
        var turns: Int
    }

    /// Within a third of a lease there are so many turns: none is renewed later than at half of its time, and two
    /// renewals may get lost.
    private static let turnsPerRenewal = 2

    /// A book without leases.
    init(_ wire: any Wire, callTimeout: Duration, lease: Duration, logger: Logger) {
        self.wire = wire
        self.lease = lease
        callTime = .nanoseconds(callTimeout.nanoseconds)
        period = .nanoseconds(max(1_000_000, lease.nanoseconds / Int64(3 * LeaseBook.turnsPerRenewal)))
        log = logger
    }

    /// How many are held.
    var count: Int { state.withLock { $0.entries.count } }

    /// Renews a lease until it is ended.
    func add(_ lease: DecidedAnswer.Lease, credential: String?) {
        let begins = state.withLock { state in
            state.entries[lease.id] = Entry(credential: credential, turns: LeaseBook.turnsPerRenewal)
            defer { state.isTicking = true }
            return !state.isTicking
        }
        if begins { wire.schedule(in: period) { [weak self] in self?.turn() } }
    }

    /// Ends a lease, and tells the server how the work has ended.
    func end(_ lease: DecidedAnswer.Lease, credential: String?, _ ending: HeldSeats.Ending) {
        let isHeld = state.withLock { $0.entries.removeValue(forKey: lease.id) != nil }
        // The server has said that there is no such lease any more.
        guard isHeld else { return }
        tell(
            WireCall(
                .delete, LeaseBook.path(lease.id), body: WireEncoding.ending(credential: credential, ending),
                timeMax: callTime), triesLeft: 2)
    }

    /// Seats that are not given back are missed until their lease runs out, so it is tried more than once.
    private func tell(_ call: WireCall, triesLeft: Int) {
        wire.send(call) { [weak self] result in
            switch result {
            case .success(let answer) where answer.status < 500: break
            case .failure(.closed), .failure(.cancelled): break
            case .success, .failure:
                guard triesLeft > 0, let self else { return }
                wire.schedule(in: callTime) { [weak self] in self?.tell(call, triesLeft: triesLeft - 1) }
            }
        }
    }

    private func turn() {
        let (due, goesOn) = state.withLock { state in
            var due: [(id: String, credential: String?)] = []
            for (id, entry) in state.entries {
                if entry.turns <= 1 { due.append((id, entry.credential)) }
                state.entries[id]?.turns = entry.turns <= 1 ? LeaseBook.turnsPerRenewal : entry.turns - 1
            }
            state.isTicking = !state.entries.isEmpty
            return (due, state.isTicking)
        }
        for (id, credential) in due { renew(id, credential) }
        if goesOn { wire.schedule(in: period) { [weak self] in self?.turn() } }
    }

    private func renew(_ id: String, _ credential: String?) {
        let body = WireEncoding.renewal(credential: credential, lease: lease)
        wire.send(WireCall(.put, LeaseBook.path(id), body: body, timeMax: callTime)) { [weak self] result in
            guard let self, case .success(let answer) = result, answer.status == 404 else { return }
            let wasHeld = state.withLock { $0.entries.removeValue(forKey: id) != nil }
            if wasHeld {
                log.warning("headgate does not know an admission any more; its work goes on", metadata: ["id": "\(id)"])
            }
        }
    }

    private static func path(_ id: String) -> String { "/v1/admissions/\(id)" }
}
