/// What a token is for: a closed set of bundles of permissions.
///
/// The raw values are API. A scope gives nothing; it leaves of the owner's permissions those that it names. None names
/// a privileged one: a token has no phone to confirm with.
package enum TokenScope: String, CaseIterable, Hashable, Sendable {
    /// Dashboards and scripts that only look; not at operators and not at the ledger.
    case read
    /// Onboarding: tenants, principals and plans.
    case tenants
    /// Issuing, rotating and withdrawing keys of tenants.
    case keys
    /// Asking for exemptions.
    case exemptions
    /// Policies from a repository: proposing, and publishing what people have approved.
    case policies
    /// What a monitoring system does: quarantine and signals of health.
    case operations
    /// Looking at operators, for reviews of who has which role.
    case operators
    /// Searching the ledger and taking proofs out of it.
    case audit

    /// The permissions that it leaves.
    package var permissions: Set<Permission> {
        switch self {
        case .read: [.readPlatform, .readTenants, .readUsage, .readDecisions, .readPolicies]
        case .tenants: [.readTenants, .writeTenants, .writePrincipals, .assignPlans]
        case .keys: [.readTenants, .issueKeys, .revokeKeys]
        case .exemptions: [.readTenants, .readUsage, .proposeExemptions]
        case .policies: [.readPolicies, .proposePolicies, .publishPolicies]
        case .operations: [.readPlatform, .writeQuarantine, .tellHealth]
        case .operators: [.readOperators]
        case .audit: [.readAudit]
        }
    }
}
