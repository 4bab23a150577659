/// Decoded and case-folded bytes, as many as a literal can have.
///
/// Lives on the stack, so that a match allocates nothing. Readers get `bytes.span`, never the whole value: the compiler
/// would copy it.
struct FoldedText: ~Copyable {
    /// The bytes; only the first `length` mean anything.
    private(set) var bytes = InlineArray<256, UInt8>(repeating: 0)
    /// How many bytes there are, or that the text equals no literal.
    private var count = 0

    /// The longest literal in bytes; real ones are words.
    static let bytesMax = 255

    /// The number of bytes; `nil` for a text that is too long or not ASCII and therefore equals no literal.
    var length: Int? { count <= FoldedText.bytesMax ? count : nil }

    /// Forgets the text.
    mutating func clear() { count = 0 }

    /// Appends one ASCII byte in lower case.
    mutating func append(_ byte: UInt8) {
        guard count < FoldedText.bytesMax else { return markUnequal() }
        bytes[count] = byte.lowercasedASCII
        count += 1
    }

    /// Notes that the text equals no literal, whatever follows.
    mutating func markUnequal() { count = FoldedText.bytesMax + 1 }
}

extension UInt8 {
    /// The lower-case letter of an ASCII capital; any other byte unchanged.
    var lowercasedASCII: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
