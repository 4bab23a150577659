package import Policy

/// Addresses that begin alike, or a single one: `198.51.100.0/24`, `2001:db8::/64`, `192.0.2.7`.
package struct AddressPrefix: Hashable, Sendable {
    /// The first address.
    package let address: IPAddress
    /// How many bits they have in common, of 128.
    package let length: Int

    /// The addresses that share the first bits with one.
    package init(_ address: IPAddress, length: Int = 128) {
        self.address = IPAddress(bits: address.prefix(length))
        self.length = length
    }

    /// The prefix of an address that a policy counts as one subject.
    package init(_ address: IPAddress, by policy: AbusePolicy) {
        self.init(
            address,
            length: address.isVersion4 ? IPAddress.mappedBits + policy.prefixBitsIPv4 : policy.prefixBitsIPv6)
    }

    /// The shortest prefix of version 4 that may be stated by hand: a sixteenth of a percent of all addresses.
    private static let version4Min = 8
    /// The shortest prefix of version 6: what one registry gives to a whole region is at least a /12.
    private static let version6Min = 16

    /// Reads `198.51.100.0/24`, or a single address; bits behind the prefix must be zero.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, !first.contains("["), let address = IPAddress(String(first)),
            !address.isVersion4 || !first.contains(":")
        else { return nil }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        let most = address.isVersion4 ? 32 : 128
        let least = address.isVersion4 ? Self.version4Min : Self.version6Min
        guard let length = Int(parts[1]), (least...most).contains(length) else { return nil }
        let bits = address.isVersion4 ? IPAddress.mappedBits + length : length
        guard address.prefix(bits) == address.bits else { return nil }
        self.init(address, length: bits)
    }

    /// Whether it is a single address.
    package var isSingle: Bool { length == 128 }

    /// Whether an address is among them.
    package func contains(_ other: IPAddress) -> Bool { other.prefix(length) == address.bits }
}

extension AddressPrefix: CustomStringConvertible {
    /// As it is written in calls and records.
    package var description: String {
        guard !isSingle else { return address.description }
        return "\(address)/\(address.isVersion4 ? length - IPAddress.mappedBits : length)"
    }
}
