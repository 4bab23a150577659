/// What an operator is there to do.
///
/// The raw values are API.
package enum Role: String, CaseIterable, Hashable, Sendable {
    /// Runs the platform: tenants, operators, publishing; proposes and approves no policy.
    case platformAdmin = "platform-admin"
    /// Writes policies.
    case policyAuthor = "policy-author"
    /// Approves policies that others wrote.
    case policyApprover = "policy-approver"
    /// Says whether an exemption is technically sound.
    case technicalReviewer = "technical-reviewer"
    /// Answers for the contracts of certain tenants.
    case accountDirector = "account-director"
    /// Helps tenants.
    case support = "support"
    /// Sees everything and changes nothing.
    case auditor = "auditor"

    /// Whether the role is held for certain tenants, which its grant names, and never for all.
    package var isBoundToTenants: Bool { self == .accountDirector }
}

extension Role {
    /// What each role may do: the one table, which docs/access.md prints.
    ///
    /// No role may both propose and approve a policy. One person may hold both roles; that nobody approves what they
    /// proposed themselves is a rule of the domain, which knows who proposed what.
    package var permissions: Set<Permission> {
        switch self {
        case .platformAdmin:
            [
                .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .readOperators, .readAudit,
                .writeTenants, .writePrincipals, .assignPlans, .issueKeys, .revokeKeys, .proposeExemptions,
                .publishPolicies, .rollBackPolicies, .writeQuarantine, .tellHealth, .writeOperators, .grantRoles,
                .issueTokens, .revokeAccess, .writeIssuers, .eraseRecords,
            ]
        case .policyAuthor:
            [
                .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .proposePolicies,
                .publishPolicies, .issueTokens,
            ]
        case .policyApprover:
            [
                .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .approvePolicies,
                .publishPolicies, .rollBackPolicies, .issueTokens,
            ]
        case .technicalReviewer:
            [
                .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .approveExemptions,
                .writeQuarantine, .tellHealth, .issueTokens,
            ]
        case .accountDirector:
            [
                .readTenants, .readUsage, .readDecisions, .readPolicies, .assignPlans, .proposeExemptions,
                .approveExemptions, .issueTokens,
            ]
        case .support:
            [
                .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .writePrincipals, .issueKeys,
                .revokeKeys, .proposeExemptions, .writeQuarantine, .issueTokens,
            ]
        case .auditor:
            [
                .readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies, .readOperators, .readAudit,
                .issueTokens,
            ]
        }
    }
}
