internal import Foundation
package import Vocabulary

/// Issues tokens to clients that have proved who they are.
///
/// Holds the key that signs, and nothing that changes: a rotation makes another one.
package struct TokenIssuer: Sendable {
    /// What this server calls itself, `iss`.
    package let name: String
    /// Whom the tokens are for, `aud`.
    let audience: String
    /// How long a token lasts at most.
    package let lifetime: Nanoseconds
    /// The form of the tokens.
    package let form: TokenForm
    private let signer: TokenSigner

    /// The longest that a token may last: what is withdrawn elsewhere, and not here, is over after this.
    package static let lifetimeMax = Nanoseconds.seconds(600)

    /// A token for a client.
    package struct Issued: Sendable {
        /// What the client sends from now on.
        package let text: String
        /// Whole seconds until it is over.
        package let expiresIn: Int64
        /// What it says.
        package let grant: TokenGrant
    }

    /// Makes an issuer that signs with the current key of a ring.
    ///
    /// - Throws: what the cryptography says of that key.
    init(settings: TokenSettings, ring: SigningKeyRing) async throws {
        guard let current = ring.current else {
            throw SigningKeyRing.Problem(description: "no key of the ring signs now")
        }
        name = settings.issuer
        audience = settings.audience
        lifetime = settings.lifetime
        form = settings.form
        signer = try await current.signer()
    }

    /// Issues a token that says what was asked for, as far as the client is entitled to it.
    ///
    /// What it is not entitled to is refused and not left out: a client that believes it has a class would find out at
    /// the worst time.
    ///
    /// - Parameters:
    ///   - request: what the client asks for.
    ///   - entitlement: what it has, by the directory and the policy that hold now.
    ///   - handles: where handles are kept, if that is the form.
    ///   - now: the moment.
    /// - Returns: the token.
    /// - Throws: what is asked for and not there, as RFC 6749 names it.
    package func issue(
        _ request: TokenRequest, to entitlement: TokenEntitlement, handles: TokenHandles, at now: WallTime
    ) throws(OAuthRefusal) -> Issued {
        try check(request.limits, entitlement)
        let issued = WallTime(milliseconds: now.milliseconds / 1_000 * 1_000)
        var expires = WallTime(milliseconds: issued.milliseconds + lifetime.millisecondsRoundedUp)
        if let end = entitlement.expires, end < expires {
            expires = WallTime(milliseconds: end.milliseconds / 1_000 * 1_000)
        }
        let seconds = (expires.milliseconds - now.milliseconds) / 1_000
        guard seconds > 0 else { throw OAuthRefusal(.invalidClient, "the API key is about to expire") }
        var generator = SystemRandomNumberGenerator()
        let id = Base64URL.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let grant = TokenGrant(
            TokenGrant.Mark(issuer: name, isOwn: true, tokenID: id, keyID: form == .signed ? signer.keyID : nil),
            entitlement.subject, request.limits, policyVersion: entitlement.policyVersion,
            TokenGrant.Times(issuedAt: issued, expires: expires))
        return Issued(text: try text(for: grant, handles: handles, at: now), expiresIn: seconds, grant: grant)
    }

    private func check(_ limits: TokenGrant.Limits, _ entitlement: TokenEntitlement) throws(OAuthRefusal) {
        for name in limits.classes ?? [] where !entitlement.classes.contains(name) {
            let own = entitlement.classes.isEmpty ? "none" : entitlement.classes.joined(separator: ", ")
            throw OAuthRefusal(.invalidScope, "class:\(name) is not among the classes of this client: \(own)")
        }
        if let name = limits.tierCeiling {
            let tiers = entitlement.tiers.suffix(from: min(entitlement.bestTier, entitlement.tiers.count))
            guard tiers.contains(name) else {
                throw OAuthRefusal(
                    .invalidScope,
                    "tier:\(name) is not among the tiers of this client: \(tiers.joined(separator: ", "))")
            }
        }
        if limits.workflow != nil, !entitlement.mayStateWorkflow {
            throw OAuthRefusal(.invalidScope, "the directory does not list the attribute workflow for this client")
        }
    }

    private func text(
        for grant: TokenGrant, handles: TokenHandles, at now: WallTime
    ) throws(OAuthRefusal) -> String {
        if form == .handle {
            guard let handle = handles.add(grant, at: now) else {
                throw OAuthRefusal(.temporarilyUnavailable, "there is no room for another handle; come again later")
            }
            return handle
        }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let header = #"{"alg":"\#(signer.algorithm.rawValue)","kid":"\#(signer.keyID)","typ":"at+jwt"}"#
            return try CompactToken.text(
                header: Array(header.utf8), payload: Array(try encoder.encode(OwnClaims(grant, audience: audience)))
            ) { try signer.sign($0) }
        } catch {
            throw OAuthRefusal(.temporarilyUnavailable, "the token cannot be signed")
        }
    }
}

/// How a token looks to its client.
package enum TokenForm: String, CaseIterable, Sendable {
    /// A JSON Web Token: whoever has the public keys can read and verify it.
    case signed
    /// A random text that means something to this server alone.
    case handle
}
