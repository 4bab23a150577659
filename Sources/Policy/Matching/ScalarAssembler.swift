/// Puts UTF-8 together byte by byte, strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.
///
/// Table 3-7 of the Unicode Standard, by bounds on the value instead of bounds on the second byte.
struct ScalarAssembler {
    private var value: UInt32 = 0
    private var minimum: UInt32 = 0
    private var missing = 0

    /// Whether no bytes of a scalar are missing.
    var isComplete: Bool { missing == 0 }

    /// Takes a byte at or above 0x80.
    ///
    /// - Returns: the scalar that this byte completes, `nil` while bytes are missing.
    mutating func append(_ byte: UInt8) throws(PathProblem) -> UInt32? {
        guard missing > 0 else {
            try begin(byte)
            return nil
        }
        guard byte & 0xC0 == 0x80 else { throw .invalidUTF8 }
        value = value << 6 | UInt32(byte & 0x3F)
        missing -= 1
        guard missing == 0 else { return nil }
        let isSurrogate = value >= 0xD800 && value <= 0xDFFF
        guard value >= minimum, value <= 0x10_FFFF, !isSurrogate else { throw .invalidUTF8 }
        return value
    }

    private mutating func begin(_ byte: UInt8) throws(PathProblem) {
        switch byte {
        case 0xC0...0xDF: (value, minimum, missing) = (UInt32(byte & 0x1F), 0x80, 1)
        case 0xE0...0xEF: (value, minimum, missing) = (UInt32(byte & 0x0F), 0x800, 2)
        case 0xF0...0xF7: (value, minimum, missing) = (UInt32(byte & 0x07), 0x1_0000, 3)
        default: throw .invalidUTF8
        }
    }
}
