internal import Directory
internal import Policy

/// Keys that sign tokens, whose tokens count, and which of them are withdrawn.
extension Judgement {
    /// The most outside issuers.
    private static let issuerCountMax = 32
    /// The longest text of an issuer.
    private static let textBytesMax = 500

    /// The key after the present one, which signs now.
    func rotateSigningKeys(_ facts: SigningKeyFacts) throws(GovernanceRefusal) -> Verdict {
        guard registry.tokens.keys.contains(where: { $0.state == .next }) else {
            throw GovernanceRefusal(
                .conflict, "no server issues tokens by this ledger yet",
                suggestion: "start one with headgate serve --tokens FILE")
        }
        guard !registry.tokens.keys.contains(where: { $0.facts.id == facts.id }) else {
            throw GovernanceRefusal(.exists, "there is a signing key \(facts.id.quoted)", member: "id")
        }
        return verdict(
            TokenRegistry.stream, .signingKeysTurned(KeyTurnFacts(at: facts.at)), .signingKeyMade(facts))
    }

    /// Somebody else whose tokens are accepted.
    func stateIssuer(_ facts: IssuerFacts) throws(GovernanceRefusal) -> Verdict {
        guard DirectoryName.isValid(facts.name) else {
            throw GovernanceRefusal(
                .invalid, "\(facts.name.quoted) cannot be the name of an issuer", member: "name",
                suggestion: "names are made of \(DirectoryName.rule)")
        }
        let present = registry.tokens.issuers[facts.name]
        guard present != facts else {
            throw GovernanceRefusal(.conflict, "\(facts.name.quoted) is like that already: nothing would change")
        }
        guard present != nil || registry.tokens.issuers.count < Judgement.issuerCountMax else {
            throw GovernanceRefusal(.outOfBounds, "there are \(Judgement.issuerCountMax) issuers, and no more can be")
        }
        let texts: [(String, String?)] = [
            ("issuer", facts.issuer), ("audience", facts.audience), ("keys", facts.keys), ("type", facts.type),
        ]
        for (member, text) in texts + facts.claims.map({ ("claims", $0.value) }) {
            if let text, text.isEmpty || text.utf8.count > Judgement.textBytesMax {
                throw GovernanceRefusal(
                    .invalid, "\(member) has 1 to \(Judgement.textBytesMax) bytes", member: member)
            }
            try checkPlain(text, member)
        }
        guard KeyAddress.isSafe(facts.keys) else {
            throw GovernanceRefusal(
                .invalid, "\(facts.keys.quoted) is no URL that nobody can read along", member: "keys",
                suggestion: "write https://…, without user, query and fragment; http:// is for loopback only")
        }
        if let other = registry.tokens.issuers.values.first(where: {
            $0.issuer == facts.issuer && $0.name != facts.name
        }) {
            throw GovernanceRefusal(
                .exists, "\(other.name.quoted) is called \(facts.issuer.quoted) too: a token names its issuer",
                member: "issuer")
        }
        if let claim = facts.claims.keys.sorted().first(where: { !IssuerFacts.claimNames.contains($0) }) {
            throw GovernanceRefusal(
                .invalid, "no claim can mean \(claim.quoted)", member: "claims",
                suggestion: "there are \(IssuerFacts.claimNames.listed())")
        }
        for tenant in facts.tenants ?? [] where registry.tenants[tenant] == nil {
            throw GovernanceRefusal(.unknown, "there is no tenant \(tenant.quoted)", member: "tenants")
        }
        return verdict(TokenRegistry.stream, .issuerStated(facts))
    }

    /// Somebody whose tokens are accepted no more.
    func removeIssuer(_ name: String) throws(GovernanceRefusal) -> Verdict {
        guard registry.tokens.issuers[name] != nil else {
            throw GovernanceRefusal(.unknown, "there is no issuer \(name.quoted)", member: "name")
        }
        return verdict(TokenRegistry.stream, .issuerRemoved(IssuerName(name: name)))
    }

    /// The oldest policy under which tokens may have been issued: one that was in force.
    func stateMinimumPolicy(_ facts: MinimumPolicyFacts) throws(GovernanceRefusal) -> Verdict {
        guard facts.version != registry.tokens.minimumPolicy else {
            throw GovernanceRefusal(.conflict, "it is like that already: nothing would change")
        }
        if let version = facts.version, !registry.policies.publishedVersions.contains(version) {
            throw GovernanceRefusal(
                .unknown,
                "no policy of the version \(version) was in force by this ledger: all tokens would be refused",
                member: "minimum", suggestion: "take the version of a proposal that was published")
        }
        return verdict(TokenRegistry.stream, .minimumPolicyStated(facts))
    }

    /// All tokens of somebody, withdrawn.
    func cutTokens(_ facts: TokenCutFacts) throws(GovernanceRefusal) -> Verdict {
        let subject = facts.subject
        try check(reason: facts.reason, isNeeded: subject.kind == .everybody)
        let owner: Principal.Owner = subject.tenant.map { .tenant($0) } ?? .platform
        if subject.kind != .everybody, case .tenant(let name) = owner { _ = try tenant(name) }
        switch subject.kind {
        case .everybody: break
        case .tenant:
            guard subject.tenant != nil else {
                throw GovernanceRefusal(.invalid, "a tenant's tokens are those of a tenant", member: "tenant")
            }
        case .principal:
            guard let name = subject.principal, registry.principals(of: owner).contains(where: { $0.name == name })
            else {
                throw GovernanceRefusal(
                    .unknown, "\(owner.label.quoted) has no principal \((subject.principal ?? "").quoted)",
                    member: "subject")
            }
        case .key:
            guard let id = subject.key, registry.keys[id] == owner else {
                throw GovernanceRefusal(
                    .unknown, "\(owner.label.quoted) has no key \((subject.key ?? "").quoted)", member: "key")
            }
        }
        return verdict(TokenRegistry.revocationStream, .tokensCut(facts))
    }
}
