import Gateway
import NIOCore
import NIOEmbedded
import Vocabulary

/// A connection whose socket is two counters: bytes go in by a call, and of what comes out only the status is read,
/// unless somebody asks for all of it.
final class Wire {
    private let channel: EmbeddedChannel
    private let end = End()

    /// Stands where the socket would.
    private final class End: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        /// Answers of HTTP/1.1 by their status.
        var countByStatus: [UInt16: Int] = [:]
        /// All that comes out; `nil`: nobody asks for it.
        var record: [UInt8]?

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let bytes = unwrapOutboundIn(data)
            promise?.succeed()
            record?.append(contentsOf: bytes.readableBytesView)
            guard bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == UInt8(ascii: "H") else { return }
            // "HTTP/1.1 200": three digits from the tenth byte on.
            let status = bytes.readableBytesView.dropFirst(9).prefix(3).reduce(UInt16(0)) { $0 * 10 + UInt16($1 & 15) }
            countByStatus[status, default: 0] += 1
        }

        func read(context: ChannelHandlerContext) {}
        func flush(context: ChannelHandlerContext) {}
    }

    /// Opens a connection to a data plane.
    init(to plane: DataPlane) throws {
        channel = EmbeddedChannel()
        let services = GatewayServices { _ in }
        let loop = channel.embeddedEventLoop
        try channel.pipeline.syncOperations.addHandler(end)
        try channel.pipeline.syncOperations.addHandler(
            DetachedConnection.handler(
                on: loop, responder: GatewayResponder(plane: plane, services: services, eventLoop: loop),
                wallClock: { WallTime(milliseconds: 1_795_000_000_000) }))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/benchmark")).wait()
    }

    /// The client sends one request, as one read of the socket.
    func send(_ bytes: ByteBuffer) {
        channel.pipeline.fireChannelRead(bytes)
        channel.pipeline.fireChannelReadComplete()
    }

    /// The client sends one request, and reads the answer.
    func answer(to bytes: ByteBuffer) -> [UInt8] {
        end.record = []
        send(bytes)
        return end.record.take() ?? []
    }

    /// How many answers had a status, since the last call.
    func takeCount(of status: UInt16) -> Int { end.countByStatus.removeValue(forKey: status) ?? 0 }
    /// What other answers there were.
    var others: [UInt16: Int] { end.countByStatus }
}
