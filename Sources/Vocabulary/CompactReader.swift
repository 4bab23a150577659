/// Reads what `CompactWriter` wrote; whatever else the bytes may be, it throws and never traps.
package struct CompactReader {
    /// All bytes.
    package let bytes: [UInt8]
    /// Where the next one stands.
    package private(set) var position = 0

    /// Why bytes cannot be read.
    package struct Malformed: Error, Hashable {
        /// Where in the bytes.
        package let position: Int

        /// States where.
        package init(position: Int) { self.position = position }
    }

    /// Starts at the first byte.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether everything was read.
    package var isAtEnd: Bool { position == bytes.count }

    /// Reads a number that is never negative.
    package mutating func unsigned() throws(Malformed) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try next()
            let digits = UInt64(byte & 0x7F)
            guard shift < 63 || digits <= 1 else { throw Malformed(position: position) }
            number |= digits << shift
            if byte & 0x80 == 0 { return number }
        }
        throw Malformed(position: position)
    }

    /// Reads a signed number.
    package mutating func signed() throws(Malformed) -> Int64 {
        let folded = try unsigned()
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    /// Reads a truth value.
    package mutating func flag() throws(Malformed) -> Bool {
        switch try next() {
        case 0: return false
        case 1: return true
        default: throw Malformed(position: position)
        }
    }

    /// Reads a number that may be missing.
    package mutating func optionalSigned() throws(Malformed) -> Int64? { try flag() ? try signed() : nil }

    /// Reads a text.
    package mutating func text() throws(Malformed) -> String {
        let count = try unsigned()
        guard count <= UInt64(bytes.count - position) else { throw Malformed(position: position) }
        let end = position + Int(count)
        defer { position = end }
        guard let text = String(validating: bytes[position..<end], as: UTF8.self) else {
            throw Malformed(position: position)
        }
        return text
    }

    /// Reads a text that may be missing.
    package mutating func optionalText() throws(Malformed) -> String? { try flag() ? try text() : nil }

    /// Reads a tenant.
    package mutating func tenant() throws(Malformed) -> TenantKey {
        let low = UInt128(try fixed())
        return TenantKey(bits: UInt128(try fixed()) << 64 | low)
    }

    /// Reads a number in eight bytes.
    package mutating func fixed() throws(Malformed) -> UInt64 {
        guard bytes.count - position >= 8 else { throw Malformed(position: position) }
        var number: UInt64 = 0
        for index in 0..<8 { number |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += 8
        return number
    }

    private mutating func next() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed(position: position) }
        defer { position += 1 }
        return bytes[position]
    }
}
