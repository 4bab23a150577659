internal import NIOCore
internal import NIOHPACK

/// An HTTP/2 request written down as HTTP/1.1, and an HTTP/1.1 answer read back.
///
/// HTTP/2 fields can hold what HTTP/1.1 cannot: line ends, colons in names, blanks in paths. Whoever writes them down
/// without looking lets a stranger write further fields and requests (RFC 9113 §8.2.1, §10.3). Nothing is written here
/// that would be read as something else.
struct HTTP1Message {
    /// Head and body.
    private(set) var bytes = ByteBuffer()

    /// Writes a request down.
    ///
    /// - Throws: the rule that a field breaks. What else may be wrong the parser finds.
    init(_ head: HTTP2RequestHead, _ fields: HPACKHeaders, _ body: ByteBuffer) throws(HTTPViolation) {
        try HTTP1Message.check(head.method, ASCII.isToken, or: .invalidMethod)
        try HTTP1Message.check(head.path, ASCII.isTarget, or: .invalidTarget)
        bytes.writeString("\(head.method) \(head.path) HTTP/1.1\r\n")
        let authority = fields.first(name: ":authority")
        if let authority { try write("host", authority) }
        for (name, value, _) in fields where !name.hasPrefix(":") {
            switch name {
            case "host" where value == authority: continue
            case "content-length": continue  // the framing has held it against the body
            default: try write(name, value)
            }
        }
        bytes.writeString("content-length: \(body.readableBytes)\r\n\r\n")
        bytes.writeImmutableBuffer(body)
    }

    private mutating func write(_ name: String, _ value: String) throws(HTTPViolation) {
        try HTTP1Message.check(name, ASCII.isToken, or: .invalidFieldName)
        try HTTP1Message.check(value, ASCII.isFieldContent, or: .invalidFieldValue)
        bytes.writeString("\(name): \(value)\r\n")
    }

    private static func check(
        _ text: String, _ isAllowed: (UInt8) -> Bool, or violation: HTTPViolation
    ) throws(HTTPViolation) {
        guard text.utf8.allSatisfy(isAllowed) else { throw violation }
    }

    /// Takes the head off an answer of our own writer; `nil` if it is none.
    static func takeHead(from bytes: inout ByteBuffer) -> HPACKHeaders? {
        guard let line = takeLine(from: &bytes), line.utf8.count >= 12 else { return nil }
        var head = HPACKHeaders()
        head.reserveCapacity(16)
        head.add(name: ":status", value: String(line.dropFirst(9).prefix(3)))
        while let line = takeLine(from: &bytes) {
            if line.isEmpty { return head }
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = line[..<colon].lowercased()
            if name != "connection" { head.add(name: name, value: String(line[line.index(colon, offsetBy: 2)...])) }
        }
        return nil
    }

    private static func takeLine(from bytes: inout ByteBuffer) -> String? {
        guard let end = bytes.readableBytesUInt8Span.lineFeed(from: 0), end > 0 else { return nil }
        let line = bytes.readString(length: end - 1)
        bytes.moveReaderIndex(forwardBy: 2)
        return line
    }
}
