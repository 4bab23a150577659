/// The header fields that this server reads; they are recognised while a head is parsed and found without a search.
package enum HTTPFieldName: UInt8, CaseIterable, Sendable {
    case host, contentLength, transferEncoding, connection, expect
    case authorization, xAPIKey
    case xOriginalMethod, xOriginalURI, xForwardedMethod, xForwardedURI, xForwardedFor
    case idempotencyKey, contentType
    case headgateClass, headgateCost, headgateAttributes, headgateRegion, headgateGatewayToken
    case userAgent

    /// The name in lower case.
    package var name: StaticString {
        switch self {
        case .host: "host"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .connection: "connection"
        case .expect: "expect"
        case .authorization: "authorization"
        case .xAPIKey: "x-api-key"
        case .xOriginalMethod: "x-original-method"
        case .xOriginalURI: "x-original-uri"
        case .xForwardedMethod: "x-forwarded-method"
        case .xForwardedURI: "x-forwarded-uri"
        case .xForwardedFor: "x-forwarded-for"
        case .idempotencyKey: "idempotency-key"
        case .contentType: "content-type"
        case .headgateClass: "headgate-class"
        case .headgateCost: "headgate-cost"
        case .headgateAttributes: "headgate-attributes"
        case .headgateRegion: "headgate-region"
        case .headgateGatewayToken: "headgate-gateway-token"
        case .userAgent: "user-agent"
        }
    }

    /// Whether the field may stand in a head more than once.
    ///
    /// Lists may (RFC 9110 §5.3). For everything else a second line is an ambiguity that decides who somebody is or
    /// where a message ends: a proxy that appends `X-Original-URI` to the one its client sent would leave two, and
    /// whichever we took, somebody else may take the other. `User-Agent` decides nothing.
    package var mayRepeat: Bool {
        switch self {
        case .connection, .xForwardedFor, .headgateAttributes, .userAgent: true
        default: false
        }
    }

    /// Recognises a name in any case: its length and its last letter leave at most one candidate.
    package static func recognise(_ bytes: Span<UInt8>, _ range: Range<Int>) -> HTTPFieldName? {
        guard !range.isEmpty,
            let candidate = candidate(length: range.count, last: bytes[range.upperBound - 1] | 0x20)
        else { return nil }
        return bytes.equalsName(range, candidate.name) ? candidate : nil
    }

    private static func candidate(length: Int, last: UInt8) -> HTTPFieldName? {
        switch (length, last) {
        case (4, UInt8(ascii: "t")): .host
        case (6, UInt8(ascii: "t")): .expect
        case (9, UInt8(ascii: "y")): .xAPIKey
        case (10, UInt8(ascii: "n")): .connection
        case (10, UInt8(ascii: "t")): .userAgent
        case (12, UInt8(ascii: "e")): .contentType
        case (13, UInt8(ascii: "n")): .authorization
        case (13, UInt8(ascii: "t")): .headgateCost
        case (14, UInt8(ascii: "h")): .contentLength
        case (14, UInt8(ascii: "i")): .xOriginalURI
        case (14, UInt8(ascii: "s")): .headgateClass
        case (15, UInt8(ascii: "i")): .xForwardedURI
        case (15, UInt8(ascii: "n")): .headgateRegion
        case (15, UInt8(ascii: "r")): .xForwardedFor
        case (15, UInt8(ascii: "y")): .idempotencyKey
        case (17, UInt8(ascii: "d")): .xOriginalMethod
        case (17, UInt8(ascii: "g")): .transferEncoding
        case (18, UInt8(ascii: "d")): .xForwardedMethod
        case (19, UInt8(ascii: "s")): .headgateAttributes
        case (22, UInt8(ascii: "n")): .headgateGatewayToken
        default: nil
        }
    }
}
