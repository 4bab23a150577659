package import Access
package import Directory
package import Vocabulary

/// Something that somebody wants to change.
package enum GovernanceCommand: Hashable, Sendable {
    /// A new tenant.
    case createTenant(String, TenantFacts)
    /// A tenant is something else from now on; all of it is stated.
    case changeTenant(String, TenantFacts)
    /// A tenant gets a plan, now, later or for a time.
    case assignPlan(tenant: String, AssignmentFacts)
    /// A tenant shall get something beside its plan.
    case proposeGrant(tenant: String, GrantFacts)
    /// Somebody else says yes or no to that.
    case decideGrant(tenant: String, id: String, isApproved: Bool, reason: String?)
    /// Who has asked for it takes it back.
    case withdrawGrant(tenant: String, Verdict)
    /// It ends earlier than it said.
    case endGrant(tenant: String, Ending)
    /// A principal exists, or is something else from now on.
    case statePrincipal(Principal.Owner, PrincipalFacts)
    /// A principal is gone, with its keys.
    case removePrincipal(Principal.Owner, name: String)
    /// A key that was drawn; the one that it replaces ends after the overlap.
    case issueKey(Principal.Owner, KeyFacts, overlap: Nanoseconds?)
    /// A key is withdrawn.
    case revokeKey(id: String, reason: String?)
    /// An operator exists, or has other roles from now on.
    case stateOperator(String, OperatorFacts)
    /// An operator signs in with something else from now on.
    case changeCredentials(operatorName: String, CredentialFacts)
    /// Somebody stands for it that an operator has set what they sign in with, and nobody else.
    case vouch(operatorName: String, VouchFacts)
    /// An operator has shown who they are: of two at once with one code, one is refused.
    case signIn(operatorName: String, SignInFacts)
    /// An operator gets an API token that was drawn.
    case issueToken(operatorName: String, TokenFacts)
    /// An API token is withdrawn, by its owner or by somebody who may do so.
    case revokeToken(operatorName: String, Verdict, isOwn: Bool)
    /// The next signing key signs now, and one that was drawn comes after it.
    case rotateSigningKeys(SigningKeyFacts)
    /// Somebody else's tokens are accepted, as stated.
    case stateIssuer(IssuerFacts)
    /// They are accepted no more.
    case removeIssuer(name: String)
    /// Tokens count that were issued under a policy or a later one.
    case stateMinimumPolicy(MinimumPolicyFacts)
    /// All tokens of somebody are withdrawn.
    case cutTokens(TokenCutFacts)
    /// Somebody is let out of quarantine.
    case liftQuarantine(QuarantineFacts)
    /// Somebody looks at the ledger.
    case readAudit(AuditFacts)
    /// Records on which nothing rests are erased; `Governor.erase` makes sure of that.
    case eraseRecords(ErasureFacts)
    /// A policy shall be in force.
    case proposePolicy(ProposalFacts)
    /// Somebody else says yes or no to that.
    case decidePolicy(id: String, isApproved: Bool, reason: String?)
    /// Its author takes it back.
    case withdrawPolicy(Verdict)
    /// An approved policy comes into force at a moment.
    case schedulePolicy(Ending)
    /// An approved policy comes into force now.
    case publishPolicy(id: String)
    /// A policy that was in force is so again, now.
    case rollBackPolicy(to: String, reason: String)

    /// What whoever wants this must be allowed to do; `nil` for what operators do about themselves alone.
    package var permission: Permission? {
        switch self {
        case .createTenant, .changeTenant: .writeTenants
        case .assignPlan: .assignPlans
        case .proposeGrant, .withdrawGrant: .proposeExemptions
        case .decideGrant, .endGrant: .approveExemptions
        case .statePrincipal, .removePrincipal: .writePrincipals
        case .issueKey: .issueKeys
        case .revokeKey: .revokeKeys
        case .stateOperator: .grantRoles
        case .changeCredentials(_, let facts): facts.what.isOwn ? nil : .writeOperators
        case .vouch: .writeOperators
        case .signIn: nil
        case .issueToken: .issueTokens
        case .revokeToken(_, _, let isOwn): isOwn ? nil : .revokeAccess
        case .rotateSigningKeys, .stateIssuer, .removeIssuer, .stateMinimumPolicy: .writeIssuers
        case .cutTokens(let facts): facts.subject.kind == .everybody ? .revokeAccess : .revokeKeys
        case .liftQuarantine: .writeQuarantine
        case .readAudit: .readAudit
        case .eraseRecords: .eraseRecords
        case .proposePolicy, .withdrawPolicy: .proposePolicies
        case .decidePolicy: .approvePolicies
        case .schedulePolicy, .publishPolicy: .publishPolicies
        case .rollBackPolicy: .rollBackPolicies
        }
    }

    /// What happens if it is carried out; of several events, the first.
    var event: GovernanceEvent {
        switch self {
        case .createTenant(_, let facts): .tenantCreated(facts)
        case .changeTenant(_, let facts): .tenantChanged(facts)
        case .assignPlan(_, let facts): .planAssigned(facts)
        case .proposeGrant(_, let facts): .grantProposed(facts)
        case .decideGrant(_, let id, let isApproved, let reason):
            isApproved
                ? .grantApproved(Verdict(id: id, reason: reason)) : .grantRejected(Verdict(id: id, reason: reason))
        case .withdrawGrant(_, let verdict): .grantRejected(verdict)
        case .endGrant(_, let ending): .grantEnded(ending)
        case .statePrincipal(_, let facts): .principalStated(facts)
        case .removePrincipal(_, let name): .principalRemoved(PrincipalName(name: name))
        case .issueKey(_, let facts, _): .keyCreated(facts)
        case .revokeKey(let id, let reason): .keyRevoked(Verdict(id: id, reason: reason))
        case .stateOperator(_, let facts): .operatorStated(facts)
        case .changeCredentials(_, let facts): .operatorCredentialsChanged(facts)
        case .vouch(_, let facts): .operatorVouched(facts)
        case .signIn(_, let facts): .operatorSignedIn(facts)
        case .issueToken(_, let facts): .operatorTokenIssued(facts)
        case .revokeToken(_, let verdict, _): .operatorTokenRevoked(verdict)
        case .rotateSigningKeys(let facts): .signingKeysTurned(KeyTurnFacts(at: facts.at))
        case .stateIssuer(let facts): .issuerStated(facts)
        case .removeIssuer(let name): .issuerRemoved(IssuerName(name: name))
        case .stateMinimumPolicy(let facts): .minimumPolicyStated(facts)
        case .cutTokens(let facts): .tokensCut(facts)
        case .liftQuarantine(let facts): .quarantineLifted(facts)
        case .readAudit(let facts): .auditRead(facts)
        case .eraseRecords(let facts): .recordsErased(facts)
        case .proposePolicy(let facts): .policyProposed(facts)
        case .decidePolicy(let id, let isApproved, let reason):
            isApproved
                ? .policyApproved(Verdict(id: id, reason: reason)) : .policyRejected(Verdict(id: id, reason: reason))
        case .withdrawPolicy(let verdict): .policyRejected(verdict)
        case .schedulePolicy(let ending): .policyScheduled(ending)
        case .publishPolicy(let id): .policyPublished(PublicationFacts(id: id))
        case .rollBackPolicy(let id, let reason):
            .policyPublished(PublicationFacts(id: id, rollback: true, reason: reason))
        }
    }

    /// The stream on which its events stand: what payloads leave out, such as the name of a tenant.
    func stream(in registry: Registry) -> String {
        switch self {
        case .createTenant(let name, _), .changeTenant(let name, _), .assignPlan(let name, _),
            .proposeGrant(let name, _), .decideGrant(let name, _, _, _), .withdrawGrant(let name, _),
            .endGrant(let name, _):
            "tenant/\(name)"
        case .statePrincipal(let owner, _), .removePrincipal(let owner, _), .issueKey(let owner, _, _):
            Registry.stream(of: owner)
        case .revokeKey(let id, _): Registry.stream(of: registry.keys[id] ?? .platform)
        case .stateOperator(let name, _), .changeCredentials(let name, _), .vouch(let name, _), .signIn(let name, _),
            .issueToken(let name, _), .revokeToken(let name, _, _):
            "operator/\(name)"
        case .rotateSigningKeys, .stateIssuer, .removeIssuer, .stateMinimumPolicy: TokenRegistry.stream
        case .cutTokens: TokenRegistry.revocationStream
        case .liftQuarantine: "quarantine"
        case .readAudit, .eraseRecords: "audit"
        case .proposePolicy, .decidePolicy, .withdrawPolicy, .schedulePolicy, .publishPolicy, .rollBackPolicy:
            "policy"
        }
    }

    /// Whether it rests on what holds: what only notes that something happened is in nobody's way.
    var isConditional: Bool {
        switch self {
        case .readAudit, .eraseRecords, .liftQuarantine, .cutTokens: false
        default: true
        }
    }

    /// What it is about, in a registry: whose a key is only that knows.
    func target(in registry: Registry) -> AccessTarget {
        switch self {
        case .createTenant(let name, _), .changeTenant(let name, _), .assignPlan(let name, _),
            .proposeGrant(let name, _), .decideGrant(let name, _, _, _), .withdrawGrant(let name, _),
            .endGrant(let name, _):
            .tenant(name)
        case .statePrincipal(let owner, _), .removePrincipal(let owner, _), .issueKey(let owner, _, _): owner.target
        case .revokeKey(let id, _): registry.keys[id]?.target ?? .platform
        case .cutTokens(let facts): facts.subject.tenant.map { .tenant($0) } ?? .platform
        case .stateOperator, .changeCredentials, .vouch, .signIn, .issueToken, .revokeToken, .rotateSigningKeys,
            .stateIssuer, .removeIssuer, .stateMinimumPolicy, .liftQuarantine, .readAudit,
            .eraseRecords, .proposePolicy, .decidePolicy, .withdrawPolicy, .schedulePolicy, .publishPolicy,
            .rollBackPolicy:
            .platform
        }
    }
}

extension Principal.Owner {
    /// What is asked whether somebody may change it.
    package var target: AccessTarget {
        switch self {
        case .tenant(let name): .tenant(name)
        case .platform: .platform
        }
    }
}
