internal import Policy
internal import Vocabulary

/// The counter that a descriptor leads to in a domain with limits of its own.
struct DescriptorCounter {
    /// The node of the policy's `DescriptorIndex` that has the limit.
    let node: Int
    /// The limit's plan, an index into the policy's `enginePlans`.
    let plan: Int
    /// How far the limit is enforced.
    let stage: Stage
    /// Under which the engine keeps it.
    let key: TenantKey
}

/// Names counters: the keyed hash of the limit's name and of the values that tell its counters apart.
///
/// Every part stands behind its length, so that no two different lists of values can be written the same way: what
/// joins values with a separator lets two descriptors share a counter.
struct CounterNaming: ~Copyable {
    private var bytes = ByteWriter()
    private let hash: KeyedHash

    /// Names with a secret key.
    init(hash: KeyedHash) { self.hash = hash }

    /// Begins with the limit.
    mutating func begin(_ limit: DescriptorLimit, in policy: Snapshot) {
        bytes.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        bytes.write(0xFF)  // no tenant's name begins with this byte, so no counter is a tenant
        let name = policy.enginePlans[limit.plan].name
        bytes.write(varint: UInt64(name.utf8.count))
        bytes.write(name)
    }

    /// Adds a value.
    mutating func add(_ value: Span<UInt8>) {
        bytes.write(varint: UInt64(value.count))
        bytes.write(value)
    }

    /// The name.
    var key: TenantKey { TenantKey(bits: bytes.withBytes { hash($0) }) }
}
