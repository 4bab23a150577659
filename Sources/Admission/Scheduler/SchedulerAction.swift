package import Vocabulary

/// What the caller of the scheduler is to do.
///
/// Each arrival is answered in the same step by exactly one of `start`, `queue` and `refuse`. What was queued ends with
/// exactly one of `start`, `displace` and `expire`, unless it is cancelled; what was started ends with `finish`.
package enum SchedulerAction: Hashable, Sendable {
    /// Let it run; it holds so many seats, and waited so long.
    case start(Ticket, caller: UInt64, seats: Int, waited: Nanoseconds)
    /// Hold it.
    case queue(Ticket, caller: UInt64)
    /// Refuse it; it never had a ticket.
    case refuse(caller: UInt64, reason: Reason, retryAfter: Nanoseconds)
    /// Refuse it: it waited, and its place was needed.
    case displace(Ticket, caller: UInt64, reason: Reason, retryAfter: Nanoseconds)
    /// Refuse it with `queue_timeout`: it has waited as long as it may.
    case expire(Ticket, caller: UInt64, retryAfter: Nanoseconds)
}
