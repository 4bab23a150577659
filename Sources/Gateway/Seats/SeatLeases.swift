internal import Admission
package import NIOCore
internal import Synchronization
package import Vocabulary

/// Seats held by callers of `/v1/admissions`, which do not run through us: each for a time, after which the seats come
/// back by themselves.
///
/// One per process, shared by all event loops. The lock is never held while the gate is called.
package final class SeatLeases: Sendable {
    /// Where the seats are from.
    let gate: SeatGate
    private let state: Mutex<State>
    private let countMax: Int
    private let tenantCountMax: Int
    private let clock: @Sendable () -> Nanoseconds
    private let eventLoop: any EventLoop

    private struct State {
        var table: LeaseTable
        var expiredCount: UInt64 = 0
        var isWatching = false
    }

    /// No leases.
    ///
    /// - Parameters:
    ///   - gate: where the seats are from.
    ///   - eventLoop: where leases are looked through, tick by tick while there are any.
    ///   - countMax: how many there may be: one costs a few hundred bytes, and no limit of seats is higher.
    ///   - tenantCountMax: how many of them one tenant may have.
    ///   - now: the monotonic clock.
    ///   - clock: reads it again.
    package init(
        gate: SeatGate, on eventLoop: any EventLoop, countMax: Int = 100_000, tenantCountMax: Int = 10_000,
        at now: Nanoseconds, clock: @escaping @Sendable () -> Nanoseconds = Clock.monotonic
    ) {
        self.gate = gate
        self.eventLoop = eventLoop
        self.countMax = countMax
        self.tenantCountMax = tenantCountMax
        self.clock = clock
        state = Mutex(State(table: LeaseTable(at: now)))
    }

    /// Leases seats out.
    ///
    /// - Returns: the lease's name; `nil` if there are, or the tenant has, as many as may be: then the seats are still
    ///   the caller's to give back.
    func make(
        _ hold: SeatHold, for owner: Lease.Owner, felt: Lease.Felt? = nil, lasting duration: Nanoseconds,
        at now: Nanoseconds
    ) -> LeaseID? {
        var generator = SystemRandomNumberGenerator()
        let id = LeaseID.random(using: &generator)
        let (isMade, watches) = state.withLock { state in
            guard state.table.count < countMax, state.table.count(of: owner.tenant) < tenantCountMax else {
                return (false, false)
            }
            state.table.add(
                Lease(
                    id: id, hold: hold, owner: owner, start: now, felt: felt, duration: duration,
                    deadline: now + duration))
            defer { state.isWatching = true }
            return (true, !state.isWatching)
        }
        if watches { watch() }
        return isMade ? id : nil
    }

    /// Gives a lease its time again, or another one.
    ///
    /// - Returns: how long it lasts from now on; `nil`: there is no such lease for this caller.
    func renew(
        _ id: LeaseID, _ duration: Nanoseconds?, for caller: Lease.Caller, at now: Nanoseconds
    ) -> Nanoseconds? {
        state.withLock { state in
            guard let lease = state.table.find(id), lease.deadline > now, caller.mayTouch(lease.owner) else {
                return nil
            }
            let duration = duration ?? lease.duration
            state.table.renew(id, duration, at: now)
            return duration
        }
    }

    /// Ends a lease and gives its seats back.
    ///
    /// - Parameters:
    ///   - id: its name.
    ///   - ending: how the work has ended.
    ///   - latency: how long it took; unless stated, as long as the seats were held, which is at least that.
    ///   - caller: who says so.
    ///   - now: the monotonic clock.
    /// - Returns: the lease; `nil`: there was no such lease for this caller.
    func end(
        _ id: LeaseID, _ ending: Ending, latency: Nanoseconds?, for caller: Lease.Caller, at now: Nanoseconds
    ) -> Lease? {
        let ended = state.withLock { state -> Lease? in
            guard let lease = state.table.find(id), lease.deadline > now, caller.mayTouch(lease.owner) else {
                return nil
            }
            return state.table.remove(id)
        }
        guard let ended else { return nil }
        gate.finish(ended.hold, ending, latency: latency ?? now - ended.start, at: now)
        return ended
    }

    /// Takes back the seats of leases that have ended by themselves.
    ///
    /// The seats were taken for all that time, so the tenant is charged for it: `failed`, not `abandoned`. How long the
    /// work took, and whether the upstream failed it, nobody has said, so the ceiling hears nothing.
    func expire(at now: Nanoseconds) {
        let ended = state.withLock { state in
            let ended = state.table.expire(at: now)
            state.expiredCount += UInt64(ended.count)
            return ended
        }
        for lease in ended { gate.finish(lease.hold, .failed, latency: nil, at: now) }
    }

    /// How many leases there are, and how many have ended by themselves.
    var counts: (open: Int, expired: UInt64) { state.withLock { ($0.table.count, $0.expiredCount) } }

    /// Looks through the leases in a tick, and again while there are any.
    private func watch() {
        eventLoop.scheduleTask(in: .nanoseconds(LeaseTable.tick.count)) { [self] in
            expire(at: clock())
            let goesOn = state.withLock { state in
                state.isWatching = state.table.count > 0
                return state.isWatching
            }
            if goesOn { watch() }
        }
    }
}
