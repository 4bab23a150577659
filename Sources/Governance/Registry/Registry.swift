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
    package internal(set) var tenants = SharedDictionary<TenantEntry>()
    /// The principals of the platform, with their keys.
    package internal(set) var platform: [Principal] = []
    /// Whose each key is, by the key's id.
    package internal(set) var keys = SharedDictionary<Principal.Owner>()
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

    /// Whose principals or terms have changed lately: what the data plane need not read anew is everybody else.
    var changes = OwnerChanges()

    /// Nothing.
    package init() {}
}

/// A tenant, and what stands under its name.
package struct TenantEntry: Hashable, Sendable {
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
    /// Takes over tenants of the same registry, and their keys.
    mutating func merge(tenants part: Registry) {
        tenants.merge(part.tenants)
        keys.merge(part.keys)
    }

    /// The owner of principals that a stream is about; `nil` for the streams of operators and policies.
    static func owner(ofStream stream: String) -> Principal.Owner? {
        stream == "platform" ? .platform : stream.removing(prefix: "tenant/").map { .tenant($0) }
    }

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

    /// All tenants that the data plane is to know, each with its principals, in no order.
    ///
    /// - Complexity: O(n), as it is read.
    package var owners: some Sequence<DirectorySnapshot.OwnerState> {
        tenants.values.lazy.map { DirectorySnapshot.OwnerState.tenant($0.tenant, $0.principals) }
    }

    /// What the data plane is to know anew, if it knows all that stands before a record; `nil` if that was too long ago
    /// to tell.
    ///
    /// - Complexity: O(owners that have changed).
    package func owners(changedSince sequence: Int64) -> [DirectorySnapshot.OwnerState]? {
        changes.owners(since: sequence)?.compactMap { owner in
            switch owner {
            case .tenant(let name): tenants[name].map { .tenant($0.tenant, $0.principals) }
            case .platform: .platform(platform)
            }
        }
    }
}

extension String {
    /// What stands behind a beginning; `nil` if the text begins otherwise.
    func removing(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
