/// The fields that are about one connection and never passed on (RFC 9110 §7.6.1), and those that nobody may take away.
enum HopByHop {
    /// Whether a field is about the connection it came on, whatever `Connection` says.
    ///
    /// - Complexity: O(1): the length of the name leaves two candidates at most.
    static func contains(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        switch name.count {
        case 2: bytes.equalsIgnoringCase(name, "te")
        case 7: bytes.equalsIgnoringCase(name, "upgrade")
        case 10: bytes.equalsIgnoringCase(name, "connection") || bytes.equalsIgnoringCase(name, "keep-alive")
        case 14: bytes.equalsIgnoringCase(name, "http2-settings")
        case 16: bytes.equalsIgnoringCase(name, "proxy-connection")
        case 17: bytes.equalsIgnoringCase(name, "transfer-encoding")
        case 18: bytes.equalsIgnoringCase(name, "proxy-authenticate")
        case 19: bytes.equalsIgnoringCase(name, "proxy-authorization")
        default: false
        }
    }

    /// Whether a field's name begins with one that is ours, also where its hyphens are underscores: what reads fields
    /// as variables (CGI and its heirs) takes the two for the same.
    static func isOurs(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        begins(bytes, name, "headgate")
    }

    /// Whether a field says where a request came from, or that it was another one than it looks: what it was decided
    /// as must be what the upstream takes it for.
    static func isForwarded(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        let isNamed =
            switch name.count {
            case 9: bytes.equalsIgnoringCase(name, "forwarded") || bytes.equalsIgnoringCase(name, "x-real-ip")
            case 13: bytes.equalsIgnoringCase(name, "x-http-method") || bytes.equalsIgnoringCase(name, "x-rewrite-url")
            case 17: bytes.equalsIgnoringCase(name, "x-method-override")
            case 22: bytes.equalsIgnoringCase(name, "x-http-method-override")
            default: false
            }
        return isNamed || begins(bytes, name, "x", "forwarded") || begins(bytes, name, "x", "original")
    }

    /// Whether a name becomes that of a field we know, or that is never passed on, once its underscores are hyphens:
    /// what reads fields as variables takes the two for the same, so that `X_API_Key` would be a second credential that
    /// nobody has looked at.
    ///
    /// - Complexity: O(1) without an underscore, as nearly all are.
    static func isLookalike(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        let first = bytes.firstIndex(in: name) { $0.equal(to: UInt8(ascii: "_")) }
        guard first < name.upperBound, name.count <= lookalikeBytesMax else { return false }
        var folded: [UInt8] = []
        for index in name { folded.append(bytes[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : bytes[index]) }
        let all = folded.indices
        return HTTPFieldName.recognise(folded.span, all) != nil || contains(folded.span, all)
            || isForwarded(folded.span, all)
    }

    /// No field that we know has a longer name, except those that say where a request comes from, of which the
    /// beginning is enough.
    private static let lookalikeBytesMax = 64

    /// Whether a name begins with one or two words that a hyphen or an underscore follows.
    private static func begins(
        _ bytes: Span<UInt8>, _ name: Range<Int>, _ word: StaticString, _ second: StaticString? = nil
    ) -> Bool {
        let end = name.lowerBound + word.utf8CodeUnitCount
        guard end < name.upperBound, bytes.equalsIgnoringCase(name.lowerBound..<end, word),
            bytes[end] == UInt8(ascii: "-") || bytes[end] == UInt8(ascii: "_")
        else { return false }
        guard let second else { return true }
        return begins(bytes, end + 1..<name.upperBound, second)
    }
}
