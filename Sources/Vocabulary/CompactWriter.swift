/// Appends numbers and texts to bytes, small numbers in few of them.
///
/// Numbers are LEB128: seven bits per byte, lowest first, the eighth says that more follow. Signed ones are folded
/// first (0, -1, 1, -2, … become 0, 1, 2, 3, …), so that small negatives stay small.
package struct CompactWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    /// Starts empty, with room for a typical record.
    package init() { bytes.reserveCapacity(256) }

    /// Appends a number that is never negative.
    package mutating func append(_ number: UInt64) {
        var rest = number
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends a signed number.
    package mutating func append(_ number: Int64) { append(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    /// Appends a truth value.
    package mutating func append(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    /// Appends a number that may be missing.
    package mutating func append(_ number: Int64?) {
        append(number != nil)
        if let number { append(number) }
    }

    /// Appends a text: its length in bytes, then its UTF-8.
    package mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends a text that may be missing.
    package mutating func append(_ text: String?) {
        append(text != nil)
        if let text { append(text) }
    }

    /// Appends a tenant: 16 bytes, the lowest first.
    package mutating func append(_ tenant: TenantKey) {
        append(fixed: UInt64(truncatingIfNeeded: tenant.bits))
        append(fixed: UInt64(truncatingIfNeeded: tenant.bits >> 64))
    }

    /// Appends a number in eight bytes, the lowest first: for those that are never small.
    package mutating func append(fixed number: UInt64) {
        var rest = number
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Appends what was written before.
    package mutating func append(copying written: ArraySlice<UInt8>) { bytes.append(contentsOf: written) }
}
