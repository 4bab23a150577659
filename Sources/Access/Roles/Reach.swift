/// Where somebody has a permission.
package enum Reach: Hashable, Sendable {
    /// For these tenants, by name; never empty.
    case tenants(Set<String>)
    /// For all tenants and for the platform.
    case everywhere
    /// Not at all.
    case nowhere

    /// Whether it covers what an action is about.
    package func covers(_ target: AccessTarget) -> Bool {
        switch (self, target) {
        case (.everywhere, _): true
        case (.nowhere, _), (.tenants, .platform): false
        case (.tenants(let names), .tenant(let name)): names.contains(name)
        case (.tenants, .someTenants): true
        }
    }

    /// Where at least one of two reaches is.
    func union(_ other: Reach) -> Reach {
        switch (self, other) {
        case (.everywhere, _), (_, .everywhere): .everywhere
        case (.nowhere, let reach), (let reach, .nowhere): reach
        case (.tenants(let left), .tenants(let right)): .tenants(left.union(right))
        }
    }
}

/// What an action is about.
package enum AccessTarget: Hashable, Sendable {
    /// The platform as a whole, or all tenants at once.
    case platform
    /// One tenant, by name.
    case tenant(String)
    /// A list of tenants that the caller narrows to those of `Authority.reach(of:)`.
    case someTenants
}
