/// One thing that somebody may do in the control plane; the closed set that roles and scopes are made of.
///
/// The raw values are API: they stand in refusals, records and documents.
package enum Permission: String, CaseIterable, Hashable, Sendable {
    /// Look at the state of servers, quarantine and health.
    case readPlatform = "platform.read"
    /// Look at tenants, their plans, principals and keys, never the keys' texts.
    case readTenants = "tenants.read"
    /// Look at what tenants have used.
    case readUsage = "usage.read"
    /// Look at decisions and their explanations.
    case readDecisions = "decisions.read"
    /// Look at policies, proposals and drafts.
    case readPolicies = "policies.read"
    /// Look at operators, their roles and the tokens that they have.
    case readOperators = "operators.read"
    /// Search the ledger and take proofs out of it.
    case readAudit = "audit.read"

    /// Create, change and close tenants.
    case writeTenants = "tenants.write"
    /// Create and change principals and the classes that they may claim.
    case writePrincipals = "principals.write"
    /// Give plans, features and trials to tenants.
    case assignPlans = "plans.assign"
    /// Issue and rotate keys of tenants.
    case issueKeys = "keys.issue"
    /// Withdraw keys of tenants.
    case revokeKeys = "keys.revoke"
    /// Ask for an exemption or an override.
    case proposeExemptions = "exemptions.propose"
    /// Approve or refuse an exemption or an override that somebody else asks for.
    case approveExemptions = "exemptions.approve"

    /// Propose a policy.
    case proposePolicies = "policies.propose"
    /// Approve or refuse a policy that somebody else proposes.
    case approvePolicies = "policies.approve"
    /// Publish or schedule a policy that is approved.
    case publishPolicies = "policies.publish"
    /// Put an earlier policy back into force.
    case rollBackPolicies = "policies.rollback"

    /// Put into quarantine and let out of it.
    case writeQuarantine = "quarantine.write"
    /// Tell and retract signals of health.
    case tellHealth = "health.tell"

    /// Create, disable and restore operators, and reset what they sign in with.
    case writeOperators = "operators.write"
    /// Give roles to other operators and take them away.
    case grantRoles = "roles.grant"
    /// Issue an API token of one's own.
    case issueTokens = "tokens.issue"
    /// Withdraw anybody's API tokens and end anybody's sessions.
    case revokeAccess = "access.revoke"
    /// Rotate the keys that sign tokens, and name outside issuers.
    case writeIssuers = "issuers.write"
    /// Erase personal data from records.
    case eraseRecords = "records.erase"

    /// Whether it needs a fresh proof of who acts (step-up), and is closed to API tokens.
    ///
    /// Privileged is what widens somebody's power, what the second person of a decision says, what skips that second
    /// person, and what cannot be undone. Publishing is not: the approval has had its proof. Nor is withdrawing: when a
    /// key or a session is in the wrong hands, nobody should look for a phone first.
    package var isPrivileged: Bool {
        switch self {
        case .writeOperators, .grantRoles, .issueTokens, .writeIssuers: true
        case .approvePolicies, .approveExemptions: true
        case .rollBackPolicies: true
        case .eraseRecords: true
        case .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .readOperators, .readAudit: false
        case .writeTenants, .writePrincipals, .assignPlans, .issueKeys, .revokeKeys, .proposeExemptions: false
        case .proposePolicies, .publishPolicies, .writeQuarantine, .tellHealth, .revokeAccess: false
        }
    }

    /// Whether it is about tenants, so that one may have it for some of them.
    package var concernsTenants: Bool {
        switch self {
        case .readTenants, .readUsage, .readDecisions, .writeTenants, .writePrincipals, .assignPlans, .issueKeys,
            .revokeKeys, .proposeExemptions, .approveExemptions:
            true
        case .readPlatform, .readPolicies, .readOperators, .readAudit, .proposePolicies, .approvePolicies,
            .publishPolicies, .rollBackPolicies, .writeQuarantine, .tellHealth, .writeOperators, .grantRoles,
            .issueTokens, .revokeAccess, .writeIssuers, .eraseRecords:
            false
        }
    }
}
