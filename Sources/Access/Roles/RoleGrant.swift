/// A role that an operator holds, and for which tenants.
package struct RoleGrant: Hashable, Sendable {
    /// The role.
    package let role: Role
    /// The tenants, by name, of a role that is bound to tenants; `nil` for all other roles.
    package let tenants: Set<String>?

    /// Grants a role: for at least one tenant if it is bound to tenants, and for none if it is not; else `nil`.
    ///
    /// Whether there are such tenants is for the caller to know.
    package init?(_ role: Role, tenants: Set<String>? = nil) {
        guard role.isBoundToTenants ? tenants?.isEmpty == false : tenants == nil else { return nil }
        self.role = role
        self.tenants = tenants
    }

    /// How far a permission of the role reaches by this grant.
    ///
    /// What is not about tenants reaches everywhere also from a role that is bound: policies are the same for all.
    func reach(of permission: Permission) -> Reach {
        guard role.permissions.contains(permission) else { return .nowhere }
        guard permission.concernsTenants, let tenants else { return .everywhere }
        return .tenants(tenants)
    }
}
