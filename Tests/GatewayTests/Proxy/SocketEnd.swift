import NIOCore
import NIOEmbedded

@testable import Gateway

/// Stands where the socket would: records what an embedded channel ignores.
final class SocketEnd: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private(set) var outputHasEnded = false
    /// Whether all of it is closed.
    private(set) var isClosed = false
    /// Whether the socket is asked to read what comes next.
    var isReading = false

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else {
            isClosed = true
            return context.close(mode: mode, promise: promise)
        }
        outputHasEnded = true
        promise?.succeed()
    }

    func read(context: ChannelHandlerContext) { isReading = true }
}

extension EmbeddedChannel {
    /// What has been sent since the last call.
    func sent() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
        return bytes
    }

    /// Bytes arrive.
    fileprivate func deliver(_ bytes: [UInt8]) {
        pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        pipeline.fireChannelReadComplete()
    }

    fileprivate func set(isWritable: Bool) {
        self.isWritable = isWritable
        pipeline.fireChannelWritabilityChanged()
    }
}

/// A client of a proxy, or an upstream: one end of a connection, without a socket.
protocol ConnectionEnd {
    var channel: EmbeddedChannel { get }
    var socket: SocketEnd { get }
}

extension ConnectionEnd {
    /// It sends bytes.
    func send(bytes: [UInt8]) {
        guard channel.isActive else { return }
        socket.isReading = false
        channel.deliver(bytes)
        // As sockets do that read by themselves; whoever wants to hold that back does.
        if channel.isActive { channel.read() }
        channel.embeddedEventLoop.run()
    }

    /// It sends a text.
    func send(_ text: String) { send(bytes: Array(text.utf8)) }

    /// What it has been sent since the last call.
    func received() throws -> String {
        channel.embeddedEventLoop.run()
        return String(decoding: try channel.sent(), as: UTF8.self)
    }

    /// It closes its end.
    func endOutput() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.embeddedEventLoop.run()
    }

    /// It is gone.
    func reset() {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }

    /// It takes no more, or takes again.
    func setReads(_ reads: Bool) {
        channel.set(isWritable: reads)
        channel.embeddedEventLoop.run()
    }

    /// Whether the proxy reads from it.
    var isReadFrom: Bool { socket.isReading }
    /// Whether the proxy has closed its end of the connection.
    var hasEnded: Bool { socket.outputHasEnded || !channel.isActive }
}

/// An upstream's end of a connection.
struct UpstreamEnd: ConnectionEnd {
    let channel: EmbeddedChannel
    let socket = SocketEnd()
    /// The port it was connected to by.
    let port: Int

    init(on eventLoop: EmbeddedEventLoop, port: Int) {
        self.port = port
        channel = EmbeddedChannel(loop: eventLoop)
        do { try channel.pipeline.syncOperations.addHandler(socket) } catch { preconditionFailure("\(error)") }
    }
}

/// A client's end of a connection.
struct ClientEnd: ConnectionEnd {
    let channel: EmbeddedChannel
    let socket = SocketEnd()

    init(to loop: ListenerLoop<ProxyResponder>, trust: HTTPPeer.Trust?) throws {
        guard let eventLoop = loop.eventLoop as? EmbeddedEventLoop else {
            throw EnvoyDoor.Unusable(what: "the loop is not embedded")
        }
        channel = EmbeddedChannel(loop: eventLoop)
        let address = try SocketAddress(ipAddress: "198.51.100.7", port: 40_000)
        try channel.pipeline.syncOperations.addHandler(socket)
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(loop: loop, peer: HTTPPeer(address: address, trust: trust)))
        try channel.connect(to: ProxyWorld.nowhere).wait()
        channel.read()
    }
}
