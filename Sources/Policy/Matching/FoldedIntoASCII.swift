/// The letters beyond ASCII that some case comparison takes for ASCII letters, in lower case; `nil` for all others.
///
/// `CaseFolding.txt` of the Unicode Character Database: all entries, Turkic ones included, whose folding is ASCII.
/// Java's `equalsIgnoreCase` and `Character.toLowerCase`, and the case-insensitive regular expressions of Python,
/// Go and Ruby, use parts of this list: `/v1/%E2%84%AAeys` (a Kelvin sign) reaches the route `/v1/keys` there.
/// Treating these letters as their ASCII counterparts closes that gap and still lets names such as `Straße`
/// through as parameters.
func foldedIntoASCII(_ scalar: UInt32) -> (first: UInt8, second: UInt8?, third: UInt8?)? {
    switch scalar {
    case 0x00DF, 0x1E9E: (UInt8(ascii: "s"), UInt8(ascii: "s"), nil)
    case 0x0130, 0x0131: (UInt8(ascii: "i"), nil, nil)
    case 0x017F: (UInt8(ascii: "s"), nil, nil)
    case 0x212A: (UInt8(ascii: "k"), nil, nil)
    case 0xFB00: (UInt8(ascii: "f"), UInt8(ascii: "f"), nil)
    case 0xFB01: (UInt8(ascii: "f"), UInt8(ascii: "i"), nil)
    case 0xFB02: (UInt8(ascii: "f"), UInt8(ascii: "l"), nil)
    case 0xFB03: (UInt8(ascii: "f"), UInt8(ascii: "f"), UInt8(ascii: "i"))
    case 0xFB04: (UInt8(ascii: "f"), UInt8(ascii: "f"), UInt8(ascii: "l"))
    case 0xFB05, 0xFB06: (UInt8(ascii: "s"), UInt8(ascii: "t"), nil)
    default: nil
    }
}
