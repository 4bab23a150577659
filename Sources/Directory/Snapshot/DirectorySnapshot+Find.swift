package import Vocabulary

/// What requests ask.
extension DirectorySnapshot {
    /// Who has a credential, and what it is worth at a moment.
    ///
    /// The directory is searched by the code of the credential, which nobody can steer without the secret; so how long
    /// the search takes tells nothing about the keys in it. Where a request comes often, ask a `CredentialCache`.
    ///
    /// - Complexity: O(1): one HMAC and no allocation but the two inside it; nothing is hashed for what cannot be a
    ///   key.
    package func match(_ credential: Span<UInt8>, at now: WallTime) -> CredentialMatch {
        guard let index = keyIndex(of: credential) else { return .unknown }
        return match(ofKey: index, at: now)
    }

    /// The index of a credential's key, whatever the key is worth.
    func keyIndex(of credential: Span<UInt8>) -> Int? {
        guard let authenticator, Credential.isWellFormed(credential) else { return nil }
        let code = authenticator.code(of: credential)
        return tables.keyTable.firstIndex(hash: code.tableHash) { tables.keys[$0].code == code }
    }

    /// What a key of this snapshot is worth at a moment.
    func match(ofKey index: Int, at now: WallTime) -> CredentialMatch {
        let key = tables.keys[index]
        let status: APIKey.Status =
            key.isRevoked ? .revoked : key.expires <= now.milliseconds ? .expired : .active
        return .known(principal: Int(key.principal), key: index, status: status)
    }

    /// What the directory says of a key; records want its id.
    ///
    /// - Complexity: O(1).
    package func key(at index: Int) -> APIKey {
        let key = tables.keys[index]
        return tables.principals[Int(key.principal)].keys[Int(key.ordinal)]
    }

    /// How many keys the directory holds, the dead ones included.
    package var keyCount: Int { tables.keyCount }

    /// The index of a tenant.
    ///
    /// - Complexity: O(n) in the name, no allocation.
    package func tenantIndex(named name: Span<UInt8>) -> Int? {
        let hash = UInt64(truncatingIfNeeded: tables.nameHash(name))
        return tables.tenantTable.firstIndex(hash: hash) { order(of: tables.tenants[$0].name, and: name) == 0 }
    }

    /// The index of a tenant.
    package func tenantIndex(named name: String) -> Int? { tenantIndex(named: name.utf8.span) }

    /// The index of a principal: of a tenant, given by its index, or with `nil` of the platform.
    ///
    /// - Complexity: O(log n) in the principals of that owner, no allocation.
    package func principalIndex(named name: Span<UInt8>, tenant: Int?) -> Int? {
        let principals = principalIndices(ofTenant: tenant)
        var low = principals.lowerBound
        var high = principals.upperBound
        while low < high {
            let middle = (low + high) / 2
            let order = order(of: tables.principals[middle].name, and: name)
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The index of a principal: of a tenant, given by its index, or with `nil` of the platform.
    package func principalIndex(named name: String, tenant: Int?) -> Int? {
        principalIndex(named: name.utf8.span, tenant: tenant)
    }

    /// The principals of a tenant, given by its index, or with `nil` of the platform.
    package func principalIndices(ofTenant tenant: Int?) -> Range<Int> {
        (tenant.map { tables.groups[$0] } ?? tables.platform).principals
    }

    /// What the directory says of a tenant.
    ///
    /// - Complexity: O(1).
    package func tenant(at index: Int) -> Tenant { tables.tenants[index] }

    /// What the directory says of a principal.
    ///
    /// - Complexity: O(1).
    package func principal(at index: Int) -> Principal { tables.principals[index] }

    /// The name of a tenant, without a copy of all that is said of it.
    ///
    /// - Complexity: O(1).
    package func tenantName(at index: Int) -> String { tables.tenants[index].name }

    /// The name of a principal, without a copy of all that is said of it.
    ///
    /// - Complexity: O(1).
    package func principalName(at index: Int) -> String { tables.principals[index].name }

    /// The index of a principal's tenant; `nil` if it belongs to the platform.
    package func tenantIndex(ofPrincipal principal: Int) -> Int? {
        let owner = Int(tables.places[principal].owner)
        return owner < 0 ? nil : owner
    }

    /// Whether the first name sorts before (-1), is (0) or sorts after (1) the second, byte by byte.
    private func order(of left: String, and right: Span<UInt8>) -> Int {
        var index = 0
        for byte in left.utf8 {
            if index == right.count { return 1 }
            if byte != right[index] { return byte < right[index] ? -1 : 1 }
            index += 1
        }
        return index == right.count ? 0 : -1
    }
}
