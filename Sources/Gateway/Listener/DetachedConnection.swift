package import NIOCore
package import Vocabulary

/// Connections without a listener.
package enum DetachedConnection {
    /// Makes what a listener puts on each of its connections, for a channel that somebody else brings.
    ///
    /// Benchmarks count with it what a request costs between the socket's bytes in and its bytes out.
    ///
    /// - Parameters:
    ///   - eventLoop: the channel's.
    ///   - limits: what strangers get at most.
    ///   - responder: what answers.
    ///   - wallClock: what the field `Date` says.
    /// - Returns: the handler; it works as soon as the channel is active.
    package static func handler<Responder: HTTPResponder>(
        on eventLoop: any EventLoop, limits: ListenerLimits = ListenerLimits(), responder: Responder,
        wallClock: @escaping @Sendable () -> WallTime
    ) -> any ChannelHandler {
        let loop = ListenerLoop(eventLoop: eventLoop, limits: limits, responder: responder, wallClock: wallClock)
        return ConnectionHandler(loop: loop, peer: HTTPPeer(address: nil, trust: .loopback))
    }
}
