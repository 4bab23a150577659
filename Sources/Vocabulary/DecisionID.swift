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
        let low = UInt64(truncatingIfNeeded: bits)
        let high = UInt64(truncatingIfNeeded: bits >> 64)
        var characters = InlineArray<26, UInt8>(repeating: 0)
        let first = DecisionID.digits(high >> 56)
        characters[0] = UInt8(truncatingIfNeeded: first >> 48)
        characters[1] = UInt8(truncatingIfNeeded: first >> 56)
        // SAFETY: any bytes are characters, and the span checks that what is stored fits.
        var span = characters.mutableSpan
        var bytes = unsafe span.mutableBytes
        bytes.storeBytes(of: DecisionID.digits(high >> 16), toByteOffset: 2, as: UInt64.self)
        bytes.storeBytes(of: DecisionID.digits(high << 24 | low >> 40), toByteOffset: 10, as: UInt64.self)
        bytes.storeBytes(of: DecisionID.digits(low), toByteOffset: 18, as: UInt64.self)
        return characters
    }

    /// The lower 40 bits as eight digits of Crockford's base 32, which leaves out I, L, O and U; the first digit stands
    /// first in memory.
    ///
    /// Eight digits at once, one in each byte: each is its value and `0`, 7 more from 10 on, where the letters begin,
    /// and 1 more behind each letter that is left out. No byte overflows: the largest sum is `Z`.
    private static func digits(_ number: UInt64) -> UInt64 {
        var values = number & 0xF_FFFF | (number >> 20 & 0xF_FFFF) << 32
        values = values & 0x0000_03FF_0000_03FF | (values & 0x000F_FC00_000F_FC00) << 6
        values = values & 0x001F_001F_001F_001F | (values & 0x03E0_03E0_03E0_03E0) << 3
        let digits =
            values &+ 0x3030_3030_3030_3030 &+ ones(values, from: 10) &* 7 &+ ones(values, from: 18)
            &+ ones(values, from: 20) &+ ones(values, from: 22) &+ ones(values, from: 27)
        return UInt64(bigEndian: digits)
    }

    /// A one in each byte whose value is at least so large; all are below 32.
    private static func ones(_ values: UInt64, from least: UInt64) -> UInt64 {
        (values &+ (0x80 - least) &* 0x0101_0101_0101_0101) >> 7 & 0x0101_0101_0101_0101  // no byte carries over
    }
}

extension DecisionID: CustomStringConvertible {
    /// The 26 characters.
    package var description: String {
        let characters = characters
        // SAFETY: the pointer is used only inside the closure that lends it.
        return unsafe characters.span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
