internal import Vocabulary

/// What verified claims mean.
extension TokenVerifier.Party {
    /// Reads the claims of a token of this party.
    func grant(
        of claims: TokenClaims, issuer: String, keyID: String, _ times: TokenGrant.Times
    ) throws(TokenFault) -> TokenGrant {
        let mark = TokenGrant.Mark(
            issuer: issuer, isOwn: rules == nil, tokenID: claims.text(.tokenID) ?? "", keyID: keyID)
        guard let rules else { return try ownGrant(of: claims, mark, times) }
        // No tenant would be the platform, which no outsider speaks for.
        guard let tenant = claims.text(rules.claims.tenant), let principal = claims.text(rules.claims.principal) else {
            throw .missingClaim
        }
        return TokenGrant(
            mark, TokenGrant.Subject(tenant: tenant, principal: principal),
            try limits(
                of: claims, classes: rules.claims.classes, tier: rules.claims.tier, workflow: rules.claims.workflow),
            policyVersion: nil, times)
    }

    private func ownGrant(
        of claims: TokenClaims, _ mark: TokenGrant.Mark, _ times: TokenGrant.Times
    ) throws(TokenFault) -> TokenGrant {
        guard !mark.tokenID.isEmpty, claims.has(.subject), let principal = claims.text(.principal),
            let clientID = claims.text(.clientID), let policy = claims.text(.policyVersion)
        else { throw .missingClaim }
        let subject = TokenGrant.Subject(
            tenant: claims.text(.tenant), principal: principal, clientID: clientID,
            environment: claims.text(.environment))
        return TokenGrant(
            mark, subject,
            try limits(
                of: claims, classes: OwnClaims.Name.classes.rawValue, tier: OwnClaims.Name.tierCeiling.rawValue,
                workflow: OwnClaims.Name.workflow.rawValue),
            policyVersion: policy, times)
    }

    /// A limit that is there and cannot be read makes the token bad: without it the token would be worth more.
    private func limits(
        of claims: TokenClaims, classes: String, tier: String, workflow: String
    ) throws(TokenFault) -> TokenGrant.Limits {
        var limits = TokenGrant.Limits()
        if claims.members[classes] != nil {
            guard let names = claims.texts(classes) else { throw .missingClaim }
            limits.classes = names
        }
        if claims.members[tier] != nil {
            guard let name = claims.text(tier) else { throw .missingClaim }
            limits.tierCeiling = name
        }
        if claims.members[workflow] != nil {
            guard let name = claims.text(workflow) else { throw .missingClaim }
            limits.workflow = name
        }
        return limits
    }
}
