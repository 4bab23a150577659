package import NIOCore

/// A request that is answered while it arrives, and whose body nobody keeps: what a proxy does with it.
///
/// One object per request, on the event loop of its connection. The connection calls these, the exchange calls
/// `HTTPDownstream`; either may call back at once.
package protocol HTTPExchange: AnyObject {
    /// A part of the request's body, which was asked for with `readsBody`.
    func receive(_ content: ByteBuffer)
    /// The request is complete, with the lines of its trailer section, each with its end; of a tunnel, the client has
    /// closed its end.
    func receiveEnd(trailers: ByteBuffer?)
    /// The client takes more of the answer again.
    func resume()
    /// The client has gone, or breaks the rules or a limit and is answered: nothing more comes from it or goes to it.
    ///
    /// - Parameter violation: what it is answered with; `nil`: it has gone.
    func abandon(for violation: HTTPViolation?)
    /// Once per second, for deadlines.
    func tick(at now: NIODeadline)
    /// Memory is short because of what the connection holds: ends an exchange that matters less, or this one.
    ///
    /// - Returns: whether one has been ended, with an answer that says why.
    func makeRoom() -> Bool
}

extension HTTPExchange {
    package func makeRoom() -> Bool { false }
}

/// The client's side of an exchange: a connection of HTTP/1.1 or a stream of HTTP/2.
///
/// An answer is one `begin`, any number of `send`, and one `end`; or one `answer`; or `abort`. After `end`, `answer`
/// and `abort` nothing more may be called.
package protocol HTTPDownstream: AnyObject {
    /// Whether more of the body is wanted; at first it is not, and the client is not asked to go on with it either
    /// (`100 Continue`).
    var readsBody: Bool { get set }
    /// Whether the client takes what it is sent; `resume` says when it does again.
    var isWritable: Bool { get }

    /// Passes an interim answer on (RFC 9110 §15.2), status line and fields with their ends, without the empty line.
    func sendInterim(_ lines: ByteBuffer)
    /// Begins the answer.
    ///
    /// - Parameters:
    ///   - framing: where its body ends.
    ///   - write: writes the status line and the fields as HTTP/1.1 has them, except those that are about framing and
    ///     connection, and without the empty line.
    func begin(_ framing: HTTPAnswerFraming, _ write: (inout ByteWriter) -> Void)
    /// Sends a part of the body.
    func send(_ content: ByteBuffer)
    /// Ends the answer, with the lines of a trailer section, each with its end.
    func end(trailers: ByteBuffer?)
    /// Gives a whole answer of our own.
    func answer(_ write: (inout HTTPResponseWriter) -> Void)
    /// Makes the client see that the answer is not whole.
    func abort()
    /// Sends what has been written.
    func flush()
}

/// Where the body of an answer ends, as whoever passes it on knows it.
package enum HTTPAnswerFraming: Hashable, Sendable {
    /// There is none, whatever the fields say: the request was HEAD, or the status forbids it.
    case none
    /// It has this many bytes.
    case length(Int)
    /// It is not known beforehand.
    case unknown
    /// It does not end: the connection speaks another protocol from here on.
    case tunnel
}
