extension HTTPHeadParser {
    /// Reads method, target and version (RFC 9112 §3).
    mutating func parseRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPViolation) {
        var end = line.lowerBound
        while end < line.upperBound, ASCII.isToken(bytes[end]) { end += 1 }
        try HTTPHeadParser.expectSpace(bytes, at: end, in: line, otherwise: .invalidMethod)
        let method = line.lowerBound..<end
        head.method = HTTPMethod(bytes, method)
        head.methodRange = ByteRange(method)

        let targetStart = end + 1
        // As far as `ASCII.isTarget` says.
        end = bytes.firstIndex(in: targetStart..<max(targetStart, line.upperBound)) { word in
            word.below(ASCII.space + 1) | word.equal(to: 0x7F) | word.equal(to: UInt8(ascii: "#")) | word.nonASCII
        }
        try HTTPHeadParser.expectSpace(bytes, at: end, in: line, otherwise: .invalidTarget)
        try parseVersion(bytes, end + 1..<line.upperBound)
        try parseTarget(bytes, targetStart..<end)
    }

    /// Demands the one space that parts the request line, and something before it.
    private static func expectSpace(
        _ bytes: Span<UInt8>, at end: Int, in line: Range<Int>, otherwise violation: HTTPViolation
    ) throws(HTTPViolation) {
        guard end < line.upperBound else { throw .malformedRequestLine }
        guard bytes[end] != ASCII.carriageReturn else { throw .bareCarriageReturn }
        guard bytes[end] == ASCII.space else { throw violation }
        guard end > line.lowerBound, bytes[end - 1] != ASCII.space else { throw .malformedRequestLine }
    }

    /// Reads a version such as `HTTP/1.1`; a higher minor one is answered as 1.1 (RFC 9110 §2.5).
    private mutating func parseVersion(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPViolation) {
        guard range.count == 8, bytes.equals(range.lowerBound..<range.lowerBound + 5, "HTTP/"),
            ASCII.isDigit(bytes[range.lowerBound + 5]), bytes[range.lowerBound + 6] == UInt8(ascii: "."),
            ASCII.isDigit(bytes[range.lowerBound + 7])
        else { throw .malformedRequestLine }
        guard bytes[range.lowerBound + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        head.minorVersion = bytes[range.lowerBound + 7] == ASCII.zero ? 0 : 1
    }

    /// Reads the four forms of RFC 9112 §3.2; only `OPTIONS` may ask for `*`.
    private mutating func parseTarget(_ bytes: Span<UInt8>, _ target: Range<Int>) throws(HTTPViolation) {
        guard head.method != .connect else { throw .connectUnsupported }
        head.target = ByteRange(target)
        if bytes[target.lowerBound] == ASCII.slash { return splitQuery(bytes, target) }
        if head.method == .options, bytes.equals(target, "*") {
            head.path = head.target
            return
        }
        let scheme = try HTTPHeadParser.schemeLength(bytes, target)
        let authorityStart = target.lowerBound + scheme
        var end = authorityStart
        while end < target.upperBound, bytes[end] != ASCII.slash, bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard end > authorityStart, HTTPHeadParser.isAuthority(bytes, authorityStart..<end) else {
            throw .invalidTarget
        }
        head.authority = ByteRange(authorityStart..<end)
        splitQuery(bytes, end..<target.upperBound)
    }

    private static func schemeLength(_ bytes: Span<UInt8>, _ target: Range<Int>) throws(HTTPViolation) -> Int {
        if bytes.beginsIgnoringCase(target, "http://") { return 7 }
        if bytes.beginsIgnoringCase(target, "https://") { return 8 }
        throw .invalidTarget
    }

    private mutating func splitQuery(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let end = bytes.firstIndex(in: range) { word in word.equal(to: UInt8(ascii: "?")) }
        head.path = ByteRange(range.lowerBound..<end)
        if end < range.upperBound { head.query = ByteRange(end + 1..<range.upperBound) }
    }

    /// Whether the bytes are a host and an optional port (RFC 3986 §3.2.2) of characters that nobody misreads.
    ///
    /// Deliberately narrower than the grammar: no user information, and no comma, which is what two joined
    /// `Host` fields leave behind.
    static func isAuthority(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "["), UInt8(ascii: "]"):
                continue
            default: return false
            }
        }
        return true
    }
}
