package import Access
package import Directory
package import Vocabulary

/// Everything that holds, as the ledger's events have made it.
///
/// A value: applying the same events in the same order gives the same registry, in this process, in another one, and
/// up to any moment of the past. Commands look at it and say what shall happen; only what the ledger has taken is
/// applied.
package struct Registry: Sendable {
    /// The tenants, by name.
    package internal(set) var tenants: [String: TenantEntry] = [:]
    /// The principals of the platform, with their keys.
    package internal(set) var platform: [Principal] = []
    /// Whose each key is, by the key's id.
    package internal(set) var keys: [String: Principal.Owner] = [:]
    /// The operators, by name.
    package internal(set) var operators: [String: OperatorEntry] = [:]
    /// The policies: proposed, approved, in force.
    package internal(set) var policies = PolicyHistory()
    /// Short-lived tokens: keys, issuers, what was withdrawn.
    package internal(set) var tokens = TokenRegistry()
    /// How many events each stream has, for streams that are not tenants.
    package internal(set) var versions: [String: Int64] = [:]
    /// The first record of the ledger that is not in here.
    package internal(set) var sequence: Int64 = 0

    /// The first record after the last that changed tenants, principals or keys: what the data plane goes by.
    package internal(set) var directorySequence: Int64 = 0

    /// Nothing.
    package init() {}
}

/// A tenant, and what stands under its name.
package struct TenantEntry: Sendable {
    /// What requests are decided by: plan, assignments, approved grants, regions.
    package internal(set) var tenant: Tenant
    /// The contract behind it.
    package internal(set) var contract: String?
    /// Its principals with their keys, in the order in which they were made.
    package internal(set) var principals: [Principal] = []
    /// Grants that were asked for, by id: those that are open, and what became of the others.
    package internal(set) var requests: [GrantRequest] = []
    /// How many events its stream has: what a caller states to change it and nothing newer.
    package internal(set) var version: Int64 = 0
    /// When it was made.
    package let created: WallTime
}

/// A grant that was asked for.
package struct GrantRequest: Hashable, Sendable {
    /// What was asked for.
    package let grant: Grant
    /// Who asked.
    package let requester: String
    /// When.
    package let proposed: WallTime
    /// Other operators who may have been the same person then (`Registry.group(of:)`): none of them approves it.
    package var others: [String] = []
    /// What became of it.
    package internal(set) var state = State.open
    /// Who decided.
    package internal(set) var decider: String?

    /// What becomes of a wish.
    package enum State: String, Sendable {
        /// Nobody has decided yet.
        case open
        /// Somebody else has approved it; it holds from its beginning to its end.
        case approved
        /// Somebody has refused it.
        case rejected
    }
}

extension Registry {
    /// The stream of an owner of principals.
    package static func stream(of owner: Principal.Owner) -> String {
        switch owner {
        case .tenant(let name): "tenant/\(name)"
        case .platform: "platform"
        }
    }

    /// How many events a stream has.
    package func version(of stream: String) -> Int64 {
        if let name = stream.removing(prefix: "tenant/") { return tenants[name]?.version ?? 0 }
        if let name = stream.removing(prefix: "operator/") { return operators[name]?.version ?? 0 }
        return versions[stream] ?? 0
    }

    /// The principals of an owner.
    package func principals(of owner: Principal.Owner) -> [Principal] {
        switch owner {
        case .tenant(let name): tenants[name]?.principals ?? []
        case .platform: platform
        }
    }

    /// Where a key stands: whose it is, and what is known of it.
    package func key(_ id: String) -> (owner: Principal.Owner, principal: Principal, key: APIKey)? {
        guard let owner = keys[id] else { return nil }
        for principal in principals(of: owner) {
            if let key = principal.keys.first(where: { $0.id == id }) { return (owner, principal, key) }
        }
        return nil
    }

    /// The token of a hash; operators are few, and so are their tokens.
    ///
    /// - Complexity: O(n) in all tokens.
    package func token(_ hash: SecretHash) -> TokenGrant? {
        for entry in operators.values {
            if let token = entry.tokens.first(where: { $0.hash == hash }) { return token }
        }
        return nil
    }

    /// What the data plane is to know.
    ///
    /// - Complexity: O(n log n): tenants are sorted by name, so that equal registries make equal directories.
    package func directory() -> DirectoryContents {
        let entries = tenants.values.sorted { $0.tenant.name < $1.tenant.name }
        return DirectoryContents(tenants: entries.map(\.tenant), principals: entries.flatMap(\.principals) + platform)
    }
}

extension String {
    /// What stands behind a beginning; `nil` if the text begins otherwise.
    func removing(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
