internal import Synchronization
internal import Access
internal import Governance
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Desk {
    /// The name of the cookie: with the prefix, browsers take it only encrypted and for this host alone.
    static func cookieName(isSecure: Bool) -> String { isSecure ? "__Host-headgate-session" : "headgate-session" }
    /// That of the cookie by which a device is known again.
    static func deviceCookieName(isSecure: Bool) -> String { isSecure ? "__Host-headgate-device" : "headgate-device" }
    /// The most cookies of the session's name that are looked at.
    private static let cookieCountMax = 8

    /// Who makes a call.
    ///
    /// - Throws: `unauthenticated`; also for something that was good once.
    func caller(of arrival: Arrival, at now: WallTime) throws(Problem) -> Caller {
        if let field = arrival.fields[.authorization] {
            let parts = field.split(separator: " ")
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                throw .unauthenticated("Authorization is Bearer and a token")
            }
            let text = String(parts[1])
            if let token = OperatorToken(text) { return try caller(by: token, at: now) }
            guard let token = SessionToken(text) else { throw .unauthenticated("this is no token of ours") }
            return try caller(by: token, isByCookie: false, at: now)
        }
        // Whoever can set cookies for a neighbouring host or path could put another one in front of ours.
        let texts = arrival.cookies(named: Desk.cookieName(isSecure: arrival.isSecure))
        let tokens = texts.prefix(Desk.cookieCountMax).compactMap { SessionToken($0) }
        for token in tokens.dropLast() {
            if let caller = try? caller(by: token, isByCookie: true, at: now) { return caller }
        }
        guard let last = tokens.last else { throw .unauthenticated("this needs an operator") }
        return try caller(by: last, isByCookie: true, at: now)
    }

    private func caller(by token: OperatorToken, at now: WallTime) throws(Problem) -> Caller {
        let found = governor.read { registry -> (TokenGrant, Set<RoleGrant>)? in
            guard let grant = registry.token(token.hash), let entry = registry.operators[grant.owner.text],
                !entry.facts.disabled
            else { return nil }
            return (grant, entry.grants)
        }
        guard let (grant, grants) = found, grant.isUsable(at: now) else {
            throw .unauthenticated("this token is unknown, has ended or was withdrawn")
        }
        return Caller(
            authority: grant.authority(ownerGrants: grants), session: nil, sessionToken: nil, isByCookie: false)
    }

    private func caller(by token: SessionToken, isByCookie: Bool, at now: WallTime) throws(Problem) -> Caller {
        let session = sessions.resume(token, at: now) { name in
            governor.read { registry in
                registry.operators[name.text].flatMap { entry in
                    entry.facts.disabled ? nil : CredentialGeneration(entry.credentialGeneration)
                }
            }
        }
        guard let session else { throw .unauthenticated("this session has ended") }
        let name = session.signedIn.name
        let grants = governor.read { $0.operators[name.text]?.grants ?? [] }
        return Caller(
            authority: Authority(name, grants: grants), session: session, sessionToken: token,
            isByCookie: isByCookie)
    }

    /// Makes sure that the operator has confirmed exactly this request; otherwise asks.
    func checkProof(of arrival: Arrival, by caller: Caller, at now: WallTime) throws(Problem) {
        let name = caller.authority.name
        let digest = ActionDigest(
            method: arrival.method.rawValue, target: arrival.target, body: arrival.bytes, by: name)
        if let proof = arrival.fields[.proof].flatMap({ StepUpProof($0) }),
            stepUp.withLock({ $0.redeem(proof, for: digest, by: name, at: now) })
        {
            return
        }
        var generator = SystemRandomNumberGenerator()
        guard let challenge = stepUp.withLock({ $0.open(for: digest, by: name, at: now, using: &generator) }) else {
            throw Problem(.serviceUnavailable, "busy", "too much waits to be confirmed", suggestion: "try again later")
        }
        var problem = Problem(
            .forbidden, "proof_needed", "this has to be confirmed, exactly as it was sent", member: "Headgate-Proof",
            suggestion: "send the challenge with a one-time code to /v1/proofs, and this again with the proof")
        problem.extra = [
            .init(
                "challenge",
                ["id": .string(challenge.id), "expires_at": .moment(challenge.expiresAt)])
        ]
        throw problem
    }
}
