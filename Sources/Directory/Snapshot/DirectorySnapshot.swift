internal import Vocabulary
internal import Synchronization

/// A directory frozen for requests: flat, immutable, read without locks.
///
/// A new version of the directory is a new snapshot; the data plane swaps one reference, and a request uses one
/// snapshot from start to end. Indices into it mean nothing in another one.
package final class DirectorySnapshot: Sendable {
    /// A number that no other snapshot of this process has: caches are bound to it.
    package let generation: UInt64
    /// The tenants, in the order of the contents.
    package let tenants: [Tenant]
    /// The principals, those of one owner together, sorted by name; the owners in the order of the tenants, the
    /// platform last.
    package let principals: [Principal]
    /// Where plans, regions and classes are named: what a policy has to know.
    package let mentions: Mentions
    /// Makes the codes of credentials; `nil` if the directory has no keys.
    let authenticator: CredentialAuthenticator?
    /// The index of each principal's tenant; the number of tenants stands for the platform.
    let ownerOfPrincipal: [Int32]
    /// The first principal of each owner, and the number of principals at the end.
    let firstPrincipalOfOwner: [Int32]
    /// The keys, in the order of the principals.
    let keys: [KeyRecord]
    /// Finds keys by their codes.
    let keyTable: IndexTable
    /// Finds tenants by the hashes of their names.
    let tenantTable: IndexTable
    /// Hashes names for `tenantTable`.
    let nameHash: KeyedHash

    private static let generations = Atomic<UInt64>(0)

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

    /// Freezes a directory.
    ///
    /// - Parameters:
    ///   - contents: what the directory says.
    ///   - authenticator: makes the codes of credentials; may be `nil` if there are no keys.
    ///   - mentions: where the contents name things of a policy, if they come from a file.
    /// - Precondition: names of tenants, names of principals under one owner, ids and hashes of keys are unique; every
    ///   principal's tenant exists. Sources diagnose the contrary before they come here.
    /// - Complexity: O(n log n).
    package init(
        _ contents: DirectoryContents, authenticator: CredentialAuthenticator?, mentions: Mentions? = nil
    ) {
        generation = Self.generations.wrappingAdd(1, ordering: .relaxed).newValue
        let nameHash = KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
        let tenantTable = Self.table(of: contents.tenants, hash: nameHash)
        let owners = contents.principals.map {
            Self.ownerIndex(of: $0, tenants: contents.tenants, table: tenantTable, hash: nameHash)
        }
        let order = Self.order(of: contents.principals, owners: owners)
        tenants = contents.tenants
        principals = order.map { contents.principals[$0] }
        ownerOfPrincipal = order.map { owners[$0] }
        firstPrincipalOfOwner = Self.starts(of: ownerOfPrincipal, ownerCount: contents.tenants.count + 1)
        keys = Self.records(of: principals)
        keyTable = Self.table(of: keys)
        self.nameHash = nameHash
        self.tenantTable = tenantTable
        self.authenticator = authenticator
        self.mentions = mentions ?? Mentions(of: contents)
    }
}
