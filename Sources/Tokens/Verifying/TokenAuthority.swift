internal import Synchronization
package import Vocabulary

/// The one place that knows what tokens are worth: event loops ask it, and whoever governs changes it.
///
/// Every change makes `generation` another number; a loop that has a token in its cache compares the number and asks
/// again when it is another. So a token that is withdrawn is withdrawn on all listeners when the call returns.
package final class TokenAuthority: Sendable {
    private let current: Mutex<Setup>
    private let revocations: Mutex<Revocations>
    private let governed = Mutex(Revocations())
    private let told = Mutex<[(grant: TokenGrant, at: WallTime)]>([])
    private let wanted = Mutex<Set<String>>([])
    private let number = Atomic<UInt64>(1)
    /// The handles that are out.
    package let handles: TokenHandles

    /// What a server decides about tokens by, made from files and keys, swapped as a whole.
    package struct Setup: Sendable {
        /// Verifies.
        let verifier: TokenVerifier
        /// Issues.
        package let issuer: TokenIssuer
        /// The public keys, as they are published.
        package let keySet: String

        /// Brings settings and keys together.
        ///
        /// - Parameters:
        ///   - settings: what the file says.
        ///   - ring: our own keys.
        ///   - outsideKeys: the sets of keys that outside issuers publish, as bytes, by the issuers' names.
        ///   - floor: which policies were published.
        /// - Throws: what the cryptography says of our own keys. Those of others that cannot be used are left out.
        package init(
            _ settings: TokenSettings, ring: SigningKeyRing, outsideKeys: [String: [UInt8]] = [:],
            floor: PolicyFloor = PolicyFloor()
        ) async throws {
            var own: [VerificationKey] = []
            for key in ring.keys { own.append(try await key.document.verificationKey()) }
            var others: [String: [VerificationKey]] = [:]
            for (name, bytes) in outsideKeys { others[name] = await KeySetReader.keys(bytes) }
            var floor = floor
            floor.minimum = settings.minimumPolicy
            verifier = TokenVerifier(settings: settings, keys: own, outsideKeys: others, floor: floor)
            issuer = try await TokenIssuer(settings: settings, ring: ring)
            keySet = ring.keySet
        }
    }

    /// Begins with a setup and with what was withdrawn before.
    package init(_ setup: Setup, revocations: Revocations = Revocations(), handles: TokenHandles = TokenHandles()) {
        current = Mutex(setup)
        self.revocations = Mutex(revocations)
        self.handles = handles
    }

    /// A number that changes whenever a token that was good may have become bad.
    var generation: UInt64 { number.load(ordering: .acquiring) }

    /// What holds now.
    package var setup: Setup { current.withLock { $0 } }

    private var verifier: TokenVerifier { current.withLock { $0.verifier } }

    /// Makes another setup the one that holds.
    package func apply(_ setup: Setup) {
        current.withLock { $0 = setup }
        advance()
    }

    /// What was withdrawn: to be kept, and handed to the next process.
    package var revoked: Revocations { revocations.withLock { $0 } }

    /// Withdraws one token, at its client's wish.
    package func revoke(_ grant: TokenGrant, at now: WallTime) {
        revocations.withLock { $0.revoke(grant, at: now) }
        told.withLock { if $0.count < Revocations.tokenCountMax { $0.append((grant, now)) } }
        advance()
    }

    /// The tokens that were withdrawn here since the last call: for whoever tells other servers.
    package func takeRevoked() -> [(grant: TokenGrant, at: WallTime)] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }

    /// Takes over all that is withdrawn by what governs several servers, in place of what it said before.
    package func govern(_ revocations: Revocations) {
        governed.withLock { $0 = revocations }
        advance()
    }

    /// Withdraws all tokens of somebody that were issued up to a moment.
    package func revoke(_ subject: Revocations.Subject, issuedUpTo moment: WallTime) {
        revocations.withLock { $0.revoke(subject, issuedUpTo: moment) }
        advance()
    }

    /// Forgets what concerns only tokens and handles that are over.
    package func sweep(at now: WallTime) {
        revocations.withLock { $0.prune(at: now) }
        handles.sweep(at: now)
    }

    private func advance() { number.add(1, ordering: .releasing) }

    /// What a text is worth, from nothing: a signature is verified, or a handle looked up.
    ///
    /// - Throws: the first thing that is wrong.
    /// - Complexity: 50 to 150 µs for a signature; `TokenCache` spares most requests that.
    package func verify(_ text: Span<UInt8>, at now: WallTime) throws(TokenFault) -> TokenGrant {
        let verifier = verifier
        let grant: TokenGrant
        if TokenHandles.isWellFormed(text) {
            guard let found = handles.grant(for: text) else { throw .malformed }
            grant = found
        } else {
            do { grant = try verifier.verify(text, at: now) } catch {
                if error == .unknownKey, let issuer = verifier.missingKey(of: text) {
                    _ = wanted.withLock { $0.insert(issuer) }
                }
                throw error
            }
        }
        if let fault = fault(of: grant, verifier) ?? TokenVerifier.fault(of: grant, at: now) { throw fault }
        return grant
    }

    /// What is wrong by now with a token that was good, times aside.
    func fault(of grant: TokenGrant) -> TokenFault? { fault(of: grant, verifier) }

    private func fault(of grant: TokenGrant, _ verifier: TokenVerifier) -> TokenFault? {
        if let fault = verifier.fault(of: grant) { return fault }
        let isRevoked = revocations.withLock { $0.covers(grant) } || governed.withLock { $0.covers(grant) }
        return isRevoked ? .revoked : nil
    }

    /// Whether some bytes are a set of keys as issuers publish it, whatever is in it.
    package static func isKeySet(_ bytes: [UInt8]) -> Bool { KeySetReader.documents(bytes) != nil }

    /// The outside issuers whose tokens named keys that are not known here, since the last call.
    ///
    /// Any stranger can name a key that does not exist, so whoever fetches keys does it no more often than it wants.
    package func takeWantedIssuers() -> Set<String> {
        wanted.withLock { issuers in
            defer { issuers = [] }
            return issuers
        }
    }
}
