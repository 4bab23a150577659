extension HTTPHeadParser {
    /// Judges the complete head: whom it is for, where its body ends, what becomes of the connection.
    mutating func finish(_ bytes: Span<UInt8>) throws(HTTPViolation) {
        try checkHost(bytes)
        head.framing = try framing(bytes)
        try readExpectation(bytes)
        head.keepsAlive = keepsAlive(bytes)
    }

    /// Demands a well-formed host, which HTTP/1.0 may leave out (RFC 9112 §3.2); a host in the target wins.
    private mutating func checkHost(_ bytes: Span<UInt8>) throws(HTTPViolation) {
        guard let host = head[.host] else {
            guard head.minorVersion == 0 else { throw .missingHost }
            return
        }
        guard HTTPHeadParser.isAuthority(bytes, host.range) else { throw .invalidHost }
        if head.authority.isEmpty { head.authority = host }
    }

    /// Finds where the body ends (RFC 9112 §6.3).
    private func framing(_ bytes: Span<UInt8>) throws(HTTPViolation) -> HTTPBodyFraming {
        if let coding = head[.transferEncoding] {
            guard head[.contentLength] == nil else { throw .lengthAndTransferEncoding }
            guard head.minorVersion > 0 else { throw .transferEncodingInHTTP10 }
            guard bytes.equalsIgnoringCase(coding.range, "chunked") else { throw .unsupportedTransferEncoding }
            return .chunked
        }
        guard let value = head[.contentLength] else { return .none }
        let length = try contentLength(bytes, value.range)
        return length == 0 ? .none : .length(length)
    }

    /// Reads digits and nothing else: no sign, no list, no white space inside.
    private func contentLength(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPViolation) -> Int {
        guard !range.isEmpty else { throw .invalidContentLength }
        var length = 0
        for index in range {
            guard ASCII.isDigit(bytes[index]) else { throw .invalidContentLength }
            // Past the limit the digits are only checked: the number, limited to 40 bits and a digit, cannot overflow.
            guard length <= limits.bodyBytesMax else { continue }
            length = length * 10 + Int(bytes[index] - ASCII.zero)
        }
        guard length <= limits.bodyBytesMax else { throw .bodyTooLarge(max: limits.bodyBytesMax) }
        return length
    }

    /// Reads `Expect` (RFC 9110 §10.1.1), which HTTP/1.0 does not have and a request without a body does not need.
    private mutating func readExpectation(_ bytes: Span<UInt8>) throws(HTTPViolation) {
        guard let expectation = head[.expect], head.minorVersion > 0 else { return }
        guard bytes.equalsIgnoringCase(expectation.range, "100-continue") else { throw .unsupportedExpectation }
        head.expectsContinue = head.framing != .none
    }

    /// Reads `Connection` (RFC 9112 §9.3): 1.1 stays unless told to close, 1.0 closes unless told to stay.
    private func keepsAlive(_ bytes: Span<UInt8>) -> Bool {
        guard head[.connection] != nil else { return head.minorVersion > 0 }
        var (closes, stays) = (false, false)
        head.forEachValue(of: .connection) { value in
            bytes.forEachElement(of: value.range) { option in
                if bytes.equalsIgnoringCase(option, "close") { closes = true }
                if bytes.equalsIgnoringCase(option, "keep-alive") { stays = true }
            }
        }
        return !closes && (head.minorVersion > 0 || stays)
    }
}
