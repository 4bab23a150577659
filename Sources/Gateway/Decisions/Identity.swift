package import Directory
internal import Policy
package import Vocabulary

/// Who calls, in indices of one directory.
package struct Identity {
    /// The tenant; `nil`: nobody is known.
    package var tenant: Int?
    /// The principal; `nil`: unknown, or a trusted caller named the tenant alone.
    package var principal: Int?
    /// The key, for records.
    package var key: Int?
    /// The tenant's plan now, an index into the policy's plans; -1: nobody is known.
    package var plan = -1
    /// Why the caller is turned away whatever it wants, if it is.
    package var refusal: Reason?
    /// Where the loop's cache has the token that the caller brought, for as long as it takes to classify the request;
    /// -1: the caller brought none.
    var token: Int32 = -1
    /// The keyed hash of a credential that is not accepted, where rules against abuse look at it; 0: there is none.
    var unknownCredential: UInt64 = 0

    /// Nobody is known.
    package static let stranger = Identity()

    /// Finds who has a credential.
    @inline(__always)  // a part of every request with a key
    package init(credential match: CredentialMatch, in binding: DirectoryBinding, at now: WallTime) {
        guard case .known(let principal, let key, _) = match else {
            self.init()
            return
        }
        self.init(principal: principal, in: binding, at: now)
        self.key = key
        refusal = match.refusal ?? refusal
    }

    /// Finds what is known of a principal.
    @inline(__always)  // as above
    package init(principal: Int, in binding: DirectoryBinding, at now: WallTime) {
        self.principal = principal
        tenant = binding.directory.tenantIndex(ofPrincipal: principal)
        if let tenant { entitle(tenant, in: binding, at: now) }
    }

    /// Finds what is known of a tenant that a trusted caller named alone.
    package init(tenant: Int, in binding: DirectoryBinding, at now: WallTime) {
        self.tenant = tenant
        entitle(tenant, in: binding, at: now)
    }

    private mutating func entitle(_ tenant: Int, in binding: DirectoryBinding, at now: WallTime) {
        plan = binding.plan(ofTenant: tenant, at: now)
        if binding.isSuspended(tenant: tenant) { refusal = .tenantSuspended }
    }

    private init() {}

    /// What the policy knows of the caller.
    ///
    /// Looked up where it is asked for: carried along, its lists would be retained and released with every copy.
    func caller(in binding: DirectoryBinding) -> Caller {
        // A tenant that a trusted proxy named alone may claim no governed class.
        guard let principal else { return Caller(plan: plan) }
        var caller = binding.caller(ofPrincipal: principal)
        caller.plan = plan
        return caller
    }
}
