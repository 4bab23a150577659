/// Decoded and case-folded bytes, as many as a literal can have.
///
/// Lives on the stack, so that a match allocates nothing. Readers get `bytes.span`, never the whole value: the compiler
/// would copy it.
struct FoldedText: ~Copyable {
    /// The bytes; only the first `prefixLength` mean anything.
    ///
    /// The longest literal fits, and a dot behind it.
    private(set) var bytes = InlineArray<256, UInt8>(repeating: 0)
    /// How many bytes there are before the text becomes too long, or the first character that no literal holds.
    private(set) var prefixLength = 0
    /// Whether the bytes are the whole text.
    private var isWhole = true
    /// Whether a dot stands behind the bytes.
    private(set) var hasDotBehind = false

    /// The longest literal in bytes; real ones are words.
    static let bytesMax = 255

    /// The number of bytes; `nil` for a text that is too long or not ASCII and therefore equals no literal.
    var length: Int? { isWhole && prefixLength <= FoldedText.bytesMax ? prefixLength : nil }

    /// Forgets the text.
    mutating func clear() {
        prefixLength = 0
        isWhole = true
        hasDotBehind = false
    }

    /// Appends one ASCII byte in lower case.
    mutating func append(_ byte: UInt8) {
        guard isWhole, prefixLength <= FoldedText.bytesMax else { return appendBehind(byte) }
        bytes[prefixLength] = byte.lowercasedASCII
        prefixLength += 1
    }

    /// Notes that the text equals no literal, whatever follows.
    mutating func markUnequal() { isWhole = false }

    private mutating func appendBehind(_ byte: UInt8) {
        isWhole = false
        if byte == UInt8(ascii: ".") { hasDotBehind = true }
    }
}

extension UInt8 {
    /// The lower-case letter of an ASCII capital; any other byte unchanged.
    var lowercasedASCII: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
