internal import Synchronization
package import Vocabulary

/// How often each client may have a token made, looked at or withdrawn: signatures are the dearest thing that a call of
/// the data plane can ask for.
///
/// A client that keeps its tokens for their time needs one in some minutes. Only clients that have proved who they are
/// come here, so there are no more entries than principals, and those of clients that have been quiet are forgotten.
package final class TokenAllowance: Sendable {
    /// When each client will have its whole burst again, by the hash of its name.
    private let fullAt = Mutex<[UInt128: Nanoseconds]>([:])

    /// One call in this time for good: ten a second.
    package static let interval = Nanoseconds.milliseconds(100)
    /// Calls in one go: all processes of a client that start at once.
    package static let burst: Int64 = 50
    /// Clients that are remembered before quiet ones are forgotten.
    private static let countMax = 65_536

    private let interval: Nanoseconds
    private let burst: Int64

    /// Everybody has their whole burst.
    ///
    /// - Parameters:
    ///   - interval: one call in this time for good.
    ///   - burst: calls in one go.
    package init(interval: Nanoseconds = TokenAllowance.interval, burst: Int64 = TokenAllowance.burst) {
        self.interval = interval
        self.burst = burst
    }

    /// For withdrawing tokens: each is a record of a ledger, which keeps it for ever.
    ///
    /// Ten a minute for good; who wants to withdraw more has the operators withdraw all of the principal.
    package static func forRevocations() -> TokenAllowance { TokenAllowance(interval: .seconds(6)) }

    /// Takes one call.
    ///
    /// The generic cell rate algorithm: one moment for each client.
    ///
    /// - Returns: `nil` if it may go on, else how long to wait.
    func take(_ client: UInt128, at now: Nanoseconds) -> Nanoseconds? {
        fullAt.withLock { fullAt in
            if fullAt.count >= TokenAllowance.countMax { fullAt = fullAt.filter { $0.value > now } }
            let next = max(fullAt[client] ?? now, now) + interval
            let excess = next - now - Nanoseconds(interval.count * burst)
            guard excess <= .zero else { return excess }
            fullAt[client] = next
            return nil
        }
    }
}
