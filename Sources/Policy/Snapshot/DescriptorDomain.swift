/// One domain of Envoy's rate limit protocol: what the descriptors that a proxy sends under this name are.
///
/// Either its keys have meanings, so that a descriptor is a call like any other, with tenant, operation and class; or
/// it has limits of its own that count by the keys and values alone, for configurations written for Envoy's reference
/// rate limit service.
package struct DescriptorDomain: Hashable, Sendable {
    /// The name, as the proxy sends it: free text.
    package let name: String
    /// What the keys mean, sorted by key; empty for a domain with limits of its own.
    package let keys: [Key]
    /// The limits of the first entries of descriptors, in canonical order; empty for a domain whose keys have meanings.
    package let limits: [DescriptorNode]

    /// One key of a descriptor and what its value says.
    package struct Key: Hashable, Sendable {
        /// The key, as the proxy sends it: free text.
        package let key: String
        /// What its value says.
        package let meaning: DescriptorMeaning

        /// States a key.
        package init(key: String, meaning: DescriptorMeaning) {
            self.key = key
            self.meaning = meaning
        }
    }

    /// States a domain.
    package init(name: String, keys: [Key] = [], limits: [DescriptorNode] = []) {
        self.name = name
        self.keys = keys
        self.limits = limits
    }

    /// Whether its keys have meanings.
    package var isMapped: Bool { !keys.isEmpty }
}

/// What the value of a descriptor's key says about a call.
package enum DescriptorMeaning: Hashable, Sendable {
    /// The tenant, by name.
    case tenant
    /// The principal, by name.
    case principal
    /// A credential: an API key or a token.
    case credential
    /// The operation, by name.
    case operation
    /// The method of the request.
    case method
    /// The path of the request, with its query if there is one.
    case path
    /// The class that the caller claims.
    case trafficClass
    /// The region the request is for.
    case region
    /// How many cost units it takes.
    case cost
    /// Nothing: the key is known and not looked at.
    case ignored
    /// An attribute; the index of its name, see `DescriptorIndex.attributeName`.
    case attribute(Int)
}
