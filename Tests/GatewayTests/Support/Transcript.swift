import NIOCore

@testable import Gateway

/// What a parser made of a stream of bytes.
struct Transcript: Equatable {
    var requests: [Request] = []
    var violation: HTTPViolation?
    /// What is left unfinished; only known without a violation.
    var progress = HTTPRequestParser.Progress.nothing
    /// How often the parser asked for `100 Continue`; depends on how the bytes were cut, so `==` leaves it out.
    var continues = 0
    /// The most memory that input and parser held.
    var heldBytesMax = 0

    /// One request with everything taken out of the buffer.
    struct Request: Equatable {
        var method: String
        var target: String
        var path: String
        var query: String?
        var authority: String
        var minorVersion: UInt8
        var fields: [[String]]
        var body: String
        var keepsAlive: Bool
    }

    static func == (left: Transcript, right: Transcript) -> Bool {
        left.requests == right.requests && left.violation == right.violation && left.progress == right.progress
    }

    /// Feeds pieces, one after the other, and stops at the first violation.
    init(of pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTPRequestParser(limits: limits)
        var input = ByteBuffer()
        for piece in pieces {
            input.writeBytes(piece)
            do throws(HTTPViolation) { try read(&parser, &input) } catch {
                violation = error
                return
            }
            if input.readableBytes == 0 { input = ByteBuffer() }
            heldBytesMax = max(heldBytesMax, input.storageCapacity + parser.heldBytes)
        }
        progress = parser.progress(of: input)
    }

    /// Feeds everything at once.
    init(_ text: String, limits: HTTPLimits = HTTPLimits()) { self.init(of: [Array(text.utf8)], limits: limits) }

    private mutating func read(_ parser: inout HTTPRequestParser, _ input: inout ByteBuffer) throws(HTTPViolation) {
        while true {
            switch try parser.next(&input) {
            case .incomplete: return
            case .expectsContinue: continues += 1
            case .request(let request): requests.append(Request(request))
            }
        }
    }
}

extension Transcript.Request {
    init(_ view: borrowing HTTPRequestView) {
        method = view.string(view.head.methodRange)
        target = view.string(view.head.target)
        path = view.string(view.head.path)
        if let range = view.head.query { query = view.string(range) }
        authority = view.string(view.head.authority)
        minorVersion = view.head.minorVersion
        fields = []
        for field in view.head.fields { fields.append([view.string(field.name), view.string(field.value)]) }
        body = String(buffer: view.body)
        keepsAlive = view.head.keepsAlive
    }
}
