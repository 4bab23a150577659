/// Under what an idempotency key is remembered: whose it is, and which.
///
/// Both are keyed hashes of 128 bits, compared in full. The tenant stands apart, so that what is remembered for one
/// can be counted, and so that no hash of anything else can lead from one tenant to another.
package struct IdempotencyName: Hashable, Sendable, BitwiseCopyable {
    /// The tenant: the hash of its name.
    package let tenant: TenantKey
    /// The hash of the principal, the key, and the kind of memory it is for.
    package let bits: UInt128

    /// What is remembered of a key; keys of the two kinds never meet.
    package enum Kind: UInt64, Sendable {
        /// The answer: where requests go through Headgate.
        case answer = 1
        /// That the request was charged: where Headgate is only asked.
        case charge = 2
    }

    /// Joins the two hashes.
    package init(tenant: TenantKey, bits: UInt128) {
        self.tenant = tenant
        self.bits = bits
    }

    /// Hashes a name.
    ///
    /// - Parameters:
    ///   - hash: the secret hash.
    ///   - tenant: the tenant's name.
    ///   - principal: the principal's name; `nil`: a trusted caller named the tenant alone.
    ///   - key: the bytes of the idempotency key.
    ///   - kind: what is remembered.
    package init(_ hash: KeyedHash, tenant: String, principal: String?, key: Span<UInt8>, kind: Kind) {
        var stream = hash.stream()
        stream.append(kind.rawValue)
        stream.append(principal == nil ? 0 : 1)
        stream.append(counted: (principal ?? "").utf8.span)
        stream.append(counted: key)
        self.init(tenant: TenantKey(bits: hash(tenant)), bits: stream.finish())
    }
}
