internal import Admission
internal import Policy
internal import Synchronization
internal import Vocabulary

extension HealthMonitor {
    /// One thing that says how the system is.
    struct Cause: Sendable {
        /// The name of the signal, or `upstream`.
        let name: String
        /// What it says.
        let health: Health
        /// What was told: a number, a word; `nil`: nobody tells it.
        let value: SignalBoard.Value?
        /// For how long what was told still counts.
        let left: Nanoseconds?
    }

    /// How the system is, for those who ask.
    struct Report: Sendable {
        /// What counts now; `nil`: the policy does not ask.
        let health: Health?
        /// What says so.
        let causes: [Cause]
        /// What answers say.
        let upstream: UpstreamGauge.Reading?
        /// How many tenants have the lowest ceilings only.
        let heldTenants: Int
        /// How often the health has changed.
        let changeCount: UInt64
        /// How often a tenant was held.
        let heldCount: UInt64
    }

    /// How the system is now.
    func report(at now: Nanoseconds) -> Report {
        state.withLock { state in
            Report(
                health: state.policy == nil ? nil : state.course.present,
                causes: state.policy.map { state.causes($0, at: now) } ?? [], upstream: state.upstream,
                heldTenants: state.held.count, changeCount: state.changeCount, heldCount: state.heldCount)
        }
    }
}
