internal import Governance
internal import Policy

/// What is to be: the file of `headgate apply`.
struct ApplyDocument {
    /// Where the policy is, from the folder of the file.
    var policy: Located<String>?
    /// The tenants, in the order of the file.
    var tenants: [Tenant] = []
    /// The principals of the platform; `nil`: the file does not say.
    var platform: [PrincipalFacts]?

    /// A tenant with what stands under it.
    struct Tenant {
        /// Its name.
        let name: String
        /// What it is.
        var facts: TenantFacts
        /// Its principals; `nil`: the file does not say.
        var principals: [PrincipalFacts]?
        /// Its exemptions and overrides; `nil`: the file does not say.
        var grants: [Grant]?
    }

    /// An exemption or an override.
    struct Grant {
        /// What is asked for; where the file does not say from when on, from the moment at which it was read.
        var facts: GrantFacts
        /// Whether the file says from when on.
        var statesBeginning: Bool
    }
}
