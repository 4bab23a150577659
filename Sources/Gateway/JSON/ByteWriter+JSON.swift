extension ByteWriter {
    /// Appends a JSON string: quotes around, escapes inside where RFC 8259 §7 demands them.
    ///
    /// - Complexity: O(n).
    mutating func write(json text: String) { write(quoting: text.utf8.span) }

    /// Appends a JSON string; bytes that are not UTF-8 become U+FFFD.
    mutating func write(json text: Span<UInt8>) {
        // The view is not used: its making is the check.
        guard (try? UTF8Span(validating: text)) != nil else { return write(json: text.string(0..<text.count)) }
        write(quoting: text)
    }

    private mutating func write(quoting text: Span<UInt8>) {
        write(ASCII.quote)
        write(escaping: text)
        write(ASCII.quote)
    }

    /// Appends what stands between the quotes, in one go if it needs no escapes: names and paths do not.
    mutating func write(escaping text: Span<UInt8>) {
        guard ByteWriter.needsEscape(text) else { return write(text) }
        for index in text.indices { write(escaping: text[index]) }
    }

    private static func needsEscape(_ text: Span<UInt8>) -> Bool {
        let index = text.firstIndex(in: 0..<text.count) { word in
            word.below(ASCII.space) | word.equal(to: ASCII.quote) | word.equal(to: ASCII.backslash)
        }
        return index < text.count
    }

    private mutating func write(escaping byte: UInt8) {
        switch byte {
        case ASCII.quote: write(literal: "\\\"")
        case ASCII.backslash: write(literal: "\\\\")
        case ASCII.lineFeed: write(literal: "\\n")
        case ASCII.carriageReturn: write(literal: "\\r")
        case ASCII.tab: write(literal: "\\t")
        case 0..<ASCII.space:
            write(literal: "\\u00")
            write(ASCII.hexadecimalDigit(byte >> 4))
            write(ASCII.hexadecimalDigit(byte & 15))
        default: write(byte)
        }
    }
}
