package import NIOCore
internal import NIOPosix
package import Vocabulary

/// A socket that accepts connections, and what answers the requests that come in on them.
///
/// Every event loop of the group has a responder of its own, and accepted connections are dealt out to the loops in
/// turn. The number of threads is the group's: `MultiThreadedEventLoopGroup(numberOfThreads:)`.
package final class Listener<Responder: HTTPResponder>: Sendable {
    private let channel: any Channel
    private let loops: [NIOLoopBound<ListenerLoop<Responder>>]
    private let census: ConnectionCensus

    /// Connections that the system completes before they are accepted.
    ///
    /// 1,024: a restart's rush of reconnecting clients; the kernel caps it at `net.core.somaxconn` (4,096 on Linux).
    private static var backlog: Int32 { 1_024 }

    /// Opens a port and begins to answer.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - group: the event loops; the listener does not shut them down.
    ///   - limits: what strangers get at most.
    ///   - tls: where connections get their TLS from; `nil`: they are in the clear, and those on loopback trusted.
    ///   - wallClock: what the field `Date` says.
    ///   - makeResponder: called once on each loop.
    /// - Returns: the running listener.
    /// - Throws: what the system says when it refuses the port, or what `makeResponder` throws.
    package static func start(
        at address: ListenAddress, on group: any EventLoopGroup, limits: ListenerLimits = ListenerLimits(),
        tls: TLSTerminator? = nil, wallClock: @escaping @Sendable () -> WallTime = WallTime.now,
        makeResponder: @escaping @Sendable (any EventLoop) throws -> Responder
    ) async throws -> Listener {
        limits.check()
        let census = ConnectionCensus(limits: limits)
        var loops: [NIOLoopBound<ListenerLoop<Responder>>] = []
        for eventLoop in group.makeIterator() {
            let loop = eventLoop.submit {
                let loop = ListenerLoop(
                    eventLoop: eventLoop, limits: limits, responder: try makeResponder(eventLoop), wallClock: wallClock)
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }
            loops.append(try await loop.get())
        }
        let socketAddress = try address.socketAddress()
        let trust: HTTPPeer.Trust? = tls == nil && socketAddress.isLoopback ? .loopback : nil
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 64, initial: 2_048, maximum: ListenerLimits.receiveBytesMax)
            )
            .childChannelInitializer { [loops] channel in
                adopt(channel, loops: loops, census: census, tls: tls, trust: trust)
            }
            .bind(to: socketAddress).get()
        return Listener(channel: channel, loops: loops, census: census)
    }

    private init(
        channel: any Channel, loops: [NIOLoopBound<ListenerLoop<Responder>>], census: ConnectionCensus
    ) {
        self.channel = channel
        self.loops = loops
        self.census = census
    }

    /// Gives an accepted connection its handler, or turns it away.
    private static func adopt(
        _ channel: any Channel, loops: [NIOLoopBound<ListenerLoop<Responder>>], census: ConnectionCensus,
        tls: TLSTerminator?, trust: HTTPPeer.Trust?
    ) -> EventLoopFuture<Void> {
        let peer = ConnectionCensus.key(of: channel.remoteAddress)
        guard census.add(peer) else { return channel.eventLoop.makeFailedFuture(ConnectionCensus.Full()) }
        channel.closeFuture.whenComplete { _ in census.remove(peer) }
        return channel.eventLoop.makeCompletedFuture {
            guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop })?.value else {
                preconditionFailure("a connection lives on a loop of its listener's group")
            }
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                try pipeline.addHandler(TLSGate(loop: loop, terminator: tls))
            } else {
                try pipeline.addHandler(loop.connectionHandler(for: channel, trust: trust))
            }
        }
    }

    /// The port that was opened; what the system chose, if it was asked to.
    package var port: Int { channel.localAddress?.port ?? 0 }
    /// Connections that are open.
    package var connectionCount: Int { census.count }
    /// Connections that were turned away since the start, because there were too many.
    package var refusedConnectionCount: Int { census.refusedCount }

    /// Closes the port, lets every connection finish the request it is at, and cuts those that take longer.
    ///
    /// - Parameter time: how long the connections have.
    package func shutDown(within time: Nanoseconds) async {
        for loop in loops { try? await loop.eventLoop.submit { loop.value.stop() }.get() }
        // First the port: whoever is told to go elsewhere connects anew at once, and must find nobody here. What is
        // refused is tried elsewhere; a connection that is accepted and closed may have brought a request, and proxies
        // do not repeat it.
        try? await channel.close().get()
        var drained: [EventLoopFuture<Void>] = []
        for loop in loops {
            let begun = loop.eventLoop.submit { loop.value.drain(within: .nanoseconds(time.count)) }
            if let end = try? await begun.get() { drained.append(end) }
        }
        for future in drained { try? await future.get() }
    }
}
