import Testing

/// One rule of RFC 9113 or RFC 7541: what a client sends, and what the server must make of it.
struct ConformanceCase: CustomTestStringConvertible, Sendable {
    /// Where the rule stands, and which it is.
    let name: String
    /// What is sent behind the preface and an empty SETTINGS frame.
    let bytes: [UInt8]
    /// What must come of it.
    let expected: Reaction

    /// What a server makes of frames.
    enum Reaction: Equatable {
        /// GOAWAY with a code, and the connection is closed.
        case connectionError(Code)
        /// The stream is reset with a code, and the connection goes on.
        case streamError(Code)
        /// An answer of this status on stream 1, and the connection goes on.
        case answer(Int)
        /// Nothing on stream 1, and the connection goes on.
        case nothing
    }

    /// The error codes of RFC 9113 §7.
    enum Code: UInt32, Sendable {
        case noError, protocolError, internalError, flowControl, settingsTimeout, streamClosed, frameSize, refusedStream
        case cancel, compression, connect, enhanceYourCalm
    }

    var testDescription: String { name }

    init(_ name: String, _ expected: Reaction, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        self.expected = expected
    }

    init(_ name: String, _ expected: Reaction, _ frames: RawFrame...) {
        self.init(name, expected, bytes: frames.flatMap(\.bytes))
    }
}

extension ConformanceCase {
    /// A head that leaves its stream open.
    static let open = RawFrame.headers(1, HTTP2Client.head("POST", "/open"), ends: false)
    /// A whole request, whose answer comes later.
    static let deferred = RawFrame.headers(1, HTTP2Client.head("GET", "/deferred"))
    /// A whole request, which is answered at once.
    static let whole = RawFrame.headers(1, HTTP2Client.head("GET", "/whole"))
    /// The block of the fields of a request.
    static let block = HTTP2Client.head().flatMap { RawFrame.literal($0.0, $0.1) }

    /// A request with other fields.
    static func request(_ fields: [(String, String)]) -> RawFrame { .headers(1, fields) }

    static let all: [ConformanceCase] = framing + streams + frames + messages + compression
}
