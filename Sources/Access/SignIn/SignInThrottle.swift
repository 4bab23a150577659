package import Vocabulary

/// Slows down whoever guesses, without giving them the power to lock others out.
///
/// Three counters see every attempt:
///
/// - of the **address**: one source that tries many names;
/// - of the **name from that address**: one source that tries one name;
/// - of the **name** from everywhere: many sources that try one name.
///
/// The last one could be used against its owner: whoever keeps failing for a name would keep it closed. So it does not
/// count at addresses from which the operator has signed in before, and elsewhere it closes the name for half a minute
/// at most. What nobody else can touch are the first two.
///
/// An attempt counts as failed from the moment it is let in; success takes that back. Else a thousand attempts at once
/// would all be let in before the first has failed. An attempt that has to wait counts nowhere, so that waiting ends.
package struct SignInThrottle: Sendable {
    private struct Source: Hashable, Sendable {
        var name: OperatorName
        var address: String
    }

    private var byAddress = BackoffTable<String>(
        rule: Backoff.Rule(freeCount: 20, waitMaxMilliseconds: 15 * 60_000), countMax: countMax)
    private var bySource = BackoffTable<Source>(
        rule: Backoff.Rule(freeCount: 3, waitMaxMilliseconds: 5 * 60_000), countMax: countMax)
    private var byName = BackoffTable<OperatorName>(
        rule: Backoff.Rule(freeCount: 20, waitMaxMilliseconds: 30_000), countMax: countMax)
    /// The last addresses from which an operator has signed in, the newest last.
    private var familiar: [OperatorName: [String]] = [:]

    /// The most counters of each kind; all together about 10 MiB.
    static let countMax = 20_000
    /// The most addresses that are remembered for one operator.
    static let familiarMax = 8

    /// Begins without a failure.
    package init() {}

    /// What becomes of an attempt.
    package enum Answer: Hashable, Sendable {
        /// It may be judged; it has been counted.
        case proceed
        /// It may not be judged yet; it has not been counted.
        case wait(milliseconds: Int64)
    }

    /// Asks before an attempt to sign in, or to confirm an action, is judged.
    ///
    /// The name is `nil` if what was given cannot be one. The address is an IPv4 address or an IPv6 /64, because nobody
    /// has only one address of those.
    ///
    /// - Complexity: O(1), amortised.
    package mutating func attempt(by name: OperatorName?, from address: String, at now: WallTime) -> Answer {
        var wait = byAddress.wait(for: address, at: now)
        if let name {
            wait = max(wait, bySource.wait(for: Source(name: name, address: address), at: now))
            if !isFamiliar(address, to: name) { wait = max(wait, byName.wait(for: name, at: now)) }
        }
        guard wait == 0 else { return .wait(milliseconds: wait) }
        byAddress.count(address, at: now)
        if let name {
            bySource.count(Source(name: name, address: address), at: now)
            byName.count(name, at: now)
        }
        return .proceed
    }

    /// Takes note that an attempt that was let in has succeeded.
    ///
    /// The counters of the name begin anew. That of the address only takes the attempt back: else somebody with an
    /// account of their own could sign in between guesses at those of others.
    package mutating func succeeded(by name: OperatorName, from address: String) {
        byAddress.uncount(address)
        bySource.clear(Source(name: name, address: address))
        byName.clear(name)
        let others = (familiar[name] ?? []).filter { $0 != address }
        familiar[name] = others.suffix(SignInThrottle.familiarMax - 1) + [address]
    }

    /// Takes note that an attempt that was let in was not judged, because the server was too busy.
    package mutating func abandoned(by name: OperatorName?, from address: String) {
        byAddress.uncount(address)
        guard let name else { return }
        bySource.uncount(Source(name: name, address: address))
        byName.uncount(name)
    }

    private func isFamiliar(_ address: String, to name: OperatorName) -> Bool {
        familiar[name]?.contains(address) == true
    }
}
