package import Vocabulary

/// Everything that tokens are verified with, as one reference: keys, issuers, the oldest policy.
///
/// Never changed; a rotation, a reload or newly fetched keys make another one. What is withdrawn is asked beside it.
package final class TokenVerifier: Sendable {
    /// What this server calls itself.
    let issuer: String
    private let own: Party
    private let outside: [String: Party]
    private let floor: PolicyFloor

    /// How much clocks may differ (RFC 7519 §4.1.4: "usually no more than a few minutes"; machines with NTP need less).
    package static let leeway = Nanoseconds.seconds(5)
    /// The longest that a token of anybody may last: what is withdrawn has to be remembered so long.
    package static let lifetimeMax = Nanoseconds.seconds(86_400)

    /// Somebody whose tokens are accepted.
    struct Party: Sendable {
        /// What it may be called, and what its claims mean; `nil`: it is this server.
        let rules: TokenSettings.OutsideIssuer?
        /// Whom its tokens have to be for.
        let audience: String
        /// The type its tokens have to have.
        let type: String
        /// Its keys by their names.
        let keys: [String: VerificationKey]
    }

    /// Joins what is needed.
    ///
    /// - Parameters:
    ///   - settings: issuers, audiences, mappings.
    ///   - keys: our own keys.
    ///   - outsideKeys: those of outside issuers, by their names.
    ///   - floor: the oldest policy.
    init(
        settings: TokenSettings, keys: [VerificationKey], outsideKeys: [String: [VerificationKey]], floor: PolicyFloor
    ) {
        issuer = settings.issuer
        self.floor = floor
        own = Party(
            rules: nil, audience: settings.audience, type: "at+jwt", keys: TokenVerifier.byName(keys))
        outside = Dictionary(
            settings.outside.map { rules in
                let keys = TokenVerifier.byName(outsideKeys[rules.issuer] ?? [])
                return (
                    rules.issuer, Party(rules: rules, audience: rules.audience, type: rules.type, keys: keys)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func byName(_ keys: [VerificationKey]) -> [String: VerificationKey] {
        Dictionary(keys.map { ($0.keyID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What is wrong with a token that was verified before, as far as this verifier knows; time is asked apart.
    ///
    /// A key that is no longer published, an issuer that is no longer accepted and a raised floor end tokens that are
    /// out.
    func fault(of grant: TokenGrant) -> TokenFault? {
        let party = grant.isOwn ? own : outside[grant.issuer]
        guard let party, grant.issuer == issuer || !grant.isOwn else { return .wrongIssuer }
        if let keyID = grant.keyID, party.keys[keyID] == nil { return .unknownKey }
        if let tenants = party.rules?.tenants, !tenants.contains(grant.tenant ?? "") { return .foreignTenant }
        return grant.isOwn && !floor.accepts(grant.policyVersion) ? .oldPolicy : nil
    }

    /// Verifies a token: everything but what was withdrawn.
    ///
    /// In the order of RFC 9068 §4, the signature before anything that it vouches for.
    ///
    /// - Throws: the first thing that is wrong.
    func verify(_ text: Span<UInt8>, at now: WallTime) throws(TokenFault) -> TokenGrant {
        let token = try CompactToken(text)
        let (party, name) = try party(of: token)
        guard TokenVerifier.isType(token.header.type, party.type) else { throw .wrongType }
        guard let keyID = token.header.keyID, let key = party.keys[keyID] else { throw .unknownKey }
        guard key.algorithm == token.header.algorithm else { throw .wrongAlgorithm }
        guard key.verifies(token.signature, of: token.signedBytes) else { throw .badSignature }
        guard token.claims.texts(.audience)?.contains(party.audience) == true else { throw .wrongAudience }
        let times = try times(
            of: token.claims, lifetimeMax: party.rules == nil ? TokenIssuer.lifetimeMax : TokenVerifier.lifetimeMax)
        let grant = try party.grant(of: token.claims, issuer: name, keyID: keyID, times)
        if let fault = fault(of: grant) ?? TokenVerifier.fault(of: grant, at: now) { throw fault }
        return grant
    }

    /// Whose token it says it is, and the key's name where that issuer has no such key.
    func missingKey(of text: Span<UInt8>) -> String? {
        guard let token = try? CompactToken(text), let (party, name) = try? party(of: token), party.rules != nil,
            let keyID = token.header.keyID, party.keys[keyID] == nil
        else { return nil }
        return name
    }

    private func party(of token: CompactToken) throws(TokenFault) -> (Party, String) {
        guard let name = token.claims.text(.issuer) else { throw .wrongIssuer }
        if name == issuer { return (own, name) }
        guard let party = outside[name] else { throw .wrongIssuer }
        return (party, name)
    }

    /// Types are media types: case does not count, and `application/` may stand before them (RFC 7515 §4.1.9).
    private static func isType(_ stated: String?, _ wanted: String) -> Bool {
        guard let stated = stated?.lowercased() else { return false }
        let wanted = wanted.lowercased()
        return stated == wanted || stated == "application/" + wanted
    }

    /// What is wrong with a token's times at a moment.
    static func fault(of grant: TokenGrant, at now: WallTime) -> TokenFault? {
        let leeway = leeway.millisecondsRoundedUp
        if grant.isOwn ? grant.expires <= now : grant.expires.milliseconds + leeway <= now.milliseconds {
            return .expired
        }
        if let start = grant.notBefore, start.milliseconds > now.milliseconds + leeway { return .notYetValid }
        return grant.issuedAt.milliseconds > now.milliseconds + leeway ? .notYetValid : nil
    }

    private func times(
        of claims: TokenClaims, lifetimeMax: Nanoseconds
    ) throws(TokenFault) -> TokenGrant.Times {
        guard let issuedAt = claims.moment(.issuedAt), let expires = claims.moment(.expires) else {
            throw .missingClaim
        }
        var times = TokenGrant.Times(issuedAt: issuedAt, expires: expires)
        if claims.members["nbf"] != nil {
            guard let start = claims.moment("nbf") else { throw .missingClaim }
            times.notBefore = start
        }
        guard expires.milliseconds - issuedAt.milliseconds <= lifetimeMax.millisecondsRoundedUp else {
            throw .livesTooLong
        }
        return times
    }
}
