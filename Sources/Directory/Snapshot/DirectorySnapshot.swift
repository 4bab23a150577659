internal import Synchronization
internal import Vocabulary

/// A directory frozen for requests: immutable, read without locks.
///
/// A new version of the directory is a new snapshot; the data plane swaps one reference, and a request uses one
/// snapshot from start to end. Indices into it mean nothing in another one, unless that one was made from it.
package final class DirectorySnapshot: Sendable {
    /// A number that no other snapshot of this process has: caches are bound to it.
    package let generation: UInt64
    /// Where plans, regions and classes are named: what a policy has to know.
    package let mentions: Mentions
    /// In what it differs from the snapshot that it was made from; `nil` if it was made from nothing.
    let difference: Difference?
    /// Makes the codes of credentials; `nil` if the directory has no keys.
    let authenticator: CredentialAuthenticator?
    /// Everything else.
    let tables: DirectoryTables

    private static let generations = Atomic<UInt64>(0)

    /// In what a snapshot differs from another one; everything that is not named has the same index in both.
    struct Difference: Sendable {
        /// The generation of the other one.
        let base: UInt64
        /// The tenants that are new or something else, as indices.
        let tenants: [Int]
        /// The owners whose principals are other ones; -1: the platform.
        let principals: [Range<Int>]
    }

    /// An owner of principals, as it is from now on.
    package enum OwnerState: Sendable {
        /// A tenant, and its principals.
        case tenant(Tenant, [Principal])
        /// The platform's principals.
        case platform([Principal])
    }

    private init(
        _ tables: DirectoryTables, authenticator: CredentialAuthenticator?, mentions: Mentions?,
        difference: Difference? = nil
    ) {
        generation = Self.generations.wrappingAdd(1, ordering: .relaxed).newValue
        self.tables = tables
        self.authenticator = authenticator
        self.mentions = mentions ?? tables.mentions
        self.difference = difference
    }

    /// Freezes a directory.
    ///
    /// - Parameters:
    ///   - contents: what the directory says.
    ///   - authenticator: makes the codes of credentials; may be `nil` if there are no keys.
    ///   - mentions: where the contents name things of a policy, if they come from a file.
    /// - Precondition: names of tenants, names of principals under one owner, ids and hashes of keys are unique; every
    ///   principal's tenant exists. Sources diagnose the contrary before they come here.
    /// - Complexity: O(n log n) in the principals of one owner, O(n) in all else.
    package convenience init(
        _ contents: DirectoryContents, authenticator: CredentialAuthenticator?, mentions: Mentions? = nil
    ) {
        let principals = Dictionary(grouping: contents.principals, by: \.owner)
        var tables = DirectoryTables(
            tenantCount: contents.tenants.count, keyCount: contents.principals.reduce(0) { $0 + $1.keys.count })
        var ownerCount = 0
        for tenant in contents.tenants {
            let own = principals[.tenant(tenant.name)] ?? []
            ownerCount += own.isEmpty ? 0 : 1
            tables.put(tenant, own)
        }
        tables.put(platform: principals[.platform] ?? [])
        precondition(tables.tenants.count == contents.tenants.count, "two tenants have one name")
        precondition(
            ownerCount == principals.count { $0.key != .platform }, "the tenant of a principal does not exist")
        self.init(tables, authenticator: authenticator, mentions: mentions)
    }

    /// Freezes a directory that comes owner by owner.
    ///
    /// - Parameters:
    ///   - owners: the tenants, each once.
    ///   - platform: the principals of the platform.
    ///   - count: how many tenants there will be, roughly.
    ///   - authenticator: makes the codes of credentials.
    /// - Precondition: as above.
    /// - Complexity: O(n): about two seconds for a million tenants with a key each.
    package convenience init(
        owners: some Sequence<OwnerState>, platform: [Principal], count: Int, authenticator: CredentialAuthenticator?
    ) {
        var tables = DirectoryTables(tenantCount: count, keyCount: count)
        for owner in owners { _ = tables.put(owner) }
        tables.put(platform: platform)
        self.init(tables, authenticator: authenticator, mentions: nil)
    }

    /// The same directory, with some owners as they are now.
    ///
    /// What did not change is shared, and keeps its index.
    ///
    /// - Complexity: O(owners that changed), and a thousandth of the whole.
    package func changing(_ owners: some Sequence<OwnerState>) -> DirectorySnapshot {
        var tables = tables
        var tenants: [Int] = []
        var principals: [Range<Int>] = []
        for owner in owners {
            let index = tables.put(owner)
            if index >= 0 { tenants.append(index) }
            principals.append(index < 0 ? tables.platform.principals : tables.groups[index].principals)
        }
        return DirectorySnapshot(
            tables, authenticator: authenticator, mentions: nil,
            difference: Difference(base: generation, tenants: tenants, principals: principals))
    }

    /// The tenants, in the order in which they came.
    package var tenants: PagedList<Tenant> { tables.tenants }

    /// The principals, those of one owner together, sorted by name; places that nobody has any more have no name.
    package var principals: PagedList<Principal> { tables.principals }

    /// Whether so much of it is unused that it should be built anew.
    package var isSparse: Bool { tables.unusedCount > 10_000 && tables.unusedCount > tables.keyCount / 2 }
}

extension DirectoryTables {
    /// Puts an owner into place.
    ///
    /// - Returns: the tenant's index; -1 for the platform.
    fileprivate mutating func put(_ owner: DirectorySnapshot.OwnerState) -> Int {
        switch owner {
        case .tenant(let tenant, let principals): return put(tenant, principals)
        case .platform(let principals):
            put(platform: principals)
            return -1
        }
    }
}
