package import Directory
package import Policy
package import Vocabulary

/// Who calls, in indices of one directory.
package struct Identity {
    /// The tenant; `nil`: nobody is known.
    package var tenant: Int?
    /// The principal; `nil`: unknown, or a trusted caller named the tenant alone.
    package var principal: Int?
    /// The key, for records.
    package var key: Int?
    /// What the policy knows of the caller.
    package var caller = Caller(plan: -1)
    /// Why the caller is turned away whatever it wants, if it is.
    package var refusal: Reason?

    /// Nobody is known.
    package static let stranger = Identity()

    /// Finds who has a credential.
    package init(credential match: CredentialMatch, in binding: DirectoryBinding) {
        guard case .known(let principal, let key, _) = match else {
            self = .stranger
            return
        }
        self.init(principal: principal, in: binding)
        self.key = key
        refusal = match.refusal ?? refusal
    }

    /// Finds what is known of a principal.
    package init(principal: Int, in binding: DirectoryBinding) {
        self.principal = principal
        tenant = binding.directory.tenantIndex(ofPrincipal: principal)
        caller = binding.callers[principal]
        if let tenant, binding.tenants[tenant].isSuspended { refusal = .tenantSuspended }
    }

    /// Finds what is known of a tenant that a trusted caller named alone.
    package init(tenant: Int, in binding: DirectoryBinding) {
        self.tenant = tenant
        caller = binding.caller(ofTenant: tenant)
        if binding.tenants[tenant].isSuspended { refusal = .tenantSuspended }
    }

    private init() {}
}
