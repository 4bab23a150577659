/// What the fields of a request's head say, read and checked in one pass (RFC 9113 §8.2, §8.3).
struct HTTP2RequestHead {
    /// `:method`.
    private(set) var method = ByteRange.empty
    /// `:path`.
    private(set) var path = ByteRange.empty
    /// `:authority`, if there is one.
    private(set) var authority: ByteRange?
    /// The first `content-type`, if there is one.
    private(set) var contentType: ByteRange?
    /// What `content-length` says, if it says something.
    private(set) var contentLength: Int?
    /// `headgate-gateway-token`, if it stands there once.
    private(set) var gatewayToken: ByteRange?
    /// `grpc-timeout`, if there is one.
    private(set) var timeout: ByteRange?

    private var seen: UInt8 = 0
    private var tokenCount = 0

    private static let required = bit(.method) | bit(.scheme) | bit(.path)
    private static func bit(_ kind: HTTP2Field.Kind) -> UInt8 { 1 << kind.rawValue }

    /// Reads a head; `nil` if it is malformed, which ends its stream.
    ///
    /// CONNECT, which has neither scheme nor path, counts as malformed: nothing is tunnelled here.
    ///
    /// - Complexity: O(fields).
    init?(_ fields: borrowing HTTP2Fields) {
        let isWellFormed = fields.bytes.withBytes { bytes in
            var isPastPseudo = false
            for field in fields.list {
                guard field.hasValidValue else { return false }
                if field.kind.isPseudo {
                    guard !isPastPseudo, takePseudo(field) else { return false }
                } else {
                    isPastPseudo = true
                    guard take(field, bytes) else { return false }
                }
            }
            return seen & HTTP2RequestHead.required == HTTP2RequestHead.required && !path.isEmpty
        }
        guard isWellFormed else { return nil }
    }

    private mutating func takePseudo(_ field: HTTP2Field) -> Bool {
        let bit = HTTP2RequestHead.bit(field.kind)
        guard seen & bit == 0 else { return false }
        seen |= bit
        switch field.kind {
        case .method: method = field.value
        case .path: path = field.value
        // Empty only where a scheme has no authority, which http and https have (RFC 9113 §8.3.1).
        case .authority where field.value.isEmpty: return false
        case .authority: authority = field.value
        default: break
        }
        return true
    }

    private mutating func take(_ field: HTTP2Field, _ bytes: Span<UInt8>) -> Bool {
        switch field.kind {
        case .other, .host: return true
        case .te: return bytes.equals(field.value.range, "trailers")
        case .contentType: contentType = contentType ?? field.value
        case .contentLength:
            // Twice is malformed also where both say the same: nobody who means well says it twice.
            guard contentLength == nil, let length = bytes.extracting(field.value.range).decimal else { return false }
            contentLength = length
        case .gatewayToken:
            tokenCount += 1
            gatewayToken = tokenCount == 1 ? field.value : nil
        case .timeout: timeout = field.value
        case .forbidden, .method, .scheme, .path, .authority: return false
        }
        return true
    }

    /// Whether fields may follow a body: no pseudo-field may.
    static func areTrailers(_ fields: borrowing HTTP2Fields) -> Bool {
        fields.list.allSatisfy { !$0.kind.isPseudo && $0.kind != .forbidden && $0.hasValidValue }
    }
}

extension Span where Element == UInt8 {
    /// The number that decimal digits make; `nil` for anything else, and for more than eighteen of them.
    fileprivate var decimal: Int? {
        guard (1...18).contains(count) else { return nil }
        var number = 0
        for index in 0..<count {
            guard ASCII.isDigit(self[index]) else { return nil }
            number = number * 10 + Int(self[index] - ASCII.zero)
        }
        return number
    }
}
