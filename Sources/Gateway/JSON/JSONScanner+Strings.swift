extension JSONScanner {
    /// Reads a string.
    ///
    /// - Returns: where it stands in `bytes`, decoded and without its quotes.
    package mutating func readString() throws(JSONError) -> ByteRange {
        try expect(.string)
        let start = offset + 1
        let scan = try findEnd(from: start)
        offset = scan.end + 1
        if scan.isASCII, scan.firstEscape == nil { return ByteRange(start..<scan.end) }
        if !scan.isASCII { try checkUTF8(start..<scan.end) }
        guard let escape = scan.firstEscape else { return ByteRange(start..<scan.end) }
        return ByteRange(start..<(try unescape(from: escape, to: scan.end)))
    }

    /// What a first look at a string finds.
    private struct StringScan {
        var end: Int
        var firstEscape: Int?
        var isASCII: Bool
    }

    private func findEnd(from start: Int) throws(JSONError) -> StringScan {
        let text = bytes.span
        var scan = StringScan(end: start, isASCII: true)
        while true {
            scan.end = text.firstIndex(in: scan.end..<text.count) { word in
                word.nonASCII | word.below(ASCII.space) | word.equal(to: ASCII.quote) | word.equal(to: ASCII.backslash)
            }
            guard scan.end < text.count else { throw syntax("a string has no end", at: start - 1) }
            switch text[scan.end] {
            case ASCII.quote: return scan
            case ASCII.backslash:
                scan.firstEscape = scan.firstEscape ?? scan.end
                // What is escaped is not looked at here, were it a quotation mark.
                scan.end = min(scan.end + 2, text.count)
            case 0..<ASCII.space: throw syntax("a control character stands in a string; escape it", at: scan.end)
            default:
                scan.isASCII = false
                scan.end += 1
            }
        }
    }

    private func checkUTF8(_ range: Range<Int>) throws(JSONError) {
        do { _ = try UTF8Span(validating: bytes.span.extracting(range)) } catch {
            throw syntax("a string is not UTF-8", at: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// Decodes the escapes of a string in place.
    ///
    /// - Returns: the end of the decoded string, which is never behind the end of the escaped one.
    private mutating func unescape(from start: Int, to end: Int) throws(JSONError) -> Int {
        var (read, write) = (start, start)
        while read < end {
            guard bytes[read] == ASCII.backslash else {
                bytes[write] = bytes[read]
                (read, write) = (read + 1, write + 1)
                continue
            }
            if bytes[read + 1] == UInt8(ascii: "u") {
                let (scalar, length) = try decodeScalar(at: read, end: end)
                read += length
                for byte in scalar.utf8 {
                    bytes[write] = byte
                    write += 1
                }
                continue
            }
            guard let byte = JSONScanner.meaning(ofEscape: bytes[read + 1]) else {
                throw syntax("a backslash stands before a character that has no escape", at: read)
            }
            bytes[write] = byte
            (read, write) = (read + 2, write + 1)
        }
        return write
    }

    /// Decodes `\u` and four digits, or two such that make a surrogate pair (RFC 8259 §7).
    private func decodeScalar(at start: Int, end: Int) throws(JSONError) -> (scalar: Unicode.Scalar, length: Int) {
        let first = try decodeUnit(at: start, end: end)
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        let second = start + 6
        guard UTF16.isLeadSurrogate(first), second + 1 < end, bytes[second] == ASCII.backslash,
            bytes[second + 1] == UInt8(ascii: "u")
        else { throw syntax("half of a surrogate pair stands alone", at: start) }
        let low = try decodeUnit(at: second, end: end)
        guard UTF16.isTrailSurrogate(low),
            let scalar = Unicode.Scalar(0x1_0000 + (UInt32(first - 0xD800) << 10 | UInt32(low - 0xDC00)))
        else { throw syntax("half of a surrogate pair stands alone", at: start) }
        return (scalar, 12)
    }

    private func decodeUnit(at start: Int, end: Int) throws(JSONError) -> UInt16 {
        guard start + 6 <= end else { throw syntax("`\\u` needs four hexadecimal digits", at: start) }
        var unit: UInt16 = 0
        for index in start + 2..<start + 6 {
            guard let digit = ASCII.hexadecimalValue(bytes[index]) else {
                throw syntax("`\\u` needs four hexadecimal digits", at: start)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private static func meaning(ofEscape byte: UInt8) -> UInt8? {
        switch byte {
        case ASCII.quote, ASCII.backslash, ASCII.slash: byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): ASCII.lineFeed
        case UInt8(ascii: "r"): ASCII.carriageReturn
        case UInt8(ascii: "t"): ASCII.tab
        default: nil
        }
    }
}
