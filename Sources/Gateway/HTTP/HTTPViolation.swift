/// Why a connection cannot go on: what its bytes, or its silence, did wrong.
///
/// After any of these nobody can say where the next request would begin, or wants to: the answer is a problem body with
/// `Connection: close`. The rules are those of RFC 9112; where it lets a server choose, we refuse, because what two
/// parties read differently is how requests are smuggled (RFC 9112 §11.2).
package enum HTTPViolation: Error, Hashable, Sendable {
    // The request line.
    case notHTTP
    case bareLineFeed
    case bareCarriageReturn
    case requestLineTooLong(max: Int)
    case malformedRequestLine
    case invalidMethod
    case invalidTarget
    case unsupportedVersion
    case connectUnsupported
    // The fields.
    case headerTooLarge(max: Int)
    case tooManyFields(max: Int)
    case foldedField
    case missingColon
    case blankBeforeColon
    case invalidFieldName
    case invalidFieldValue
    case repeatedField(HTTPFieldName)
    case missingHost
    case invalidHost
    // What follows the head.
    case lengthAndTransferEncoding
    case invalidContentLength
    case transferEncodingInHTTP10
    case unsupportedTransferEncoding
    case unsupportedExpectation
    case bodyTooLarge(max: Int)
    case invalidChunkSize
    case unterminatedChunk
    case chunkOverheadTooLarge(max: Int)
    // The connection.
    case headTimedOut
    case bodyTimedOut
    case truncated
    case outOfMemory
    case shareExceeded(max: Int)
    case http2
    case plaintextToTLS
    case http1InsteadOfHTTP2
    case http2InsteadOfHTTP1

    /// The status of the answer.
    package var status: HTTPStatus {
        switch self {
        case .requestLineTooLong: .uriTooLong
        case .unsupportedVersion: .httpVersionNotSupported
        case .connectUnsupported, .unsupportedTransferEncoding: .notImplemented
        case .headerTooLarge, .tooManyFields, .chunkOverheadTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedExpectation: .expectationFailed
        case .headTimedOut, .bodyTimedOut: .requestTimeout
        case .outOfMemory: .serviceUnavailable
        case .shareExceeded: .tooManyRequests
        default: .badRequest
        }
    }
}

extension HTTPViolation: CustomStringConvertible {
    /// One sentence for whoever sent the request: what was wrong, and what to send instead where that is not plain.
    package var description: String {
        switch self {
        case .notHTTP:
            "The first byte cannot begin an HTTP/1.1 request. Is the client speaking TLS, or another protocol?"
        case .bareLineFeed: "A line ends with a line feed alone; lines end with carriage return and line feed."
        case .bareCarriageReturn: "A carriage return stands without a line feed after it."
        case .requestLineTooLong(let max): "The request line is longer than \(max) bytes."
        case .malformedRequestLine:
            "The request line must be a method, a target and a version, each parted by one space: GET / HTTP/1.1."
        case .invalidMethod: "The method holds a character that no method may hold."
        case .invalidTarget:
            "The request target must be a path that begins with a slash, or an http URL, in visible ASCII without a"
                + " fragment; percent-encode everything else."
        case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .connectUnsupported: "This server is not a tunnel: CONNECT is not supported."
        case .headerTooLarge(let max): "The header fields take more than \(max) bytes."
        case .tooManyFields(let max): "There are more than \(max) header fields."
        case .foldedField: "A header line begins with white space; a field may not continue on a second line."
        case .missingColon: "A header line has no colon."
        case .blankBeforeColon: "White space stands between a field name and its colon."
        case .invalidFieldName: "A field name is empty or holds a character that no field name may hold."
        case .invalidFieldValue: "A field value holds a control character."
        case .repeatedField(let field): "The field \(field.name) stands there twice; send it once."
        case .missingHost: "An HTTP/1.1 request needs a Host field."
        case .invalidHost: "The host is not a name or an address with an optional port."
        case .lengthAndTransferEncoding: "Content-Length and Transfer-Encoding exclude each other."
        case .invalidContentLength: "Content-Length must be one decimal number."
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding; send a Content-Length."
        case .unsupportedTransferEncoding: "The only transfer coding understood here is chunked."
        case .unsupportedExpectation: "The only expectation understood here is 100-continue."
        case .bodyTooLarge(let max): "The body is larger than \(max) bytes."
        case .invalidChunkSize: "A chunk does not begin with its size in hexadecimal digits."
        case .unterminatedChunk: "The data of a chunk is not followed by the end of its line."
        case .chunkOverheadTooLarge(let max): "Chunk extensions and trailer fields take more than \(max) bytes."
        case .headTimedOut: "The request line and the header fields did not arrive in time."
        case .bodyTimedOut: "The body arrived too slowly."
        case .truncated: "The connection ended in the middle of a request."
        case .http2: "The connection broke the rules of HTTP/2, or a limit on its frames."
        case .plaintextToTLS: "This port speaks TLS only: use https."
        case .http1InsteadOfHTTP2:
            "ALPN has agreed on h2, and this is not HTTP/2: offer http/1.1 alone, or speak HTTP/2."
        case .http2InsteadOfHTTP1:
            "ALPN has agreed on http/1.1, and this is HTTP/2: offer h2, or speak HTTP/1.1."
        case .outOfMemory:
            "The memory for unfinished requests and untaken answers is full, and this connection holds much of it; try"
                + " again."
        case .shareExceeded(let max):
            "The unfinished requests and untaken answers of this connection hold more than its share of \(max) bytes;"
                + " take the answers, or ask less at once."
        }
    }
}
