/// All that a directory says: tenants, principals, keys.
///
/// Plain data, in the order in which it was written. `DirectorySnapshot` is what requests read.
package struct DirectoryContents: Hashable, Sendable {
    /// The tenants.
    package var tenants: [Tenant]
    /// The principals, those of one tenant together.
    package var principals: [Principal]

    /// States a directory.
    package init(tenants: [Tenant] = [], principals: [Principal] = []) {
        self.tenants = tenants
        self.principals = principals
    }
}

extension DirectorySnapshot.OwnerState {
    /// How many keys were hashed under another secret.
    ///
    /// - Complexity: O(keys).
    package func keyCount(notUnder secret: DirectorySecret) -> Int {
        let principals =
            switch self {
            case .tenant(_, let principals), .platform(let principals): principals
            }
        return principals.reduce(0) { count, principal in
            count + principal.keys.count { $0.hash.fingerprint != secret.authenticator.fingerprint }
        }
    }
}
