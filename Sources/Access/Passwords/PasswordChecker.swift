internal import Synchronization

/// Checks and makes password hashes, only so many at once: each takes 64 MiB and a core for a while.
///
/// A call blocks its thread; whoever calls from an event loop hands it to a pool of as many threads as the checker lets
/// in, which then wait their turn there. What comes beyond that is turned away, not queued: it would have used memory.
package final class PasswordChecker: Sendable {
    /// The most derivations at once.
    package let concurrencyMax: Int
    private let running = Mutex(0)

    /// Makes a checker.
    ///
    /// - Parameter concurrencyMax: at least 1; 2 take 128 MiB.
    package init(concurrencyMax: Int = 2) {
        precondition(concurrencyMax >= 1, "somebody has to be let in (are \(concurrencyMax))")
        self.concurrencyMax = concurrencyMax
    }

    /// Whether a password is the one that a hash was made of.
    ///
    /// The hash is `nil` for an operator that does not exist or has no password. The work is done all the same, so that
    /// the time does not say who exists; the answer is no.
    ///
    /// `isKnown`: whether the attempt comes from where strangers do not. Attempts of strangers leave the last
    ///   place free, so that a flood of them keeps nobody else out.
    package func isCorrect(
        _ password: Password, for hash: PasswordHash?, isKnown: Bool = true
    ) throws(PasswordError) -> Bool {
        try alone(leaving: isKnown ? 0 : 1) { () throws(PasswordError) in
            let isOf = try (hash ?? .decoy).isOf(password)
            return isOf && hash != nil
        }
    }

    /// Makes the hash of a password at today's cost.
    package func hash(
        _ password: Password, using generator: inout some RandomNumberGenerator
    ) throws(PasswordError) -> PasswordHash {
        try alone { () throws(PasswordError) in try PasswordHash(of: password, using: &generator) }
    }

    /// Does one derivation, or says that there are enough.
    ///
    /// `free`: places that stay free for others, of which one is always there.
    func alone<Result>(
        leaving free: Int = 0, _ derive: () throws(PasswordError) -> Result
    ) throws(PasswordError) -> Result {
        let isLetIn = running.withLock { running in
            guard running < max(1, concurrencyMax - free) else { return false }
            running += 1
            return true
        }
        guard isLetIn else { throw .busy }
        defer { running.withLock { $0 -= 1 } }
        return try derive()
    }
}
