internal import Vocabulary

/// The steps of freezing.
extension DirectorySnapshot {
    /// Enters all tenants under the hashes of their names.
    static func table(of tenants: [Tenant], hash: KeyedHash) -> IndexTable {
        var table = IndexTable(count: tenants.count)
        for (index, tenant) in tenants.enumerated() {
            let hash = UInt64(truncatingIfNeeded: hash(tenant.name))
            let taken = table.firstIndex(hash: hash) { tenants[$0].name == tenant.name }
            precondition(taken == nil, "two tenants are called \(tenant.name)")
            table.insert(index, hash: hash)
        }
        return table
    }

    /// Enters all keys under their codes.
    static func table(of keys: [KeyRecord]) -> IndexTable {
        var table = IndexTable(count: keys.count)
        for (index, key) in keys.enumerated() {
            let taken = table.firstIndex(hash: key.code.tableHash) { keys[$0].code == key.code }
            precondition(taken == nil, "two keys have one hash (keys \(taken ?? index) and \(index))")
            table.insert(index, hash: key.code.tableHash)
        }
        return table
    }

    /// The index of a principal's tenant, or the number of tenants for the platform.
    static func ownerIndex(of principal: Principal, tenants: [Tenant], table: IndexTable, hash: KeyedHash) -> Int32 {
        guard case .tenant(let name) = principal.owner else { return Int32(tenants.count) }
        let hash = UInt64(truncatingIfNeeded: hash(name))
        let index = table.firstIndex(hash: hash) { tenants[$0].name == name }
        precondition(index != nil, "the tenant of \(principal.qualifiedName) does not exist")
        return Int32(index ?? tenants.count)
    }

    /// The principals sorted by owner and name, as indices.
    static func order(of principals: [Principal], owners: [Int32]) -> [Int] {
        principals.indices.sorted { left, right in
            owners[left] != owners[right]
                ? owners[left] < owners[right]
                : principals[left].name.utf8.lexicographicallyPrecedes(principals[right].name.utf8)
        }
    }

    /// Where each owner's principals begin in the sorted order.
    static func starts(of owners: [Int32], ownerCount: Int) -> [Int32] {
        var starts: [Int32] = []
        starts.reserveCapacity(ownerCount + 1)
        var position = 0
        for owner in 0..<Int32(ownerCount) {
            starts.append(Int32(position))
            while position < owners.count, owners[position] == owner { position += 1 }
        }
        starts.append(Int32(owners.count))
        return starts
    }

    /// The records of all keys, principal by principal.
    static func records(of principals: [Principal]) -> [KeyRecord] {
        var records: [KeyRecord] = []
        for (principal, value) in principals.enumerated() {
            for (ordinal, key) in value.keys.enumerated() {
                records.append(
                    KeyRecord(
                        code: key.hash.code, expires: key.expires?.milliseconds ?? .max, principal: Int32(principal),
                        ordinal: Int32(ordinal), isRevoked: key.revoked != nil))
            }
        }
        return records
    }
}
