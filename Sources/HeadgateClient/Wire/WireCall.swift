package import NIOCore

/// One call to the server.
package struct WireCall: Hashable, Sendable {
    /// The methods that are used.
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// The method.
    package var method: Method
    /// The path.
    package var path: String
    /// The body, in JSON; empty: there is none.
    package var body = ByteBuffer()
    /// From the call to its complete answer, a connection included.
    package var timeMax: TimeAmount

    /// States a call.
    package init(_ method: Method, _ path: String, body: ByteBuffer = ByteBuffer(), timeMax: TimeAmount) {
        self.method = method
        self.path = path
        self.body = body
        self.timeMax = timeMax
    }
}

/// What the server has answered.
package struct WireAnswer: Sendable {
    /// The status.
    package var status: Int
    /// The header fields, names as they came.
    package var fields: [(name: String, value: String)]
    /// The body.
    package var body: ByteBuffer

    /// States an answer.
    package init(status: Int, fields: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// Why there is no answer.
package enum WireFailure: Error, Hashable, Sendable {
    /// No connection came about.
    case unreachable
    /// The time was over first.
    case timedOut
    /// The connection ended, or what came was no answer.
    case broken
    /// All connections were in use, until the time was over or too many calls waited for one.
    case crowded
    /// The caller waits no more.
    case cancelled
    /// The client was closed.
    case closed
}

/// What carries calls to the server; tests put something else in the place of sockets.
package protocol Wire: Sendable {
    /// Sends a call; `receive` is called once, whatever becomes of the call.
    @discardableResult
    func send(
        _ call: WireCall, then receive: @escaping @Sendable (Result<WireAnswer, WireFailure>) -> Void
    ) -> WireTicket
    /// Gives up a call that is under way; its connection is closed, so that the server hears of it.
    func cancel(_ ticket: WireTicket)
    /// Does something later, on the event loop.
    func schedule(in time: TimeAmount, _ body: @escaping @Sendable () -> Void)
    /// Ends what is under way, and takes no more calls.
    func close()
}

/// The name of a call that is under way.
package struct WireTicket: Hashable, Sendable {
    /// Counts calls.
    package let number: UInt64

    /// Names a call.
    package init(number: UInt64) { self.number = number }
}
