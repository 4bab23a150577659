internal import NIOCore

extension ByteBuffer {
    /// Appends a JSON string: quotes around, escapes inside where RFC 8259 §7 demands them.
    ///
    /// - Complexity: O(n), no allocation for native strings beyond the buffer's own growth.
    mutating func writeJSONString(_ text: String) {
        writeInteger(ASCII.quote)
        let start = writerIndex
        writeString(text)
        escapeTail(from: start)
        writeInteger(ASCII.quote)
    }

    /// Appends a JSON string; bytes that are not UTF-8 become U+FFFD.
    mutating func writeJSONString(_ bytes: Span<UInt8>) {
        guard (try? UTF8Span(validating: bytes)) != nil else {
            return writeJSONString(bytes.string(0..<bytes.count))
        }
        writeInteger(ASCII.quote)
        let start = writerIndex
        writeSpan(bytes)
        escapeTail(from: start)
        writeInteger(ASCII.quote)
    }

    /// Rewrites the end of the buffer with escapes, if it needs any: names and paths do not.
    private mutating func escapeTail(from start: Int) {
        guard needsEscape(from: start), let raw = getBytes(at: start, length: writerIndex - start) else { return }
        moveWriterIndex(to: start)
        for byte in raw { writeEscaped(byte) }
    }

    private func needsEscape(from start: Int) -> Bool {
        let bytes = readableBytesUInt8Span
        for index in start - readerIndex..<bytes.count {
            let byte = bytes[index]
            if byte < ASCII.space || byte == ASCII.quote || byte == ASCII.backslash { return true }
        }
        return false
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case ASCII.quote: writeStaticString("\\\"")
        case ASCII.backslash: writeStaticString("\\\\")
        case ASCII.lineFeed: writeStaticString("\\n")
        case ASCII.carriageReturn: writeStaticString("\\r")
        case ASCII.tab: writeStaticString("\\t")
        case 0..<ASCII.space:
            writeStaticString("\\u00")
            writeInteger(ASCII.hexadecimalDigit(byte >> 4))
            writeInteger(ASCII.hexadecimalDigit(byte & 15))
        default: writeInteger(byte)
        }
    }
}
