/// Crockford's base 32 in upper case: digits and letters without I, L, O and U (crockford.com/base32.html).
///
/// Headgate writes and accepts one form only: no lower case, no look-alikes, no hyphens. A key then has one text, and
/// the code over its text is the code of the key.
package enum Crockford {
    /// The ASCII character of the lowest five bits.
    package static func character(of value: UInt64) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: value & 31)
        return switch digit {
        case 0..<10: digit + UInt8(ascii: "0")
        case 10..<18: digit + 55
        case 18, 19: digit + 56
        case 20, 21: digit + 57
        case 22..<27: digit + 58
        default: digit + 59
        }
    }

    /// Whether a byte is one of the 32 characters.
    package static func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            byte != UInt8(ascii: "I") && byte != UInt8(ascii: "L") && byte != UInt8(ascii: "O")
                && byte != UInt8(ascii: "U")
        default: false
        }
    }

    /// Characters with five random bits each.
    ///
    /// - Precondition: `count` is a multiple of eight: each draw of the generator gives eight characters.
    package static func random(count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
        precondition(count % 8 == 0, "random characters come in eights (are \(count))")
        var characters: [UInt8] = []
        characters.reserveCapacity(count)
        while characters.count < count { characters += digits(of: generator.next(), count: 8) }
        return characters
    }

    /// The lowest bits of a number, five to a character, the highest first.
    package static func digits(of value: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { character(of: value >> UInt64(5 * (count - 1 - $0))) }
    }
}
