internal import Synchronization
internal import Vocabulary

/// How often each client may have a token made, looked at or withdrawn: signatures are the dearest thing that a call of
/// the data plane can ask for.
///
/// A client that keeps its tokens for their time needs one in some minutes. Only clients that have proved who they are
/// come here, so there are no more entries than principals, and those of clients that have been quiet are forgotten.
package final class TokenAllowance: Sendable {
    /// When each client will have its whole burst again, by the hash of its name.
    private let fullAt = Mutex<[UInt128: Nanoseconds]>([:])

    /// One call in this time for good: ten a second.
    static let interval = Nanoseconds.milliseconds(100)
    /// Calls in one go: all processes of a client that start at once.
    static let burst: Int64 = 50
    /// Clients that are remembered before quiet ones are forgotten.
    private static let countMax = 65_536

    /// Everybody has their whole burst.
    package init() {}

    /// Takes one call.
    ///
    /// The generic cell rate algorithm: one moment for each client.
    ///
    /// - Returns: `nil` if it may go on, else how long to wait.
    func take(_ client: UInt128, at now: Nanoseconds) -> Nanoseconds? {
        fullAt.withLock { fullAt in
            if fullAt.count >= TokenAllowance.countMax { fullAt = fullAt.filter { $0.value > now } }
            let next = max(fullAt[client] ?? now, now) + TokenAllowance.interval
            let excess = next - now - Nanoseconds(TokenAllowance.interval.count * TokenAllowance.burst)
            guard excess <= .zero else { return excess }
            fullAt[client] = next
            return nil
        }
    }
}
