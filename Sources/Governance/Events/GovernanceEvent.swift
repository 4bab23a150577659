/// Something that changed what holds: what the ledger's records say.
///
/// The type names a record's `type`, the payload is the JSON of the associated value with its keys sorted. Both are
/// API: records are kept for ever, so members may be added as optional ones, and none is ever renamed or given another
/// meaning. The events of one tenant, its principals and keys stand in one stream, so a tenant has one version.
package enum GovernanceEvent: Hashable, Sendable {
    /// A tenant exists.
    case tenantCreated(TenantFacts)
    /// What is known of a tenant is something else; all of it is stated.
    case tenantChanged(TenantFacts)
    /// A tenant has a plan, from a moment on or for a time.
    case planAssigned(AssignmentFacts)
    /// Somebody asks for an override or an exemption.
    case grantProposed(GrantFacts)
    /// Somebody else has approved it.
    case grantApproved(Verdict)
    /// Somebody has refused it.
    case grantRejected(Verdict)
    /// It ends, earlier than it said.
    case grantEnded(Ending)
    /// A principal exists, or is something else now.
    case principalStated(PrincipalFacts)
    /// A principal is gone, and its keys with it.
    case principalRemoved(PrincipalName)
    /// A key exists.
    case keyCreated(KeyFacts)
    /// A key ends at a moment.
    case keyExpires(Ending)
    /// A key is withdrawn, at once and for ever.
    case keyRevoked(Verdict)
    /// An operator exists, or has other roles now; all of them are stated.
    case operatorStated(OperatorFacts)
    /// What an operator signs in with is something else: sessions made with the former end.
    case operatorCredentialsChanged(CredentialFacts)
    /// An operator has shown who they are.
    case operatorSignedIn(SignInFacts)
    /// Somebody else stands for it that what the operator signs in with is the operator's own.
    case operatorVouched(VouchFacts)
    /// An operator has an API token.
    case operatorTokenIssued(TokenFacts)
    /// It is withdrawn.
    case operatorTokenRevoked(Verdict)
    /// There is a key that will sign tokens; another one that was to be the next gives way.
    case signingKeyMade(SigningKeyFacts)
    /// The key that was to be the next signs now.
    case signingKeysTurned(KeyTurnFacts)
    /// Somebody else's tokens are accepted, as stated; all of it is.
    case issuerStated(IssuerFacts)
    /// They are accepted no more.
    case issuerRemoved(IssuerName)
    /// Tokens count that were issued under this policy or a later one.
    case minimumPolicyStated(MinimumPolicyFacts)
    /// One token is withdrawn.
    case tokenRevoked(TokenRevocationFacts)
    /// All tokens of somebody are withdrawn, up to a moment.
    case tokensCut(TokenCutFacts)
    /// Somebody was let out of quarantine.
    case quarantineLifted(QuarantineFacts)
    /// Records were erased.
    case recordsErased(ErasureFacts)
    /// Somebody has looked at the ledger.
    case auditRead(AuditFacts)
    /// Somebody proposes a policy.
    case policyProposed(ProposalFacts)
    /// Somebody else has approved it.
    case policyApproved(Verdict)
    /// Somebody has refused it, or its author has taken it back.
    case policyRejected(Verdict)
    /// It is to come into force at a moment.
    case policyScheduled(Ending)
    /// It is in force.
    case policyPublished(PublicationFacts)

    /// The name in records.
    package var type: String {
        switch self {
        case .tenantCreated: "tenant.created"
        case .tenantChanged: "tenant.changed"
        case .planAssigned: "tenant.plan_assigned"
        case .grantProposed: "grant.proposed"
        case .grantApproved: "grant.approved"
        case .grantRejected: "grant.rejected"
        case .grantEnded: "grant.ended"
        case .principalStated: "principal.stated"
        case .principalRemoved: "principal.removed"
        case .keyCreated: "key.created"
        case .keyExpires: "key.expires"
        case .keyRevoked: "key.revoked"
        case .operatorStated: "operator.stated"
        case .operatorCredentialsChanged: "operator.credentials_changed"
        case .operatorSignedIn: "operator.signed_in"
        case .operatorVouched: "operator.vouched"
        case .operatorTokenIssued: "operator.token_issued"
        case .operatorTokenRevoked: "operator.token_revoked"
        case .signingKeyMade: "signing_key.made"
        case .signingKeysTurned: "signing_key.turned"
        case .issuerStated: "issuer.stated"
        case .issuerRemoved: "issuer.removed"
        case .minimumPolicyStated: "token.minimum_policy_stated"
        case .tokenRevoked: "token.revoked"
        case .tokensCut: "token.all_revoked"
        case .quarantineLifted: "quarantine.lifted"
        case .recordsErased: "audit.erased"
        case .auditRead: "audit.read"
        case .policyProposed: "policy.proposed"
        case .policyApproved: "policy.approved"
        case .policyRejected: "policy.rejected"
        case .policyScheduled: "policy.scheduled"
        case .policyPublished: "policy.published"
        }
    }
}
