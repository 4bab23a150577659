internal import NIOCore

/// The client's side of an exchange over HTTP/2: one stream.
///
/// A number and a connection to find it on: streams are moved about, and may be gone.
final class HTTP2Downstream: HTTPDownstream {
    /// The stream's number.
    let id: UInt32
    /// Where the stream is; `nil` once the exchange is over.
    private(set) weak var owner: (any HTTP2StreamOwner)?
    /// What passes the request on; `nil` only while it is being made, and when it is over.
    private(set) var exchange: (any HTTPExchange)?
    /// What the request says about its answer.
    let facts: HTTPResponseWriter.Exchange
    /// Whether the client waits for `100 Continue`.
    private var expectsContinue: Bool
    /// Whether the answer has begun.
    private(set) var hasBegun = false
    /// Whether the exchange knows that the request is complete.
    var endIsSaid = false
    /// Whether the exchange waits until the client takes more.
    var waitsForRoom = false
    /// Whether the body is being handed on right now.
    var isPumping = false
    /// The lines of the request's trailer section.
    var trailers: ByteBuffer?
    /// Bytes of the body so far.
    var receivedBytes = 0

    var readsBody = false {
        didSet {
            guard readsBody, !oldValue else { return }
            if expectsContinue, !hasBegun {
                expectsContinue = false
                owner?.sendInterim(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n"), on: self)
            }
            owner?.pumpBody(of: self)
        }
    }

    /// Makes the client's side of a stream.
    init(id: UInt32, owner: any HTTP2StreamOwner, head: HTTPRequestHead) {
        self.id = id
        self.owner = owner
        expectsContinue = head.expectsContinue
        facts = HTTPResponseWriter.Exchange(omitsBody: head.method == .head, minorVersion: 1, closes: false)
    }

    /// Sets what passes the request on, unless that is over already.
    func begin(_ exchange: any HTTPExchange) {
        if owner != nil { self.exchange = exchange }
    }

    /// Ends the exchange from the client's side.
    ///
    /// - Parameter violation: what the client is answered with; `nil`: it has gone.
    func abandon(for violation: HTTPViolation? = nil) {
        let exchange = exchange
        finish()
        exchange?.abandon(for: violation)
    }

    private func finish() {
        owner = nil
        exchange = nil
    }

    var isWritable: Bool { owner?.isWritable(for: self) ?? false }

    func sendInterim(_ lines: ByteBuffer) {
        if !hasBegun { owner?.sendInterim(lines, on: self) }
    }

    func begin(_ framing: HTTPAnswerFraming, _ write: (inout ByteWriter) -> Void) {
        guard !hasBegun else { return }
        hasBegun = true
        owner?.beginAnswer(on: self, framing, write)
    }

    func send(_ content: ByteBuffer) {
        if content.readableBytes > 0 { owner?.send(content, on: self) }
    }

    func end(trailers: ByteBuffer?) {
        let owner = owner
        finish()
        owner?.endAnswer(on: self, trailers)
    }

    func answer(_ write: (inout HTTPResponseWriter) -> Void) {
        let owner = owner
        finish()
        owner?.answer(on: self, write)
    }

    func abort() {
        let owner = owner
        finish()
        owner?.abort(self)
    }

    func flush() { owner?.flushFrames() }
}

/// A connection of HTTP/2 as the streams see it whose requests are passed on.
protocol HTTP2StreamOwner: AnyObject {
    /// Hands the body on as far as it is there and wanted.
    func pumpBody(of downstream: HTTP2Downstream)
    /// Whether the client takes what it is sent on the stream.
    func isWritable(for downstream: HTTP2Downstream) -> Bool
    /// Writes an interim answer.
    func sendInterim(_ lines: ByteBuffer, on downstream: HTTP2Downstream)
    /// Writes the head of the answer.
    func beginAnswer(
        on downstream: HTTP2Downstream, _ framing: HTTPAnswerFraming, _ write: (inout ByteWriter) -> Void)
    /// Sends a part of the answer's body, or keeps it until there is credit.
    func send(_ content: ByteBuffer, on downstream: HTTP2Downstream)
    /// Ends the answer.
    func endAnswer(on downstream: HTTP2Downstream, _ trailers: ByteBuffer?)
    /// Gives a whole answer of our own.
    func answer(on downstream: HTTP2Downstream, _ write: (inout HTTPResponseWriter) -> Void)
    /// Resets the stream.
    func abort(_ downstream: HTTP2Downstream)
    /// Sends what has been written.
    func flushFrames()
}
