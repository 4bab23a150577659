internal import NIOCore

/// The request of a connection that is passed on while it arrives, and how far its answer is.
struct Passing {
    /// What passes it on; `nil` only while it is being made.
    var exchange: (any HTTPExchange)?
    /// Takes the body apart.
    var body: HTTPBodyReader
    /// Whether there is a body at all.
    let hasBody: Bool
    /// Whether the body is wanted.
    var readsBody = false
    /// Whether the client waits for `100 Continue`.
    var expectsContinue: Bool
    /// What the request says about its answer.
    var facts: HTTPResponseWriter.Exchange
    /// How far the answer is.
    var answer = Answer.none
    /// Whether the body is being handed on right now.
    var isPumping = false

    /// How far an answer is.
    enum Answer: Hashable {
        /// Nothing has been said. Can transition to all others.
        case none
        /// The head is written and the body goes on as it is. Can transition to `over`.
        case plain
        /// As `plain`, in chunks. Can transition to `over`.
        case chunked
        /// Both ends speak another protocol. Can transition to `over`.
        case tunnel
        /// It is complete.
        case over
    }

    /// Begins with a request.
    init(_ head: HTTPRequestHead, limits: HTTPLimits, closes: Bool) {
        hasBody = head.framing != .none
        body = HTTPBodyReader(head.framing, limits: limits)
        expectsContinue = head.expectsContinue
        facts = HTTPResponseWriter.Exchange(
            omitsBody: head.method == .head, minorVersion: head.minorVersion, closes: closes)
    }

    /// Whether the client has to wait with what it sends.
    ///
    /// Not after a request without a body, until there is something of the next one: to hold reading and to let it go
    /// on are two system calls, and next requests are rarely there before the answer.
    func holdsReading(_ inputBytes: Int) -> Bool {
        if wantsInput { return false }
        return hasBody || inputBytes > 0 || answer == .tunnel
    }

    /// Whether bytes of the client are wanted.
    var wantsInput: Bool { readsBody && !body.isOver }
}
