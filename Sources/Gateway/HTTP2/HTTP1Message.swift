internal import NIOCore

/// An HTTP/2 request written down as HTTP/1.1, and an HTTP/1.1 answer read back.
///
/// HTTP/2 fields can hold what HTTP/1.1 cannot: line ends, colons in names, blanks in paths. Whoever writes them down
/// without looking lets a stranger write further fields and requests (RFC 9113 §8.2.1, §10.3). Nothing is written here
/// that would be read as something else.
struct HTTP1Message {
    /// Whether the answer has no body: the method is HEAD.
    private(set) var omitsBody = false
    private var head = ByteBuffer()

    /// The memory it takes.
    var storageBytes: Int { head.storageCapacity }

    /// Writes a head down.
    ///
    /// - Throws: the rule that a field breaks. What else may be wrong the parser finds.
    init(_ request: HTTP2RequestHead, _ fields: borrowing HTTP2Fields) throws(HTTPViolation) {
        head.reserveCapacity(fields.listBytes + 64)
        try fields.bytes.withBytes { bytes throws(HTTPViolation) in
            try write(bytes, request.method, ASCII.isToken, or: .invalidMethod)
            omitsBody = bytes.equals(request.method.range, "HEAD")
            head.writeStaticString(" ")
            try write(bytes, request.path, ASCII.isTarget, or: .invalidTarget)
            head.writeStaticString(" HTTP/1.1\r\n")
            if let authority = request.authority {
                head.writeStaticString("host: ")
                try write(bytes, authority, ASCII.isFieldContent, or: .invalidFieldValue)
                head.writeStaticString("\r\n")
            }
            for field in fields.list where !field.kind.isPseudo {
                switch field.kind {
                case .host where request.authority.map({ bytes.equals($0.range, field.value.range) }) == true: continue
                case .contentLength: continue  // the framing has held it against the body
                default: try write(bytes, field)
                }
            }
        }
    }

    private mutating func write(_ bytes: Span<UInt8>, _ field: HTTP2Field) throws(HTTPViolation) {
        try write(bytes, field.name, ASCII.isToken, or: .invalidFieldName)
        head.writeStaticString(": ")
        try write(bytes, field.value, ASCII.isFieldContent, or: .invalidFieldValue)
        head.writeStaticString("\r\n")
    }

    private mutating func write(
        _ bytes: Span<UInt8>, _ range: ByteRange, _ isAllowed: (UInt8) -> Bool, or violation: HTTPViolation
    ) throws(HTTPViolation) {
        let part = bytes.extracting(range.range)
        for index in 0..<part.count where !isAllowed(part[index]) { throw violation }
        head.write(part)
    }

    /// The whole request.
    func bytes(with body: ByteBuffer) -> ByteBuffer {
        var bytes = head
        bytes.writeString("content-length: \(body.readableBytes)\r\n\r\n")
        bytes.writeImmutableBuffer(body)
        return bytes
    }

    /// The head alone, with a body of a length, or of one that nobody knows beforehand.
    func head(length: Int?) -> ByteBuffer {
        var bytes = head
        if let length {
            if length > 0 { bytes.writeString("content-length: \(length)\r\n") }
        } else {
            bytes.writeStaticString("transfer-encoding: chunked\r\n")
        }
        bytes.writeStaticString("\r\n")
        return bytes
    }

    /// Writes the fields of an answer of our own writer, and takes its head off.
    ///
    /// - Returns: whether it was one.
    static func takeHead(from bytes: inout ByteBuffer, into block: inout ByteWriter) -> Bool {
        // "HTTP/1.1 200 OK": three digits from the tenth byte on.
        guard let line = takeLine(from: &bytes), line.readableBytes >= 12,
            let status = line.getString(at: line.readerIndex + 9, length: 3).flatMap({ Int($0) })
        else { return false }
        block.hpack(status: status)
        return takeFields(from: &bytes, into: &block)
    }

    /// Writes the fields of a trailer section.
    ///
    /// - Returns: whether it was one.
    static func takeFields(of trailers: ByteBuffer, into block: inout ByteWriter) -> Bool {
        var bytes = trailers
        bytes.writeStaticString("\r\n")
        return takeFields(from: &bytes, into: &block)
    }

    private static func takeFields(from bytes: inout ByteBuffer, into block: inout ByteWriter) -> Bool {
        while let line = takeLine(from: &bytes) {
            if line.readableBytes == 0 { return true }
            let span = line.readableBytesUInt8Span
            let colon = span.firstIndex(in: 0..<span.count) { $0.equal(to: ASCII.colon) }
            guard colon + 2 <= span.count else { return false }
            guard !span.equalsIgnoringCase(0..<colon, "connection") else { continue }
            block.hpack(lowercasing: span.extracting(0..<colon), span.extracting(colon + 2..<span.count))
        }
        return false
    }

    private static func takeLine(from bytes: inout ByteBuffer) -> ByteBuffer? {
        guard let end = bytes.readableBytesUInt8Span.lineFeed(from: 0), end > 0 else { return nil }
        let line = bytes.readSlice(length: end - 1)
        bytes.moveReaderIndex(forwardBy: 2)
        return line
    }
}
