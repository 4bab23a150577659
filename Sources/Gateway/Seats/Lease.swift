internal import Policy
internal import Vocabulary

/// Seats that somebody outside holds for a time.
struct Lease {
    /// Its name.
    let id: LeaseID
    /// The seats.
    let hold: SeatHold
    /// Who may end it.
    let owner: Owner
    /// Since when it is held.
    let start: Nanoseconds
    /// What latencies of the work are counted by; `nil`: they are not.
    let felt: Felt?
    /// How long it lasts from when it was last renewed.
    var duration: Nanoseconds
    /// When it ends by itself.
    var deadline: Nanoseconds
    /// Neighbours among those that are looked at together, or the next free place; -1: none.
    var previous: Int32 = -1
    var next: Int32 = -1
    /// When it is looked at, in ticks of `LeaseTable`.
    var tick: Int64 = 0

    /// What is known of a request before its work ends.
    struct Felt {
        /// By what its latencies are counted.
        let key: ExperienceKey
        /// Under which policy.
        let policy: Snapshot
        /// How long it waited for its seats.
        let waited: Nanoseconds
    }

    /// Who made a lease.
    struct Owner: Hashable, Sendable {
        /// The tenant; `nil`: nobody is known.
        var tenant: TenantKey?
        /// The principal's name; `nil`: a trusted caller named the tenant alone, or nobody is known.
        var principal: String?
    }

    /// Who asks for something about a lease.
    enum Caller {
        /// One whom we trust: all leases.
        case trusted
        /// A stranger: the leases of the same principal. Those of nobody in particular belong to whoever knows the
        /// name.
        case stranger(Owner)

        /// Whether the caller may touch a lease.
        func mayTouch(_ owner: Owner) -> Bool {
            switch self {
            case .trusted: true
            case .stranger(let caller): owner.tenant == nil || caller == owner
            }
        }
    }
}
