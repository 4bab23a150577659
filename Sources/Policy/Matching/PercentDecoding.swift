/// Percent-encoding (RFC 3986, §2.1), decoded exactly once.
enum PercentDecoding {
    /// Reads one byte of a path and steps over it.
    ///
    /// - Parameters:
    ///   - path: the raw path.
    ///   - offset: where to read; afterwards the offset of the next byte.
    ///   - end: where the path ends; `offset` is below it.
    /// - Returns: the byte, decoded.
    /// - Throws: `.rawByte` for what a URI cannot hold, `.malformedEscape` for a `%` without two digits.
    static func byte(of path: Span<UInt8>, at offset: inout Int, end: Int) throws(PathProblem) -> UInt8 {
        let byte = path[offset]
        offset += 1
        guard byte > 0x20, byte < 0x7F else { throw .rawByte }
        guard byte == UInt8(ascii: "%") else { return byte }
        guard offset + 2 <= end, let high = digit(path[offset]), let low = digit(path[offset + 1]) else {
            throw .malformedEscape
        }
        offset += 2
        return high << 4 | low
    }

    /// The value of a hexadecimal digit, `nil` for any other byte.
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension PercentDecoding {
    /// A literal as a pattern writes it: all but letters, digits and `-._~!$&'()+,=@` as escapes.
    static func encoded(_ literal: String) -> String {
        var text = ""
        for byte in literal.utf8 {
            if isPlain(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += byte < 0x10 ? "%0" : "%"
                text += String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()+,=@".utf8.contains(byte)
        }
    }
}
