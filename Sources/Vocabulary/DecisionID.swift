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

    /// Calls back with the 26 ASCII characters, first to last; no allocation.
    package func forEachCharacter(_ body: (UInt8) -> Void) {
        for position in 0..<26 {
            let digit = UInt8(truncatingIfNeeded: bits >> UInt128(125 - position * 5)) & 31
            body(DecisionID.character(of: digit))
        }
    }

    private static func character(of digit: UInt8) -> UInt8 {
        switch digit {
        case 0..<10: digit + UInt8(ascii: "0")
        case 10..<18: digit + 55
        case 18, 19: digit + 56
        case 20, 21: digit + 57
        case 22..<27: digit + 58
        default: digit + 59
        }
    }
}

extension DecisionID: CustomStringConvertible {
    /// The 26 characters.
    package var description: String {
        var text = ""
        text.reserveCapacity(26)
        forEachCharacter { text.unicodeScalars.append(Unicode.Scalar($0)) }
        return text
    }
}
