package import NIOCore

/// What answers requests: the part of a listener that is not about bytes.
///
/// There is one responder per event loop, made and called on that loop only. It therefore holds caches and counters
/// without locks, and need not be `Sendable`.
package protocol HTTPResponder: SendableMetatype {
    /// Answers a request at once, or promises an answer.
    ///
    /// Runs on the event loop: it must not block. An answer that is left unwritten becomes a 500.
    mutating func respond(
        to request: borrowing HTTPRequestView, from peer: HTTPPeer, into writer: inout HTTPResponseWriter
    ) -> HTTPAnswer

    /// Answers a gRPC call at once.
    ///
    /// Runs on the event loop: it must not block. The message goes behind what stands in the writer. Does nothing, and
    /// says so, unless implemented.
    mutating func respond(to call: borrowing GRPCCall, from peer: HTTPPeer, into message: inout ByteWriter)
        -> GRPCAnswer

    /// Whether requests are passed on while they arrive: then `exchange` is asked instead of `respond`.
    static var passesRequestsOn: Bool { get }

    /// Begins an exchange for a request whose head is complete; the view has no body.
    ///
    /// It may have given the answer already when it returns.
    mutating func exchange(
        for request: borrowing HTTPRequestView, from peer: HTTPPeer, to downstream: any HTTPDownstream
    ) -> any HTTPExchange

    /// Whether the server wants calls, for those who watch; asked once per second.
    var health: GRPCHealth { get }

    /// Is told of every connection that ended with a violation; for counters. Does nothing unless implemented.
    mutating func connectionFailed(_ violation: HTTPViolation, from peer: HTTPPeer)
}

extension HTTPResponder {
    package mutating func connectionFailed(_ violation: HTTPViolation, from peer: HTTPPeer) {}

    package mutating func respond(
        to call: borrowing GRPCCall, from peer: HTTPPeer, into message: inout ByteWriter
    ) -> GRPCAnswer { .failed(.unimplemented, "There are no gRPC methods here.") }

    package var health: GRPCHealth { .serving }

    package static var passesRequestsOn: Bool { false }

    package mutating func exchange(
        for request: borrowing HTTPRequestView, from peer: HTTPPeer, to downstream: any HTTPDownstream
    ) -> any HTTPExchange { preconditionFailure("requests are not passed on here") }
}

/// How a responder dealt with a request.
package enum HTTPAnswer {
    /// The answer stands in the writer.
    case written
    /// The answer comes later; the connection reads no further request until then.
    case deferred(HTTPDeferral)
}

/// Who is at the other end of a connection.
package struct HTTPPeer: Sendable {
    /// The address, unless the connection is a Unix socket.
    package let address: SocketAddress?
    /// Why the whole connection is trusted to say who others are; `nil`: it is not.
    package let trust: Trust?

    /// What makes a connection trusted.
    package enum Trust: Hashable, Sendable {
        /// The listener's own end is a loopback address or a Unix socket, in the clear: no other machine can reach it.
        case loopback
        /// A client certificate that was verified, and whose name may be trusted.
        case clientCertificate
    }

    /// Names a peer.
    package init(address: SocketAddress?, trust: Trust?) {
        self.address = address
        self.trust = trust
    }

    /// Whether every request on the connection is trusted to say who others are.
    package var isTrusted: Bool { trust != nil }
}
