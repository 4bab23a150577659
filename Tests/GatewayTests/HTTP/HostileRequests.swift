@testable import Gateway

/// What must be refused, and as what.
///
/// Ways to smuggle a request, to split an answer, to make two parties read one message differently, and plain noise.
enum HostileRequests {
    /// Small limits, so that each can be overstepped in a line.
    static var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.requestLineBytesMax = 64
        limits.headerBytesMax = 128
        limits.headerCountMax = 5
        limits.bodyBytesMax = 32
        return limits
    }

    /// Texts and the violation that each must end with.
    static let all: [(text: String, violation: HTTPViolation)] =
        requestLines + fields + hosts + framings + chunks + tooLarge

    private static let requestLines: [(String, HTTPViolation)] = [
        ("\u{16}\u{3}\u{1}", .notHTTP),
        ("\0", .notHTTP),
        (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .notHTTP),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .notHTTP),
        ("\r\n GET / HTTP/1.1\r\nHost: a\r\n\r\n", .notHTTP),
        ("{\"tenant\":1}\r\n\r\n", .notHTTP),
        ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        ("\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        ("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        ("\r\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET\r / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        ("GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        ("GET\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET /\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / http/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/+1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1,1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1.x\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / ICAP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", .unsupportedVersion),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        ("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        ("G\u{E9}T / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        ("GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET ftp://h/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET http:///p HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET http://u@h/p HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        ("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", .connectUnsupported),
    ]

    private static let fields: [(String, HTTPViolation)] = [
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tb: 2\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .blankBeforeColon),
        ("GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", .blankBeforeColon),
        ("GET / HTTP/1.1\r\nHost a: a\r\n\r\n", .blankBeforeColon),
        ("GET / HTTP/1.1\r\n: a\r\n\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nHo(st: a\r\n\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nHo\0st: a\r\n\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nH\u{F6}st: a\r\n\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nHost: a\r\n\"X\": 1\r\n\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .missingColon),
        ("GET / HTTP/1.1\r\nHost: a\r\n\rX: 1\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\r: 1\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\nY: 2\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", .invalidFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{1B}[2J\r\n\r\n", .invalidFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n", .invalidFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: 1\r\nauthorization: 1\r\n\r\n", .repeatedField(.authorization)),
        ("GET / HTTP/1.1\r\nHost: a\r\nX-API-Key: 1\r\nx-api-key: 2\r\n\r\n", .repeatedField(.xAPIKey)),
        ("GET / HTTP/1.1\r\nHost: a\r\nX-Original-URI: /\r\nX-Original-Uri: /\r\n\r\n", .repeatedField(.xOriginalURI)),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: 1\r\nIdempotency-Key: 2\r\n\r\n",
            .repeatedField(.idempotencyKey)
        ),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", .unsupportedExpectation),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect:\r\n\r\n", .unsupportedExpectation),
    ]

    private static let hosts: [(String, HTTPViolation)] = [
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.2\r\nX: 1\r\n\r\n", .missingHost),
        ("GET http://h/ HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedField(.host)),
        ("GET / HTTP/1.0\r\nHost: a\r\nhOST: b\r\n\r\n", .repeatedField(.host)),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a?b\r\n\r\n", .invalidHost),
    ]

    private static let framings: [(String, HTTPViolation)] = [
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0",
            .lengthAndTransferEncoding
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
            .lengthAndTransferEncoding
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            .repeatedField(.contentLength)
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\na",
            .repeatedField(.contentLength)
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1.0\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \u{661}\r\n\r\na", .invalidContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999x\r\n\r\n", .invalidContentLength),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .transferEncodingInHTTP10),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", .unsupportedTransferEncoding),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .repeatedField(.transferEncoding)
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n",
            .repeatedField(.transferEncoding)
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", .blankBeforeColon),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{B}chunked\r\n\r\n", .invalidFieldValue),
    ]

    /// The head that every hostile chunk follows.
    private static let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static let chunks: [(String, HTTPViolation)] = [
        (chunked + "\r\n", .invalidChunkSize),
        (chunked + "x\r\n", .invalidChunkSize),
        (chunked + "-1\r\n", .invalidChunkSize),
        (chunked + "+1\r\na\r\n", .invalidChunkSize),
        (chunked + "0x1\r\na\r\n", .invalidChunkSize),
        (chunked + " 1\r\na\r\n", .invalidChunkSize),
        (chunked + "1 \r\na\r\n", .invalidChunkSize),
        (chunked + "1 x\r\na\r\n", .invalidChunkSize),
        (chunked + ";x\r\na\r\n", .invalidChunkSize),
        (chunked + "00000000000000001\r\na\r\n", .invalidChunkSize),
        (chunked + "1\na\r\n", .bareLineFeed),
        (chunked + "1;a\nb\r\na\r\n", .bareLineFeed),
        (chunked + "1;a\rb\r\na\r\n", .bareCarriageReturn),
        (chunked + "1;a\0\r\na\r\n", .invalidFieldValue),
        (chunked + "1\r\nab\r\n", .unterminatedChunk),
        (chunked + "1\r\na\n0\r\n\r\n", .unterminatedChunk),
        (chunked + "1\r\na\r0\r\n\r\n", .unterminatedChunk),
        (chunked + "2\r\na\r\n0\r\n\r\n", .unterminatedChunk),
        (chunked + "0\r\nX : 1\r\n\r\n", .blankBeforeColon),
        (chunked + "0\r\n X: 1\r\n\r\n", .foldedField),
        (chunked + "0\r\nX\r\n\r\n", .missingColon),
        (chunked + "0\r\nX: 1\n\r\n", .bareLineFeed),
        (chunked + "0\r\n\n", .bareLineFeed),
        (chunked + "0\r\nX: \u{1}\r\n\r\n", .invalidFieldValue),
        (chunked + "0\r\nGET / HTTP/1.1\r\n\r\n", .blankBeforeColon),
    ]

    private static let tooLarge: [(String, HTTPViolation)] = [
        ("GET /\(String(repeating: "a", count: 60)) HTTP/1.1\r\nHost: a\r\n\r\n", .requestLineTooLong(max: 64)),
        (String(repeating: "A", count: 66), .requestLineTooLong(max: 64)),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "b", count: 130))\r\n\r\n", .headerTooLarge(max: 128)),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "b", count: 130))", .headerTooLarge(max: 128)),
        (
            "GET / HTTP/1.1\r\n\(String(repeating: "X: \(String(repeating: "b", count: 35))\r\n", count: 4))",
            .headerTooLarge(max: 128)
        ),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: 1\r\n", count: 5))\r\n", .tooManyFields(max: 5)),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n", .bodyTooLarge(max: 32)),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", .bodyTooLarge(max: 32)),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 33\r\n\r\n", .bodyTooLarge(max: 32)),
        (chunked + "21\r\n", .bodyTooLarge(max: 32)),
        (chunked + "20\r\n\(String(repeating: "a", count: 32))\r\n1\r\n", .bodyTooLarge(max: 32)),
        (chunked + "ffffffffffffffff\r\n", .bodyTooLarge(max: 32)),
        (chunked + "1;\(String(repeating: "x", count: 150))", .chunkOverheadTooLarge(max: 128)),
        (chunked + "1;\(String(repeating: "x", count: 128))\r\na\r\n", .chunkOverheadTooLarge(max: 128)),
        (
            chunked + String(repeating: "1;\(String(repeating: "x", count: 60))\r\na\r\n", count: 3),
            .chunkOverheadTooLarge(max: 128)
        ),
        (
            chunked + "0\r\n\(String(repeating: "X: \(String(repeating: "b", count: 30))\r\n", count: 4))\r\n",
            .chunkOverheadTooLarge(max: 128)
        ),
    ]
}
