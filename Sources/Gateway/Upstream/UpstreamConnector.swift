package import NIOCore
internal import NIOPosix

/// Opens connections to upstreams: sockets, or what a test has in their place.
package struct UpstreamConnector: Sendable {
    /// Gives a channel its handlers, before anything can come on it.
    package typealias Initializer = @Sendable (any Channel) -> EventLoopFuture<Void>
    /// Connects, on an event loop and within a time.
    package typealias Opener =
        @Sendable (UpstreamAddress, any EventLoop, TimeAmount, @escaping Initializer) -> EventLoopFuture<any Channel>

    /// Connects.
    let open: Opener

    /// States how.
    package init(open: @escaping Opener) { self.open = open }

    /// Sockets.
    package static let sockets = UpstreamConnector { address, eventLoop, time, initialize in
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(time)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer(initialize)
        guard let socketAddress = address.socketAddress else {
            return bootstrap.connect(host: address.host, port: address.port)
        }
        return bootstrap.connect(to: socketAddress)
    }
}
