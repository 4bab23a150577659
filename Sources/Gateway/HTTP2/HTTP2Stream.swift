internal import NIOCore
internal import NIOHPACK

/// One stream, from its first frame until both ends have closed it.
struct HTTP2Stream {
    /// What the client asks for.
    let request: Request
    /// What has arrived of the body, unless all of it came in one frame.
    var body = ByteBuffer()
    /// What happens to it.
    var phase = Phase.body
    /// When the body must be complete.
    var deadline: NIODeadline
    /// Memory that the stream holds, its part of the connection's.
    var heldBytes = 0

    /// What a stream asks for.
    enum Request {
        /// A gRPC call.
        case call(GRPCMethod, HPACKHeaders)
        /// A request that HTTP/1.1 would have as well.
        case plain(HTTP2RequestHead, HPACKHeaders)
        /// Nothing that is answered from its body: the answer has been given already.
        case refused
    }

    /// What happens to a stream.
    enum Phase {
        /// The body arrives. Can transition to all others.
        case body
        /// The answer comes later. Can transition to `answered`.
        case deferred(HTTPDeferral)
        /// The client watches the server's health; what it was told last.
        case watching(GRPCHealth)
        /// The answer is written, and not yet sent to its end.
        case answered
    }

    /// The promise of an answer, while there is one.
    var deferral: HTTPDeferral? { if case .deferred(let deferral) = phase { deferral } else { nil } }
}
