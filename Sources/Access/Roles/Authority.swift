/// Who acts, and what they may do: an operator's grants, narrowed by the scopes of a token.
///
/// The one place where the control plane decides on permissions. It is built anew for every request from the grants as
/// they are then, so that a role that was taken away is gone with the next request, also from tokens.
package struct Authority: Sendable {
    /// The person.
    ///
    /// A token acts as its owner: what it proposes, its owner has proposed and may not approve.
    package let name: OperatorName
    /// The roles that the person holds.
    package let grants: Set<RoleGrant>
    /// The scopes of the token by which the person acts; `nil` in a session.
    package let scopes: Set<TokenScope>?

    /// Joins a person, the roles and, for a token, its scopes.
    package init(_ name: OperatorName, grants: Set<RoleGrant>, scopes: Set<TokenScope>? = nil) {
        self.name = name
        self.grants = grants
        self.scopes = scopes
    }

    /// Where the person has a permission.
    ///
    /// Lists are narrowed by it: who answers for three tenants sees three.
    ///
    /// - Complexity: O(grants).
    package func reach(of permission: Permission) -> Reach {
        if let scopes {
            guard !permission.isPrivileged, scopes.contains(where: { $0.permissions.contains(permission) }) else {
                return .nowhere
            }
        }
        return grants.reduce(.nowhere) { $0.union($1.reach(of: permission)) }
    }

    /// Whether the person may do something, and what it takes.
    ///
    /// - Complexity: O(grants).
    package func ruling(on permission: Permission, _ target: AccessTarget) -> AccessRuling {
        guard reach(of: permission).covers(target) else { return .forbidden }
        return permission.isPrivileged ? .allowedWithProof : .allowed
    }

    /// The roles by which the person has a permission for a target.
    ///
    /// Where two people in different roles have to agree, this says in which roles somebody can speak.
    package func roles(for permission: Permission, _ target: AccessTarget) -> Set<Role> {
        guard reach(of: permission).covers(target) else { return [] }
        return Set(grants.filter { $0.reach(of: permission).covers(target) }.map(\.role))
    }
}

/// What becomes of an action that somebody wants to do.
package enum AccessRuling: Hashable, Sendable {
    /// It may be done.
    case allowed
    /// It may be done with a fresh proof for exactly this action (`StepUpTable`).
    case allowedWithProof
    /// It may not be done.
    case forbidden
}
