internal import Access
internal import Policy

extension Judgement {
    /// An API token that was drawn for an operator, who asks for it in person.
    func issueToken(_ name: String, _ facts: TokenFacts) throws(GovernanceRefusal) -> Verdict {
        guard name == actor.text, let entry = registry.operators[name], !entry.facts.disabled else {
            throw GovernanceRefusal(.forbidden, "operators issue tokens to themselves only")
        }
        guard let grant = facts.grant(of: actor, at: now), !grant.scopes.isEmpty, now < grant.expiresAt else {
            throw GovernanceRefusal(.invalid, "a token has a hash, a scope and an end in the future")
        }
        guard registry.token(grant.hash) == nil else { throw GovernanceRefusal(.exists, "there is this token") }
        guard entry.tokens.count(where: { $0.isUsable(at: now) }) < TokenGrant.countMax else {
            throw GovernanceRefusal(
                .outOfBounds, "\(actor) has \(TokenGrant.countMax) tokens that can be used",
                suggestion: "withdraw those that nobody uses")
        }
        return verdict("operator/\(name)", .operatorTokenIssued(facts))
    }

    /// An API token that is withdrawn.
    func revokeToken(
        _ name: String, _ facts: Governance.Verdict, isOwn: Bool
    ) throws(GovernanceRefusal) -> Verdict {
        guard !isOwn || name == actor.text else {
            throw GovernanceRefusal(.forbidden, "this is somebody else's token")
        }
        guard let token = registry.operators[name]?.tokens.first(where: { $0.id == facts.id }) else {
            throw GovernanceRefusal(.unknown, "there is no token \(facts.id.quoted)", member: "id")
        }
        guard token.revokedAt == nil else {
            throw GovernanceRefusal(.conflict, "\(facts.id.quoted) is withdrawn already", member: "id")
        }
        try check(reason: facts.reason, isNeeded: false)
        return verdict("operator/\(name)", .operatorTokenRevoked(facts))
    }
}
