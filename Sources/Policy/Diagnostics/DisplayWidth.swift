/// How many columns of a terminal a text takes.
///
/// East Asian wide and fullwidth characters and pictographs take two (Unicode Standard Annex #11), combining marks
/// none. Ranges and not single characters: the underline of a diagnostic has to stand below the right word, no more.
enum DisplayWidth {
    /// The columns that scalars take together.
    static func columns(of scalars: some Sequence<Unicode.Scalar>) -> Int { scalars.reduce(0) { $0 + columns(of: $1) } }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F,  // Hangul leading consonants
            0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,  // CJK, kana, Yi
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
