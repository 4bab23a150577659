internal import Directory
internal import Policy
internal import Tokens
internal import Vocabulary

/// A client of OAuth that has shown its API key: a principal of the directory, and what it is entitled to.
struct OAuthClient {
    /// Its tenant's name; `nil`: it is the platform's.
    let tenant: String?
    /// The principal's name.
    let principal: String
    /// The key it has shown.
    let key: APIKey
    /// What a token for it can say at most.
    let entitlement: TokenEntitlement

    /// The name that people read: `acme/web`.
    var qualifiedName: String { entitlement.subject.qualifiedName }

    /// Finds what is known of a caller that has shown a key; `nil` if nothing is.
    init?(_ identity: Identity, in state: DataPlaneState) {
        guard let principal = identity.principal, let key = identity.key else { return nil }
        let directory = state.binding.directory
        let policy = state.policy
        let caller = state.binding.caller(ofPrincipal: principal)
        let owner = identity.tenant.map { directory.tenant(at: $0) }
        self.key = directory.key(at: key)
        self.principal = directory.principalName(at: principal)
        tenant = owner?.name
        entitlement = TokenEntitlement(
            subject: TokenGrant.Subject(
                tenant: owner?.name, principal: self.principal, clientID: self.key.id,
                environment: owner?.environment.word),
            classes: caller.classes.map { policy.classes[$0].name },
            tiers: policy.tiers.dropLast().map(\.name),  // the last one is the quarantine, which nobody asks for
            bestTier: policy.bestTier(of: caller),
            mayStateWorkflow: caller.attributes.contains(BoundToken.workflowAttribute),
            policyVersion: policy.version.description, expires: self.key.expires)
    }
}
