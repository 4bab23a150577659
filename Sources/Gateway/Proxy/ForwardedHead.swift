internal import NIOCore

/// Writes the head of a request as the upstream gets it.
///
/// What is about the client's connection stays behind (RFC 9110 §7.6.1), the framing is written anew, and what the API
/// may believe is written by us: fields that a client sends under our names, or that say where a request comes from,
/// are dropped unless the client is a proxy that is trusted.
struct ForwardedHead {
    /// Who is at the other end.
    let peer: HTTPPeer
    /// Whether the request came by TLS.
    let isSecure: Bool

    /// What becomes of the connection besides the request.
    enum Upgrade: Hashable {
        /// The client asks for nothing.
        case none
        /// The client asks for another protocol (RFC 9110 §7.8).
        case asked
    }

    /// Whether a request asks for another protocol, and may.
    ///
    /// Never for HTTP/2: an upstream that agreed would take requests that nobody decides about.
    static func upgrade(_ request: borrowing HTTPRequestView) -> Upgrade {
        guard request.head.minorVersion > 0, request.head.framing == .none,
            let protocols = request.value(ofFieldNamed: "upgrade"), isNamed("upgrade", in: request)
        else { return .none }
        let isHTTP = request.withBytes(protocols) { bytes in
            var isHTTP = bytes.isEmpty
            bytes.forEachElement(of: 0..<bytes.count) { name in
                if bytes.beginsIgnoringCase(name, "h2") || bytes.beginsIgnoringCase(name, "http") { isHTTP = true }
            }
            return isHTTP
        }
        return isHTTP ? .none : .asked
    }

    /// Whether `Connection` names a field.
    private static func isNamed(_ name: StaticString, in request: borrowing HTTPRequestView) -> Bool {
        var isNamed = false
        request.head.forEachValue(of: .connection) { value in
            request.withBytes(value) { bytes in
                bytes.forEachElement(of: 0..<bytes.count) { option in
                    if bytes.equalsIgnoringCase(option, name) { isNamed = true }
                }
            }
        }
        return isNamed
    }

    /// Writes request line and fields, all but what `writeOwn` adds and the empty line, which comes last.
    func write(
        _ request: borrowing HTTPRequestView, _ upgrade: Upgrade, into writer: inout ByteWriter,
        own writeOwn: (inout FieldLines) -> Void
    ) {
        request.withBytes(ByteRange(0..<request.head.length)) { bytes in
            writeRequestLine(request.head, bytes, &writer)
            writeFields(request.head, bytes, &writer)
            writeOrigin(request.head, bytes, &writer)
            writeFraming(request.head, bytes, upgrade, &writer)
        }
        writer.writeFields(writeOwn)
        writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
    }

    private func writeRequestLine(_ head: HTTPRequestHead, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        writer.write(bytes.extracting(head.methodRange.range))
        writer.write(ASCII.space)
        if head.path.start == head.target.start, !head.path.isEmpty {
            writer.write(bytes.extracting(head.target.range))
        } else {
            // The absolute form is for proxies that forward; this one speaks to the origin (RFC 9112 §3.2.1).
            if head.path.isEmpty { writer.write(ASCII.slash) }
            writer.write(bytes.extracting(head.path.range))
            if let query = head.query {
                writer.write(UInt8(ascii: "?"))
                writer.write(bytes.extracting(query.range))
            }
        }
        writer.write(literal: " HTTP/1.1\r\nHost: ")
        writer.write(bytes.extracting(head.authority.range))
        writer.write(literal: "\r\n")
    }

    private func writeFields(_ head: HTTPRequestHead, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        var cookieCount = 0
        for field in head.fields where isPassedOn(field, head, bytes) {
            if bytes.equalsIgnoringCase(field.name.range, "cookie") {
                cookieCount += 1
                continue
            }
            writeField(field, bytes, &writer)
        }
        if cookieCount > 0 { writeCookies(head, bytes, &writer) }
    }

    /// HTTP/2 may part cookies; whoever reads HTTP/1.1 wants them in one line (RFC 9113 §8.2.3).
    private func writeCookies(_ head: HTTPRequestHead, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        writer.write(literal: "Cookie: ")
        var isFirst = true
        for field in head.fields where bytes.equalsIgnoringCase(field.name.range, "cookie") {
            if !isFirst { writer.write(literal: "; ") }
            isFirst = false
            writer.write(bytes.extracting(field.value.range))
        }
        writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
    }

    private func writeField(_ field: HTTPField, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        writer.write(bytes.extracting(field.name.range))
        writer.write(pair: ASCII.colon, ASCII.space)
        writer.write(bytes.extracting(field.value.range))
        writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
    }

    private func isPassedOn(_ field: HTTPField, _ head: HTTPRequestHead, _ bytes: Span<UInt8>) -> Bool {
        switch field.known {
        case .host, .contentLength, .transferEncoding, .connection, .expect: return false
        case .headgateClass, .headgateCost, .headgateAttributes, .headgateRegion, .headgateGatewayToken: return false
        case .xForwardedFor: return false
        case .xForwardedMethod, .xForwardedURI, .xOriginalMethod, .xOriginalURI: return peer.isTrusted
        // What `Connection` says does not matter: who somebody is or what is meant nobody may take away.
        case .authorization, .xAPIKey, .idempotencyKey, .contentType, .userAgent: return true
        case nil: break
        }
        let name = field.name.range
        guard !HopByHop.contains(bytes, name), !HopByHop.isOurs(bytes, name), !HopByHop.isLookalike(bytes, name) else {
            return false
        }
        if HopByHop.isForwarded(bytes, name) { return peer.isTrusted }
        return head[.connection] == nil || !isNamed(name, head, bytes)
    }

    /// Whether `Connection` names the field.
    private func isNamed(_ name: Range<Int>, _ head: HTTPRequestHead, _ bytes: Span<UInt8>) -> Bool {
        var isNamed = false
        head.forEachValue(of: .connection) { value in
            bytes.forEachElement(of: value.range) { option in
                if bytes.equalsIgnoringCase(option, name, in: bytes) { isNamed = true }
            }
        }
        return isNamed
    }

    /// Says where the request comes from.
    private func writeOrigin(_ head: HTTPRequestHead, _ bytes: Span<UInt8>, _ writer: inout ByteWriter) {
        writer.write(literal: "X-Forwarded-For: ")
        if peer.isTrusted {
            head.forEachValue(of: .xForwardedFor) { value in
                writer.write(bytes.extracting(value.range))
                writer.write(literal: ", ")
            }
        }
        writer.write(peer.address?.ipAddress ?? "unknown")
        writer.write(literal: "\r\n")
        if !peer.isTrusted || !has("x-forwarded-proto", head, bytes) {
            writer.write(literal: isSecure ? "X-Forwarded-Proto: https\r\n" : "X-Forwarded-Proto: http\r\n")
        }
        if !peer.isTrusted || !has("x-forwarded-host", head, bytes) {
            writer.write(literal: "X-Forwarded-Host: ")
            writer.write(bytes.extracting(head.authority.range))
            writer.write(literal: "\r\n")
        }
        writer.write(literal: "Via: 1.1 headgate\r\n")
    }

    private func has(_ name: StaticString, _ head: HTTPRequestHead, _ bytes: Span<UInt8>) -> Bool {
        head.fields.contains { bytes.equalsIgnoringCase($0.name.range, name) }
    }

    private func writeFraming(
        _ head: HTTPRequestHead, _ bytes: Span<UInt8>, _ upgrade: Upgrade, _ writer: inout ByteWriter
    ) {
        switch head.framing {
        case .length(let length):
            writer.write(literal: "Content-Length: ")
            writer.write(decimal: Int64(length))
            writer.write(literal: "\r\n")
        case .chunked: writer.write(literal: "Transfer-Encoding: chunked\r\n")
        case .none:
            if head[.contentLength] != nil || head.method == .post { writer.write(literal: "Content-Length: 0\r\n") }
        }
        if upgrade == .asked,
            let protocols = head.fields.first(where: {
                bytes.equalsIgnoringCase($0.name.range, "upgrade")
            })
        {
            writer.write(literal: "Connection: upgrade\r\nUpgrade: ")
            writer.write(bytes.extracting(protocols.value.range))
            writer.write(literal: "\r\n")
        } else if let codings = head.fields.first(where: { bytes.equalsIgnoringCase($0.name.range, "te") }),
            bytes.containsElement(of: codings.value.range, "trailers")
        {
            writer.write(literal: "Connection: TE\r\nTE: trailers\r\n")
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether two ranges are the same text when case does not count.
    func equalsIgnoringCase(_ range: Range<Int>, _ other: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count == other.count else { return false }
        for offset in 0..<range.count {
            let (left, right) = (self[range.lowerBound + offset], bytes[other.lowerBound + offset])
            guard ASCII.lowercased(left) == ASCII.lowercased(right) else { return false }
        }
        return true
    }

    /// Whether a list names something, whatever its case and its parameters.
    func containsElement(of list: Range<Int>, _ name: StaticString) -> Bool {
        var contains = false
        forEachElement(of: list) { element in
            if equalsIgnoringCase(element, name) { contains = true }
        }
        return contains
    }
}
