internal import Admission
package import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// How well the system behind is, for all event loops together: what others tell, what its answers say, and which
/// tenants have too many failures.
///
/// Requests read a view that never changes; every change makes another one. Without a section `health` in the policy
/// nobody asks, and the lowest ceilings hold.
package final class HealthMonitor: Sendable {
    /// Everything that changes.
    let state: Mutex<State>
    /// Whoever picks a ceiling has others wait until it holds, so that they hold in the order in which they are picked.
    private let picking = Mutex<Void>(())

    /// Lines that wait to be written at most; beyond, the oldest are lost.
    static let outboxMax = 1_024
    /// How long everything must have been let in before that is news.
    static let pressureOver = Nanoseconds.seconds(10)

    /// Monitors by a policy.
    init(policy: Snapshot) {
        state = Mutex(State(policy.health))
    }

    /// What event loops read.
    var view: HealthView { state.withLock { $0.view } }

    /// How much of the work beyond all reserves is to be let go now, in hundredths of a percent.
    package var shed: Int64 {
        state.withLock { $0.policy != nil && $0.course.present == .overloaded ? $0.policy?.shedBasisPoints ?? 0 : 0 }
    }

    /// Makes a policy the one that holds; what is told and what has been seen goes on counting.
    func adopt(_ policy: Snapshot) {
        state.withLock { state in
            let isSame = policy.health?.tenantErrors == state.policy?.tenantErrors
            let watch =
                isSame && policy.health != nil && state.view.watch != nil
                ? state.view.watch : policy.health.map { TenantErrorWatch($0.tenantErrors) }
            if policy.health == nil { state.course = HealthCourse() }
            state.policy = policy.health
            state.renew(watch: watch)
        }
    }

    /// Tells a signal.
    func tell(
        _ name: String, _ value: SignalBoard.Value, lasting duration: Nanoseconds, at now: Nanoseconds
    ) throws(SignalBoard.Refusal) {
        let result = state.withLock { state -> Result<Void, SignalBoard.Refusal> in
            do throws(SignalBoard.Refusal) {
                return .success(try state.board.tell(name, value, lasting: duration, by: state.policy, at: now))
            } catch { return .failure(error) }
        }
        try result.get()
    }

    /// Takes a signal back.
    ///
    /// - Returns: whether it was told.
    func retract(_ name: String) -> Bool { state.withLock { $0.board.retract(name) } }

    /// A request of a tenant has ended.
    ///
    /// - Returns: whether there is another view.
    func note(_ isFailure: Bool, of tenant: TenantKey, by watch: TenantErrorWatch, at now: Nanoseconds) -> Bool {
        guard let until = watch.note(isFailure, of: tenant, at: now) else { return false }
        return state.withLock { state in
            guard state.held.hold(tenant, until: until) else { return false }
            state.heldCount += 1
            state.renew(watch: state.view.watch)
            return true
        }
    }

    /// Looks at everything anew; called several times a second, and after everything that is told.
    ///
    /// - Parameters:
    ///   - upstream: what answers say; `nil`: too little has come.
    ///   - moment: both clocks.
    ///   - pick: is told which ceiling holds from now on, if it is another.
    /// - Returns: whether there is another view.
    func settle(
        upstream: UpstreamGauge.Reading?, at moment: Moment, pick: (Envelope) -> Void
    ) -> Bool {
        picking.withLock { _ in
            let (isNew, envelope) = state.withLock { state in
                (state.settle(upstream: upstream, at: moment), state.pick())
            }
            if let envelope { pick(envelope) }
            return isNew
        }
    }

    /// Takes note of which tiers are kept out; that it has begun, and that it is over, is news.
    func notePressure(_ keptOut: [SeatTurn.KeptOut], at moment: Moment) {
        state.withLock { $0.notePressure(keptOut, at: moment) }
    }

    /// Takes what waits to be written.
    package func takeIncidents() -> [IncidentRecord] {
        state.withLock { state in
            let taken = state.outbox
            state.outbox = []
            return taken
        }
    }
}
