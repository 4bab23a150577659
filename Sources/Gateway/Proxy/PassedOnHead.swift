internal import NIOCore

/// Writes the head of an upstream's answer as the client gets it.
enum PassedOnHead {
    /// Writes status line and fields, without those about framing and connection, and without those under our names or
    /// that only we may say.
    ///
    /// - Parameters:
    ///   - head: the head.
    ///   - message: the bytes it was parsed from.
    ///   - keepsLength: whether the length it states is passed on although no body follows: an answer to HEAD.
    ///   - writer: where to.
    static func write(
        _ head: HTTPResponseHead, _ message: ByteBuffer, keepsLength: Bool, into writer: inout ByteWriter
    ) {
        let bytes = message.readableBytesUInt8Span
        writer.write(literal: "HTTP/1.1 ")
        writer.write(decimal: Int64(head.status))
        writer.write(ASCII.space)
        writer.write(bytes.extracting(head.phrase.range))
        writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
        writeFields(head, message, keepsLength: keepsLength, into: &writer)
    }

    /// Writes the fields alone.
    static func writeFields(
        _ head: HTTPResponseHead, _ message: ByteBuffer, keepsLength: Bool, into writer: inout ByteWriter
    ) {
        let bytes = message.readableBytesUInt8Span
        for field in head.fields {
            switch field.known {
            case .contentLength where keepsLength: break
            case .contentLength, .transferEncoding, .connection: continue
            default:
                let name = field.name.range
                if HopByHop.contains(bytes, name) || HopByHop.isOurs(bytes, name) || head.names(name, in: bytes)
                    || ProxyStatus.isReplayed(bytes, name)
                {
                    continue
                }
                if ProxyStatus.isName(bytes, name), let others = ProxyStatus.others(in: bytes, field.value.range) {
                    ProxyStatus.write(others, of: bytes, into: &writer)
                    continue
                }
            }
            writer.write(bytes.extracting(field.name.range))
            writer.write(pair: ASCII.colon, ASCII.space)
            writer.write(bytes.extracting(field.value.range))
            writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
        }
    }

    /// Where the body of an answer ends, for whoever passes it on.
    static func framing(_ head: HTTPResponseHead, isToHead: Bool) -> HTTPAnswerFraming {
        if head.status == 101 { return .tunnel }
        if isToHead || head.status == 204 || head.status == 304 { return .none }
        return switch head.framing {
        case .length(let length): .length(length)
        case .chunked, .untilClose: .unknown
        }
    }
}

extension HTTPResponseHead {
    /// Whether `Connection` names a field, which is then for us alone (RFC 9110 §7.6.1).
    fileprivate func names(_ name: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var isNamed = false
        for field in fields where field.known == .connection {
            bytes.forEachElement(of: field.value.range) { option in
                if bytes.equalsIgnoringCase(option, name, in: bytes) { isNamed = true }
            }
        }
        return isNamed
    }
}
