/// Decoded and case-folded bytes, as many as a literal can have.
///
/// Lives on the stack: a match allocates nothing.
struct FoldedText {
    /// The bytes; only the first `count` mean anything.
    private(set) var bytes = InlineArray<256, UInt8>(repeating: 0)
    /// How many bytes there are; `FoldedText.overflow` when the text is no candidate for a literal.
    private(set) var count = 0

    /// The longest literal in bytes; real ones are words.
    static let bytesMax = 255
    /// The count of a text that is too long, or not ASCII, and therefore equals no literal.
    static let overflow = 256

    /// Forgets the text.
    mutating func clear() { count = 0 }

    /// Appends one ASCII byte in lower case.
    mutating func append(_ byte: UInt8) {
        guard count < FoldedText.bytesMax else { return markOverflow() }
        bytes[count] = byte.lowercasedASCII
        count += 1
    }

    /// Notes that the text equals no literal, whatever follows.
    mutating func markOverflow() { count = FoldedText.overflow }

    /// Cuts the text down to its first bytes.
    ///
    /// - Precondition: the text has not overflown and has at least this many bytes.
    func prefix(_ length: Int) -> FoldedText {
        precondition(length <= count && count <= FoldedText.bytesMax, "no prefix of \(length) in \(count) bytes")
        var prefix = self
        prefix.count = length
        return prefix
    }

    /// The first index, from `start` on, at which a byte stands; `nil` if there is none.
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard count <= FoldedText.bytesMax else { return nil }
        return (start..<max(start, count)).first { bytes[$0] == byte }
    }

    /// The last index, down to `start`, at which a byte stands; `nil` if there is none.
    func lastIndex(of byte: UInt8, from start: Int) -> Int? {
        guard count <= FoldedText.bytesMax else { return nil }
        return (start..<max(start, count)).last { bytes[$0] == byte }
    }
}

extension UInt8 {
    /// The lower-case letter of an ASCII capital; any other byte unchanged.
    var lowercasedASCII: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}

extension FoldedText: CustomStringConvertible {
    /// The text as a string.
    var description: String { String(decoding: (0..<min(count, FoldedText.bytesMax)).map { bytes[$0] }, as: UTF8.self) }
}
