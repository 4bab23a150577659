package import Vocabulary

/// All sessions, in memory: a restart ends them.
///
/// Found by the hash of the token. Which hashes there are tells nobody a token, and nobody can steer where one lands.
package struct SessionTable: Sendable {
    /// How long and how many.
    package let limits: SessionLimits
    private var sessions: [SecretHash: Session] = [:]
    private var hashes: [OperatorName: [SecretHash]] = [:]

    /// Begins without a session.
    ///
    /// - Precondition: the limits let everybody have one.
    package init(limits: SessionLimits = SessionLimits()) {
        precondition(limits.perOperatorMax >= 1, "an operator has a session (may have \(limits.perOperatorMax))")
        self.limits = limits
    }

    /// How many there are, with those that have run out and were not looked at since.
    package var count: Int { sessions.count }

    /// Begins a session for somebody who has shown who they are.
    ///
    /// - Returns: the token, to be sent once; `nil` if there are as many sessions as there can be.
    /// - Complexity: O(sessions of the operator); O(all) when the table is full, to let go of those that have run out.
    package mutating func begin(
        for signedIn: SignedIn, address: String, using generator: inout some RandomNumberGenerator
    ) -> (token: SessionToken, session: Session)? {
        let now = signedIn.at
        let alive = (hashes[signedIn.name] ?? []).filter { sessions[$0]?.isAlive(at: now, limits: limits) == true }
        let recent = alive.sorted { lastUse(of: $0) > lastUse(of: $1) }.prefix(limits.perOperatorMax - 1)
        keep(Array(recent), of: signedIn.name)
        if sessions.count >= limits.totalMax { endExpired(at: now) }
        guard sessions.count < limits.totalMax else { return nil }
        let token = SessionToken(using: &generator)
        let session = Session(id: token.hash.name, signedIn: signedIn, address: address)
        sessions[token.hash] = session
        hashes[signedIn.name, default: []].append(token.hash)
        return (token, session)
    }

    /// Whose session a token is, if it is one: to look up the generation that `resume` asks for.
    package func owner(of token: SessionToken) -> OperatorName? { sessions[token.hash]?.signedIn.name }

    /// Uses a session, given the generation of what its owner signs in with now; `nil` for an owner who is disabled or
    /// gone.
    ///
    /// - Returns: the session, used now; `nil` if there is none, or not any more: then it is gone.
    /// - Complexity: O(1); O(sessions of the operator) when it ends.
    package mutating func resume(
        _ token: SessionToken, generation: CredentialGeneration?, at now: WallTime
    ) -> Session? {
        let hash = token.hash
        guard var session = sessions[hash] else { return nil }
        guard session.isAlive(at: now, limits: limits), session.signedIn.generation == generation else {
            end(hash)
            return nil
        }
        session.lastUsedAt = max(session.lastUsedAt, now)
        sessions[hash] = session
        return session
    }

    /// An operator's sessions that have not run out, the one used last first.
    package func list(of name: OperatorName, at now: WallTime) -> [Session] {
        (hashes[name] ?? []).compactMap { sessions[$0] }.filter { $0.isAlive(at: now, limits: limits) }
            .sorted { ($1.lastUsedAt, $0.id) < ($0.lastUsedAt, $1.id) }
    }

    /// Ends the session of a token: signing out.
    package mutating func end(_ token: SessionToken) { end(token.hash) }

    /// Ends one of an operator's sessions by its id.
    ///
    /// - Returns: whether there was one.
    package mutating func end(id: String, of name: OperatorName) -> Bool {
        guard let hash = hashes[name]?.first(where: { sessions[$0]?.id == id }) else { return false }
        end(hash)
        return true
    }

    /// Ends all sessions of an operator.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package mutating func endAll(of name: OperatorName) -> Int {
        let own = hashes.removeValue(forKey: name) ?? []
        for hash in own { sessions[hash] = nil }
        return own.count
    }

    /// Lets go of all that have run out.
    ///
    /// - Complexity: O(all sessions).
    package mutating func endExpired(at now: WallTime) {
        for (name, own) in hashes {
            keep(own.filter { sessions[$0]?.isAlive(at: now, limits: limits) == true }, of: name)
        }
    }

    private func lastUse(of hash: SecretHash) -> Int64 { sessions[hash]?.lastUsedAt.milliseconds ?? .min }

    private mutating func end(_ hash: SecretHash) {
        guard let session = sessions.removeValue(forKey: hash) else { return }
        let name = session.signedIn.name
        let rest = (hashes[name] ?? []).filter { $0 != hash }
        hashes[name] = rest.isEmpty ? nil : rest
    }

    /// Ends all sessions of an operator but these.
    private mutating func keep(_ kept: [SecretHash], of name: OperatorName) {
        for hash in hashes[name] ?? [] where !kept.contains(hash) { sessions[hash] = nil }
        hashes[name] = kept.isEmpty ? nil : kept
    }
}
