internal import Vocabulary

/// What a directory snapshot is made of: built and changed owner by owner, then frozen.
///
/// The principals of one owner stand together, sorted by name, and so do their keys. An owner that gets more of them
/// than it has room for moves to the end; what it leaves behind stays unused until the directory is built anew. All
/// else keeps its index, so that a change touches a few pages and whoever follows the directory learns what changed.
struct DirectoryTables: Sendable {
    /// The tenants, in the order in which they came.
    private(set) var tenants = PagedList<Tenant>()
    /// The principals, owner by owner; unused places have no name.
    private(set) var principals = PagedList<Principal>()
    /// What each principal belongs to and has, by its index.
    private(set) var places = PagedList<Place>()
    /// The keys, principal by principal.
    private(set) var keys = PagedList<KeyRecord>()
    /// Where the principals and keys of each tenant stand, by its index.
    private(set) var groups = PagedList<Group>()
    /// Where those of the platform stand.
    private(set) var platform = Group()
    /// Finds tenants by the hashes of their names.
    private(set) var tenantTable: IndexTable
    /// Finds keys by their codes.
    private(set) var keyTable: IndexTable
    /// The names that a policy has to know.
    private(set) var mentions = Mentions()
    /// How many keys there are.
    private(set) var keyCount = 0
    /// How many principals and keys stand where nobody finds them any more.
    private(set) var unusedCount = 0
    /// Hashes names for `tenantTable`.
    let nameHash: KeyedHash

    /// Where the principals and keys of one owner stand.
    struct Group: Sendable {
        var firstPrincipal: Int32 = 0
        var principalCount: Int32 = 0
        var firstKey: Int32 = 0
        var keyCount: Int32 = 0

        /// Where its principals stand.
        var principals: Range<Int> { Int(firstPrincipal)..<Int(firstPrincipal + principalCount) }
        /// Where its keys stand.
        var keys: Range<Int> { Int(firstKey)..<Int(firstKey + keyCount) }
    }

    /// What a principal belongs to and has.
    struct Place: Sendable {
        /// Its tenant's index; -1: the platform.
        var owner: Int32
        var firstKey: Int32
        var keyCount: Int32
    }

    /// What a request needs of a key, in 56 bytes.
    struct KeyRecord: Sendable {
        /// The code of the key's text.
        let code: CredentialCode
        /// The first millisecond at which it is not accepted; `Int64.max`: never.
        let expires: Int64
        /// The principal it belongs to.
        let principal: Int32
        /// Which of the principal's keys it is.
        let ordinal: Int32
        /// Whether it was revoked.
        let isRevoked: Bool
    }

    /// Nothing yet, laid out for so many tenants and keys.
    init(tenantCount: Int = 0, keyCount: Int = 0) {
        tenantTable = IndexTable(count: tenantCount)
        keyTable = IndexTable(count: keyCount)
        nameHash = KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
    }

    /// The index of a tenant.
    func tenantIndex(named name: String) -> Int? {
        tenantTable.firstIndex(hash: UInt64(truncatingIfNeeded: nameHash(name))) { tenants[$0].name == name }
    }

    /// Adds a tenant with its principals, or replaces what is known of it.
    ///
    /// - Returns: its index.
    @discardableResult
    mutating func put(_ tenant: Tenant, _ principals: [Principal]) -> Int {
        let index: Int
        if let present = tenantIndex(named: tenant.name) {
            index = present
            mentions.forget(tenants[present])
            tenants.replace(at: present, with: tenant)
        } else {
            index = tenants.count
            tenants.append(tenant)
            groups.append(Group())
            tenantTable.insert(index, hash: UInt64(truncatingIfNeeded: nameHash(tenant.name)))
        }
        mentions.note(tenant)
        let group = placed(principals, owner: Int32(index), from: groups[index])
        groups.replace(at: index, with: group)
        return index
    }

    /// States the principals of the platform.
    mutating func put(platform principals: [Principal]) {
        platform = placed(principals, owner: -1, from: platform)
    }

    /// Puts an owner's principals and their keys into their places, in place of those it had.
    private mutating func placed(_ wanted: [Principal], owner: Int32, from old: Group) -> Group {
        for index in old.principals { mentions.forget(principals[index]) }
        for index in old.keys { keyTable.remove(index, hash: keys[index].code.tableHash) }
        let sorted =
            wanted.count < 2
            ? wanted : wanted.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var new = Group(
            firstPrincipal: old.firstPrincipal, principalCount: Int32(wanted.count), firstKey: old.firstKey,
            keyCount: Int32(wanted.reduce(0) { $0 + $1.keys.count }))
        if new.principalCount > old.principalCount { new.firstPrincipal = Int32(principals.count) }
        if new.keyCount > old.keyCount { new.firstKey = Int32(keys.count) }
        var nextKey = Int(new.firstKey)
        for (offset, principal) in sorted.enumerated() {
            let index = Int(new.firstPrincipal) + offset
            mentions.note(principal)
            principals.put(principal, at: index)
            places.put(
                Place(owner: owner, firstKey: Int32(nextKey), keyCount: Int32(principal.keys.count)), at: index)
            for (ordinal, key) in principal.keys.enumerated() {
                enter(key, at: nextKey, principal: Int32(index), ordinal: Int32(ordinal))
                nextKey += 1
            }
        }
        clear(old, keeping: new)
        keyCount += new.keys.count - old.keys.count
        return new
    }

    private mutating func enter(_ key: APIKey, at index: Int, principal: Int32, ordinal: Int32) {
        let code = key.hash.code
        let taken = keyTable.firstIndex(hash: code.tableHash) { keys[$0].code == code }
        precondition(taken == nil, "two keys have one hash (keys \(taken ?? index) and \(index))")
        keys.put(
            KeyRecord(
                code: code, expires: key.expires?.milliseconds ?? .max, principal: principal, ordinal: ordinal,
                isRevoked: key.revoked != nil), at: index)
        keyTable.insert(index, hash: code.tableHash)
    }

    /// Lets go of what stands where an owner was.
    private mutating func clear(_ old: Group, keeping new: Group) {
        let unused = old.principals.filter { !new.principals.contains($0) }
        for index in unused {
            principals.replace(at: index, with: Principal(owner: .platform, name: ""))
            places.replace(at: index, with: Place(owner: -1, firstKey: 0, keyCount: 0))
        }
        unusedCount += unused.count + old.keys.count { !new.keys.contains($0) }
    }
}
