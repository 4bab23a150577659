package import Vocabulary

/// What the ledger says of short-lived tokens: keys, issuers, the oldest policy, and what was withdrawn.
package struct TokenRegistry: Hashable, Sendable {
    /// The signing keys, the oldest first: retired ones, then the one that signs, then the one after it.
    package internal(set) var keys: [SigningKeyEntry] = []
    /// Whose tokens are accepted besides, by name.
    package internal(set) var issuers: [String: IssuerFacts] = [:]
    /// The version of the oldest policy under which tokens may have been issued.
    package internal(set) var minimumPolicy: String?
    /// Single tokens that were withdrawn, in that order.
    package internal(set) var revoked: [TokenRevocationFacts] = []
    /// All tokens of somebody that were issued up to a moment.
    package internal(set) var cuts: [TokenSubject: WallTime] = [:]
    /// The first record after the last that changed any of it: what servers go by.
    package internal(set) var sequence: Int64 = 0

    /// The stream of keys, issuers and the oldest policy.
    package static let stream = "tokens"
    /// The stream of what is withdrawn: apart, so that it is in nobody's way.
    package static let revocationStream = "token-revocations"
    /// The most single tokens; of the ones before, all of their principal are withdrawn: more than was asked for, and
    /// never less.
    ///
    /// No clock decides what is forgotten.
    package static let revokedCountMax = 65_536
    /// The most retired keys that are remembered; tokens last minutes, and keys turn every two hours at most.
    private static let retiredCountMax = 8

    /// A key that tokens are or were signed with.
    package struct SigningKeyEntry: Hashable, Sendable {
        /// What is known of it.
        package let facts: SigningKeyFacts
        /// Where it stands in its life.
        package internal(set) var state = State.next
        /// When it began to sign.
        package internal(set) var activated: WallTime?
        /// When it signed for the last time.
        package internal(set) var retired: WallTime?

        /// The stations of a key.
        package enum State: String, CaseIterable, Sendable {
            /// Published, and not used yet.
            case next
            /// The one that signs.
            case current
            /// Published until the last token it has signed is over.
            case retired
        }
    }

    /// Applies an event.
    mutating func apply(_ event: GovernanceEvent) {
        switch event {
        case .signingKeyMade(let facts):
            // One key is the next: another one that nobody has relied on gives way.
            keys.removeAll { $0.state == .next || $0.facts.id == facts.id }
            keys.append(SigningKeyEntry(facts: facts))
        case .signingKeysTurned(let facts): turn(at: facts.at.moment)
        case .issuerStated(let facts): issuers[facts.name] = facts
        case .issuerRemoved(let facts): issuers[facts.name] = nil
        case .minimumPolicyStated(let facts): minimumPolicy = facts.version
        case .tokenRevoked(let facts): revoke(facts)
        case .tokensCut(let facts): cut(facts.subject, at: facts.at.moment)
        default: break
        }
    }

    private mutating func turn(at moment: WallTime) {
        for index in keys.indices {
            switch keys[index].state {
            case .current:
                keys[index].state = .retired
                keys[index].retired = moment
            case .next:
                keys[index].state = .current
                keys[index].activated = moment
            case .retired: break
            }
        }
        let excess = keys.count { $0.state == .retired } - TokenRegistry.retiredCountMax
        if excess > 0 { keys.removeFirst(excess) }
    }

    private mutating func revoke(_ facts: TokenRevocationFacts) {
        revoked.append(facts)
        // In portions, so that each costs the same in the long run.
        guard revoked.count >= TokenRegistry.revokedCountMax + 1_024 else { return }
        for old in revoked.prefix(1_024) {
            let subject =
                old.principal.map { TokenSubject(.principal, tenant: old.tenant, principal: $0) }
                ?? TokenSubject(.everybody)
            cut(subject, at: old.at.moment)
        }
        revoked.removeFirst(1_024)
    }

    private mutating func cut(_ subject: TokenSubject, at moment: WallTime) {
        cuts[subject] = max(cuts[subject] ?? moment, moment)
    }
}
