package import Vocabulary

/// The privileged actions that operators have begun and not finished.
///
/// A privileged request without a proof is answered with a challenge (`open`). The operator confirms it with a fresh
/// one-time password (`attempt`, then `prove`). The same request with the proof is done (`redeem`): once, within five
/// minutes of the challenge, and only if it is the same to the byte. Each step takes the entry on or out:
///
/// ```
/// open ──▶ asked ──prove──▶ proven ──redeem──▶ gone
///            └── too many attempts, too late ──▶ gone
/// ```
///
/// Attempts are counted before they are judged, so that a thousand at once are not a thousand guesses. They are bounded
/// here for one challenge; over all challenges of an operator `SignInThrottle` bounds them, which is asked before each.
package struct StepUpTable: Sendable {
    /// How long a challenge and its proof are good for.
    package static let lifetimeMilliseconds: Int64 = 5 * 60_000
    /// How many attempts a challenge has.
    package static let attemptsMax = 5
    /// How many challenges an operator has open; one more closes the oldest.
    package static let perOperatorMax = 8
    /// How many there are; beyond that nobody gets a new one until some end.
    package static let totalMax = 10_000

    private struct Entry: Sendable {
        var challenge: StepUpChallenge
        var name: OperatorName
        var digest: ActionDigest
        var state: State
    }

    private enum State: Sendable {
        /// Can transition to `proven`.
        case asked(attemptsLeft: Int)
        /// Can only be redeemed.
        case proven(SecretHash)
    }

    /// In the order in which they were opened; few at any time.
    private var entries: [Entry] = []

    /// Begins without a challenge.
    package init() {}

    /// How many there are, with those that have run out and were not looked at since.
    package var count: Int { entries.count }

    /// Asks for a proof.
    ///
    /// - Returns: `nil` if there are as many challenges as there can be.
    /// - Complexity: O(all challenges), as everything here.
    package mutating func open(
        for digest: ActionDigest, by name: OperatorName, at now: WallTime,
        using generator: inout some RandomNumberGenerator
    ) -> StepUpChallenge? {
        removeExpired(at: now)
        let own = entries.indices.filter { entries[$0].name == name }
        if own.count >= StepUpTable.perOperatorMax, let oldest = own.first { entries.remove(at: oldest) }
        guard entries.count < StepUpTable.totalMax else { return nil }
        let id = String(decoding: Crockford.random(count: 24, using: &generator), as: UTF8.self)
        let end = WallTime(milliseconds: now.milliseconds + StepUpTable.lifetimeMilliseconds)
        let challenge = StepUpChallenge(id: id, expiresAt: end)
        let state = State.asked(attemptsLeft: StepUpTable.attemptsMax)
        entries.append(Entry(challenge: challenge, name: name, digest: digest, state: state))
        return challenge
    }

    /// Counts an attempt to confirm a challenge, before it is judged.
    ///
    /// - Returns: whether it may be judged; `false` if there is no such challenge of this operator, or no attempt left.
    package mutating func attempt(_ id: String, by name: OperatorName, at now: WallTime) -> Bool {
        guard let index = index(of: id, name, at: now), case .asked(let left) = entries[index].state else {
            return false
        }
        guard left > 0 else {
            entries.remove(at: index)
            return false
        }
        entries[index].state = .asked(attemptsLeft: left - 1)
        return true
    }

    /// Takes note that an attempt was right.
    ///
    /// - Precondition: the caller has verified a one-time password or password that came after the challenge.
    /// - Returns: the proof, to be sent once; `nil` if the challenge has run out or is proven already.
    package mutating func prove(
        _ id: String, by name: OperatorName, at now: WallTime, using generator: inout some RandomNumberGenerator
    ) -> StepUpProof? {
        guard let index = index(of: id, name, at: now), case .asked = entries[index].state else { return nil }
        let proof = StepUpProof(using: &generator)
        entries[index].state = .proven(proof.hash)
        return proof
    }

    /// Uses a proof up.
    ///
    /// - Returns: whether it is for exactly this action and not too old. A proof that was shown for another action is
    ///   gone as well.
    package mutating func redeem(
        _ proof: StepUpProof, for digest: ActionDigest, by name: OperatorName, at now: WallTime
    ) -> Bool {
        removeExpired(at: now)
        let hash = proof.hash
        let found = entries.firstIndex { entry in
            guard case .proven(let proven) = entry.state else { return false }
            return proven == hash
        }
        guard let found else { return false }
        let entry = entries.remove(at: found)
        return entry.name == name && entry.digest == digest
    }

    /// Drops all challenges and proofs of an operator: where sessions end, what they have begun ends as well.
    package mutating func removeAll(of name: OperatorName) { entries.removeAll { $0.name == name } }

    private mutating func index(of id: String, _ name: OperatorName, at now: WallTime) -> Int? {
        removeExpired(at: now)
        return entries.firstIndex { $0.name == name && $0.challenge.id == id }
    }

    /// What a clock that went back makes longer than five minutes is gone too.
    private mutating func removeExpired(at now: WallTime) {
        entries.removeAll {
            let left = $0.challenge.expiresAt.milliseconds - now.milliseconds
            return left <= 0 || left > StepUpTable.lifetimeMilliseconds
        }
    }
}
