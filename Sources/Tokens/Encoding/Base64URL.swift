internal import Foundation

/// Base 64 with the alphabet of RFC 4648 §5 and without padding: the only form that JOSE has.
enum Base64URL {
    /// Text for bytes.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes of a text; `nil` for other characters, padding, an impossible length, and bits that no byte has.
    ///
    /// The last is what makes one text out of one run of bytes: else a token had several spellings, and a list of
    /// withdrawn ones would have to know them all.
    static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var word: UInt32 = 0
        var count = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            word = word << 6 | value
            count += 1
            if count == 4 {
                result += [UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
                (word, count) = (0, 0)
            }
        }
        switch count {
        case 0: return result
        case 2 where word & 15 == 0: return result + [UInt8(word >> 4)]
        case 3 where word & 3 == 0: return result + [UInt8(word >> 10), UInt8(word >> 2 & 255)]
        default: return nil
        }
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
