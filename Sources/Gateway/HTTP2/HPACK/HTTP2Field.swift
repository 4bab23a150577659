/// One field of a head.
struct HTTP2Field {
    /// Where its name stands.
    var name: ByteRange
    /// Where its value stands.
    var value: ByteRange
    /// What the name means.
    var kind: Kind
    /// Whether the value is one that a field may have (RFC 9113 §8.2.1).
    ///
    /// Looked at when it comes over the wire as letters, like the name.
    var hasValidValue = true

    /// Where the name stands, or the whole field: a value lies right behind its name.
    func range(withValue: Bool) -> Range<Int> {
        Int(name.start)..<Int(name.start) + Int(name.count) + (withValue ? Int(value.count) : 0)
    }

    /// What a name means to this server.
    ///
    /// Names are looked at when they come over the wire as letters. Where they come as an index, which is nearly
    /// always, the table has kept this.
    enum Kind: UInt8 {
        // Pseudo-fields of requests (RFC 9113 §8.3.1).
        case method, scheme, path, authority
        /// `te`, which may say `trailers` and nothing else (RFC 9113 §8.2.2).
        case te
        case host, contentType, contentLength
        /// What makes a gateway trusted.
        case gatewayToken
        /// How long the caller of gRPC waits.
        case timeout
        /// Any other name in lower case.
        case other
        /// What no request may have: a name that is none, other pseudo-fields, fields of one connection of HTTP/1.1
        /// (RFC 9113 §8.2).
        case forbidden

        /// Whether the field comes before all others.
        var isPseudo: Bool { rawValue <= Kind.authority.rawValue }
    }
}

extension HTTP2Field.Kind {
    /// Recognises a name.
    ///
    /// - Complexity: O(n).
    init(_ name: Span<UInt8>) {
        let all = 0..<name.count
        guard let first = name.isEmpty ? nil : name[0] else {
            self = .forbidden
            return
        }
        if first == ASCII.colon {
            self = HTTP2Field.Kind(pseudo: name)
            return
        }
        for index in all where !ASCII.isToken(name[index]) || (0x41...0x5A).contains(name[index]) {
            self = .forbidden
            return
        }
        // Told apart by their lengths first: few common fields have one of them.
        self =
            switch name.count {
            case 2 where name.equals(all, "te"): .te
            case 4 where name.equals(all, "host"): .host
            case 7 where name.equals(all, "upgrade"): .forbidden
            case 10 where name.equals(all, "connection") || name.equals(all, "keep-alive"): .forbidden
            case 12 where name.equals(all, "content-type"): .contentType
            case 12 where name.equals(all, "grpc-timeout"): .timeout
            case 14 where name.equals(all, "content-length"): .contentLength
            case 16 where name.equals(all, "proxy-connection"): .forbidden
            case 17 where name.equals(all, "transfer-encoding"): .forbidden
            case 22 where name.equals(all, "headgate-gateway-token"): .gatewayToken
            default: .other
            }
    }

    private init(pseudo name: Span<UInt8>) {
        let all = 0..<name.count
        self =
            switch name.count {
            case 5 where name.equals(all, ":path"): .path
            case 7 where name.equals(all, ":method"): .method
            case 7 where name.equals(all, ":scheme"): .scheme
            case 10 where name.equals(all, ":authority"): .authority
            default: .forbidden
            }
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are the value of a field: no control character but tabs, and no blank at either end
    /// (RFC 9113 §8.2.1, RFC 9110 §5.5).
    ///
    /// - Complexity: O(n), eight bytes at a time.
    var isFieldValue: Bool {
        guard count > 0 else { return true }
        guard !ASCII.isBlank(self[0]), !ASCII.isBlank(self[count - 1]) else { return false }
        var position = 0
        while position < count {
            position = controlCharacter(in: position..<count)
            guard position < count else { return true }
            guard self[position] == ASCII.tab else { return false }
            position += 1
        }
        return true
    }
}
