internal import Console
internal import Governance
internal import Ledger
internal import Logging
internal import Tokens
internal import Vocabulary

/// What a ledger says of short-lived tokens, for one server of several: keys that sign, whose tokens count besides, the
/// oldest policy, and what is withdrawn.
///
/// The ledger has the public halves of keys and says which of them signs; the private halves lie sealed beside it. So
/// all servers on it sign with the same key, and each accepts what the others have issued.
struct GovernedTokens: SigningDesk {
    private let governed: Governed
    private let vault: SigningKeyVault
    private let algorithm: TokenAlgorithm
    /// Whether policies are the ledger's, which then says in which order they came.
    private let governsPolicies: Bool

    /// Who turns keys when it is time, and begins.
    private static let actor = "system/tokens"

    /// Looks at a ledger.
    init(_ governed: Governed, algorithm: TokenAlgorithm, governsPolicies: Bool) {
        self.governed = governed
        vault = SigningKeyVault(governed.ledger.store, secret: governed.secret)
        self.algorithm = algorithm
        self.governsPolicies = governsPolicies
    }

    private var registry: TokenRegistry { governed.governor.read { $0.tokens } }

    /// A number that grows with every change of what holds.
    var sequence: Int64 { governed.governor.read { $0.tokens.sequence } }

    /// Makes sure that there is a key that signs and one after it; those of the file, where there is one, so that
    /// tokens that are out stay good.
    func begin(with file: KeyRingFile, at now: WallTime) async throws {
        guard registry.keys.isEmpty else { return try await prepareNext(at: now) }
        let ring = try file.read() ?? SigningKeyRing(algorithm, at: now)
        var events: [GovernanceEvent] = []
        for (index, key) in ring.keys.enumerated() {
            events.append(.signingKeyMade(try keep(key)))
            guard index < ring.keys.count - 1 else { continue }
            events.append(.signingKeysTurned(KeyTurnFacts(at: EventTime(key.activated ?? now))))
        }
        try await note(events, expecting: 0)
    }

    /// Makes the next key one of the algorithm that the settings name, if it is another's.
    private func prepareNext(at now: WallTime) async throws {
        let (tokens, version) = state
        guard let next = tokens.keys.last(where: { $0.state == .next }), next.facts.algorithm != algorithm.rawValue
        else {
            return
        }
        try await note([.signingKeyMade(try drawKey(at: now))], expecting: version)
    }

    /// Lets the next key sign if it is time; of several servers one does.
    func turnIfDue(_ ring: SigningKeyRing, _ settings: TokenSettings, at now: WallTime) async throws -> Bool {
        guard ring.isDue(after: settings.rotation, publishedFor: TokenSettings.overlap, at: now) else { return false }
        let version = state.version
        let turn = GovernanceEvent.signingKeysTurned(KeyTurnFacts(at: EventTime(now)))
        try await note([turn, .signingKeyMade(try drawKey(at: now))], expecting: version)
        return true
    }

    private var state: (tokens: TokenRegistry, version: Int64) {
        governed.governor.read { ($0.tokens, $0.version(of: TokenRegistry.stream)) }
    }

    /// Has the ledger remember; if another server was faster, what that one did holds.
    private func note(_ events: [GovernanceEvent], expecting version: Int64) async throws {
        do {
            try await governed.governor.note(
                events, in: TokenRegistry.stream, by: GovernedTokens.actor, expecting: version)
        } catch .refused {
            try governed.governor.catchUp()
        }
    }

    /// Draws a key and keeps its private half; it counts once the ledger has its public one.
    func drawKey(at now: WallTime) throws -> SigningKeyFacts { try keep(try SigningKey.make(algorithm, at: now)) }

    private func keep(_ key: SigningKey) throws -> SigningKeyFacts {
        try vault.save(SigningKeyRing.KeptKey(key).privateKey, ofKey: key.keyID)
        return SigningKeyFacts(
            id: key.keyID, algorithm: key.algorithm.rawValue, key: key.publicText, at: EventTime(key.published))
    }

    /// The keys that hold, without those whose last token is over, which are forgotten.
    func ring(at now: WallTime) throws -> SigningKeyRing {
        var kept: [SigningKeyRing.KeptKey] = []
        for entry in registry.keys {
            if let retired = entry.retired,
                retired.milliseconds + TokenIssuer.lifetimeMax.millisecondsRoundedUp < now.milliseconds
            {
                // What cannot be wiped now is wiped another time: nobody asks for it any more.
                if (try? vault.privateText(ofKey: entry.facts.id)) != nil { try? vault.forget(key: entry.facts.id) }
                continue
            }
            guard let algorithm = TokenAlgorithm(rawValue: entry.facts.algorithm),
                let state = SigningKey.State(rawValue: entry.state.rawValue),
                let text = try vault.privateText(ofKey: entry.facts.id)
            else {
                throw LedgerError(.damaged, "the private half of the signing key \(entry.facts.id) is not there")
            }
            kept.append(
                SigningKeyRing.KeptKey(
                    keyID: entry.facts.id, algorithm: algorithm, state: state, published: entry.facts.at.moment,
                    activated: entry.activated, retired: entry.retired, privateKey: text))
        }
        return try SigningKeyRing(kept: kept)
    }

    /// What a file says, with what the ledger says besides; of an issuer that both name, the ledger counts.
    func settings(_ stated: TokenSettings) -> TokenSettings {
        let registry = registry
        var settings = stated
        settings.minimumPolicy = registry.minimumPolicy ?? stated.minimumPolicy
        let governed = registry.issuers.values.sorted { $0.name < $1.name }.map { TokenSettings.OutsideIssuer($0) }
        let names = Set(governed.map(\.issuer)).union([stated.issuer])
        settings.outside =
            stated.outside.filter { !names.contains($0.issuer) } + governed.filter { $0.issuer != stated.issuer }
        return settings
    }

    /// The policies in the order in which they came; `nil` where the ledger does not say it.
    var floor: PolicyFloor? {
        guard governsPolicies else { return nil }
        var floor = PolicyFloor()
        for version in governed.governor.read({ $0.policies.publishedVersions }) { floor.publish(version) }
        return floor
    }

    /// All that is withdrawn.
    var revocations: Revocations {
        let registry = registry
        return Revocations(
            tokens: registry.revoked.map { ($0.issuer, $0.id, $0.expires.moment) },
            cuts: registry.cuts.map { (Revocations.Subject($0.key), $0.value) })
    }

    /// Has the ledger remember that clients have withdrawn tokens of theirs.
    ///
    /// - Returns: what could not be told now.
    func tell(_ revocations: [TokenRevocationFacts]) async -> [TokenRevocationFacts] {
        var rest: [TokenRevocationFacts] = []
        for (actor, own) in Dictionary(grouping: revocations, by: GovernedTokens.client(of:)) {
            do {
                try await governed.governor.note(
                    own.map { .tokenRevoked($0) }, in: TokenRegistry.revocationStream, by: actor)
            } catch {
                rest += own
            }
        }
        return rest
    }

    private static func client(of facts: TokenRevocationFacts) -> String {
        facts.principal.map { "principal/\(facts.tenant ?? "platform")/\($0)" } ?? actor
    }
}

extension Revocations.Subject {
    fileprivate init(_ subject: TokenSubject) {
        switch subject.kind {
        case .everybody: self = .everybody
        case .tenant: self = subject.tenant.map { .tenant($0) } ?? .everybody
        case .principal: self = .principal(tenant: subject.tenant, name: subject.principal ?? "")
        case .key: self = .key(subject.key ?? "")
        }
    }
}

extension TokenSettings.OutsideIssuer {
    fileprivate init(_ facts: IssuerFacts) {
        self.init(issuer: facts.issuer, audience: facts.audience, keys: .url(facts.keys))
        if let type = facts.type { self.type = type }
        tenants = facts.tenants
        claims.tenant = facts.claims["tenant"] ?? claims.tenant
        claims.principal = facts.claims["principal"] ?? claims.principal
        claims.classes = facts.claims["classes"] ?? claims.classes
        claims.tier = facts.claims["tier"] ?? claims.tier
        claims.workflow = facts.claims["workflow"] ?? claims.workflow
    }
}

extension TokenRevocationFacts {
    /// States that a token is withdrawn.
    init(_ grant: TokenGrant, at now: WallTime) {
        self.init(
            issuer: grant.issuer, id: grant.tokenID, expires: EventTime(grant.expires), tenant: grant.tenant,
            principal: grant.principal, at: EventTime(now))
    }
}
