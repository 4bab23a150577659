package import NIOCore

/// Turns a stream of bytes into requests, one after the other.
///
/// Sans-I/O: the owner appends what arrives to one input buffer and calls `next` until it says `incomplete`. A request
/// that is there as a whole is handed on without copying: its view shares the input's storage. While one is
/// incomplete its bytes stay in the input, except those of a chunked body, which are moved behind a copy of the head,
/// so that a view always finds head and body in one piece and chunk framing is never kept.
package struct HTTPRequestParser {
    private var headParser: HTTPHeadParser
    private var phase = Phase.head
    /// Whether `100 Continue` has been asked for, or is not needed any more.
    private var continueIsSettled = false

    private enum Phase {
        /// The head is incomplete. Can transition to `body`, `chunks` and itself.
        case head
        /// The head is complete and a body of known length is not. Can transition to `head`.
        case body(length: Int)
        /// The head is complete and a chunked body is not: the decoder, and the copy of the head with the data that
        /// came so far. Can transition to `head`.
        case chunks(HTTPChunkDecoder, ByteBuffer)
    }

    /// What the bytes amount to.
    package enum Step: ~Copyable {
        /// More bytes are needed.
        case incomplete
        /// More bytes are needed, and the client waits for `100 Continue` before it sends them. Said once per request.
        case expectsContinue
        /// A request is complete, and the input begins with what follows it.
        case request(HTTPRequestView)
    }

    /// How much of a request is there.
    package enum Progress: Hashable, Sendable {
        /// No byte.
        case nothing
        /// A part of the head.
        case head
        /// The head, but not the whole body.
        case body
    }

    /// Makes a parser for one connection.
    package init(limits: HTTPLimits) { headParser = HTTPHeadParser(limits: limits) }

    /// Bytes that the parser itself holds on to, besides the input.
    package var heldBytes: Int {
        if case .chunks(_, let message) = phase { message.storageCapacity } else { 0 }
    }

    /// The memory of the table of fields, which is kept from one request to the next.
    var tableBytes: Int { headParser.head.tableBytes }

    /// How much of a request is there, given the input that `next` has left.
    package func progress(of input: ByteBuffer) -> Progress {
        if case .head = phase { input.readableBytes == 0 ? .nothing : .head } else { .body }
    }

    /// Gives back what is held of an incomplete request; there will be no other.
    package mutating func abandon() { phase = .head }

    /// Goes on reading.
    ///
    /// - Parameter input: what has arrived and was not consumed by earlier calls.
    /// - Returns: the next request, or what has to happen first.
    /// - Throws: the first violation; the connection is beyond help then and the parser must not be used again.
    /// - Complexity: O(n) over all calls together.
    package mutating func next(_ input: inout ByteBuffer) throws(HTTPViolation) -> Step {
        if case .head = phase {
            guard input.readableBytes > 0, try headParser.parse(input.readableBytesUInt8Span) else {
                return .incomplete
            }
            try beginBody(&input)
        }
        switch phase {
        case .head: return finish(input.readSlice(length: headParser.head.length))
        case .body(let length):
            guard let message = input.readSlice(length: headParser.head.length + length) else {
                return waiting(bodyHasBegun: input.readableBytes > headParser.head.length)
            }
            return finish(message)
        case .chunks(var decoder, var message):
            phase = .head  // so that the message is held once and grows in place
            let hasBegun = input.readableBytes > 0 || message.readableBytes > headParser.head.length
            guard try decoder.decode(&input, into: &message) else {
                phase = .chunks(decoder, message)
                return waiting(bodyHasBegun: hasBegun)
            }
            return finish(message)
        }
    }

    /// Goes on reading, to the end of a head; its body is somebody else's to read, and begins the input.
    ///
    /// - Parameter input: what has arrived and was not consumed by earlier calls.
    /// - Returns: the head as a request without a body; `nil`: more bytes are needed.
    /// - Throws: the first violation; the parser must not be used again.
    package mutating func nextHead(_ input: inout ByteBuffer) throws(HTTPViolation) -> HTTPRequestView? {
        guard input.readableBytes > 0, try headParser.parse(input.readableBytesUInt8Span),
            let message = input.readSlice(length: headParser.head.length)
        else { return nil }
        let view = HTTPRequestView(head: headParser.head, message: message)
        headParser.reset()
        return view
    }

    private mutating func beginBody(_ input: inout ByteBuffer) throws(HTTPViolation) {
        continueIsSettled = !headParser.head.expectsContinue
        switch headParser.head.framing {
        case .none: break
        case .length(let length): phase = .body(length: length)
        case .chunked:
            // A copy of its own: appending to a slice of the input would copy all of the input's storage.
            guard let head = input.readBytes(length: headParser.head.length) else { return }
            phase = .chunks(HTTPChunkDecoder(limits: headParser.limits), ByteBuffer(bytes: head))
        }
    }

    /// A client that has begun to send the body does not wait for permission (RFC 9110 §10.1.1).
    private mutating func waiting(bodyHasBegun: Bool) -> Step {
        defer { continueIsSettled = true }
        return continueIsSettled || bodyHasBegun ? .incomplete : .expectsContinue
    }

    private mutating func finish(_ message: ByteBuffer?) -> Step {
        guard let message else { return .incomplete }
        phase = .head
        let view = HTTPRequestView(head: headParser.head, message: message)
        headParser.reset()
        return .request(view)
    }
}
