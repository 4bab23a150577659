import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

/// A connection without a socket, on a clock that the test moves.
struct EmbeddedConnection {
    let channel: EmbeddedChannel
    let loop: ListenerLoop<ScriptedResponder>
    let diary: ScriptedResponder.Diary
    private let wire: WireEnd

    /// Stands where the socket would: records what an embedded channel ignores.
    private final class WireEnd: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        var outputHasEnded = false
        var readCount = 0

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            guard mode == .output else { return context.close(mode: mode, promise: promise) }
            outputHasEnded = true
            promise?.succeed()
        }

        /// Happens while the channel is being flushed.
        var whenFlushed: (() -> Void)?

        func read(context: ChannelHandlerContext) { readCount += 1 }

        func flush(context: ChannelHandlerContext) {
            context.flush()
            whenFlushed?()
        }
    }

    /// Opens a connection; several may share a loop.
    init(limits: ListenerLimits = ListenerLimits(), on shared: EmbeddedConnection? = nil) throws {
        let eventLoop = shared?.channel.embeddedEventLoop ?? EmbeddedEventLoop()
        diary = shared?.diary ?? ScriptedResponder.Diary()
        loop =
            shared?.loop
            ?? ListenerLoop(
                eventLoop: eventLoop, limits: limits, responder: ScriptedResponder(diary: diary, eventLoop: eventLoop),
                wallClock: { WallTime(milliseconds: 784_111_777_000) })
        wire = WireEnd()
        channel = EmbeddedChannel(loop: eventLoop)
        try channel.pipeline.syncOperations.addHandler(wire)
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(loop: loop, peer: HTTPPeer(address: nil, trust: .loopback)))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
    }

    /// Whether our end of the connection is closed.
    var outputHasEnded: Bool { wire.outputHasEnded || !channel.isActive }
    /// Whether the whole connection is closed.
    var isClosed: Bool { !channel.isActive }
    /// How often the socket was asked to read.
    var readCount: Int { wire.readCount }

    /// The client sends.
    func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    /// The client sends several times before the channel says that it has read everything.
    func sendTogether(_ texts: [String]) {
        for text in texts { channel.pipeline.fireChannelRead(ByteBuffer(string: text)) }
        channel.pipeline.fireChannelReadComplete()
    }

    /// The client closes its end.
    func endInput() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

    /// The socket takes no more, or takes again.
    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    /// Lets something happen in the middle of every flush, as sockets do.
    func whenFlushed(_ body: @escaping () -> Void) { wire.whenFlushed = body }

    /// Time passes.
    func advance(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    /// Time passes.
    func advance(seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

    /// Work that was put off happens.
    func run() { channel.embeddedEventLoop.run() }

    /// What has been sent since the last call, one string per write.
    func received() throws -> [String] {
        var texts: [String] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            if bytes.readableBytes > 0 { texts.append(String(buffer: bytes)) }
        }
        return texts
    }

    /// The answers that have been sent since the last call.
    func answers() throws -> Answers { Answers(try received().joined()) }
}
