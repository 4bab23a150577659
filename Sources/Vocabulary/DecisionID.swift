/// The name of one decision: a ULID, 48 bits of milliseconds and 80 bits that no other decision shares.
///
/// Sorts by time. Written in Crockford's base 32, 26 characters (github.com/ulid/spec).
package struct DecisionID: Hashable, Comparable, Sendable {
    /// All 128 bits, the time in the upper 48.
    package var bits: UInt128

    /// Wraps 128 bits.
    package init(bits: UInt128) { self.bits = bits }

    /// Joins a moment and 80 bits of uniqueness; higher bits of `unique` are ignored.
    package init(wall: WallTime, unique: UInt128) {
        let time = UInt128(UInt64(clamping: wall.milliseconds) & 0xFFFF_FFFF_FFFF)
        bits = time << 80 | unique & (1 << 80 - 1)
    }

    /// Reads 26 characters of Crockford's base 32, upper or lower case; anything else is `nil`.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 26 else { return nil }
        var bits: UInt128 = 0
        for (position, byte) in text.utf8.enumerated() {
            guard let digit = DecisionID.value(of: byte) else { return nil }
            guard position > 0 || digit < 8 else { return nil }
            bits = bits << 5 | UInt128(digit)
        }
        self.bits = bits
    }

    /// When the decision fell.
    package var wall: WallTime { WallTime(milliseconds: Int64(bits >> 80)) }

    package static func < (left: DecisionID, right: DecisionID) -> Bool { left.bits < right.bits }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value(of: byte - 32)
        case UInt8(ascii: "A")...UInt8(ascii: "H"): byte - 55
        case UInt8(ascii: "J"), UInt8(ascii: "K"): byte - 56
        case UInt8(ascii: "M"), UInt8(ascii: "N"): byte - 57
        case UInt8(ascii: "P")...UInt8(ascii: "T"): byte - 58
        case UInt8(ascii: "V")...UInt8(ascii: "Z"): byte - 59
        default: nil
        }
    }

    /// The 26 ASCII characters; no allocation.
    package var characters: InlineArray<26, UInt8> {
        // In two words, because a shift of 128 bits costs as much as the rest together.
        var low = UInt64(truncatingIfNeeded: bits)
        var high = UInt64(truncatingIfNeeded: bits >> 64)
        var characters = InlineArray<26, UInt8>(repeating: 0)
        for position in stride(from: 25, through: 0, by: -1) {
            // SAFETY: the digit is below 32, as many as the alphabet has; literals never move.
            characters[position] = unsafe DecisionID.alphabet.utf8Start[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return characters
    }

    /// Crockford's base 32: no I, L, O and U.
    private static let alphabet: StaticString = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
}

extension DecisionID: CustomStringConvertible {
    /// The 26 characters.
    package var description: String {
        let characters = characters
        // SAFETY: the pointer is used only inside the closure that lends it.
        return unsafe characters.span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
