import NIOCore
import NIOPosix
import NIOSSL

/// One connection to a server, kept alive: requests as they are written, answers in their order.
final class HTTPConnection {
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var reader = HTTPMessageReader(answersTo: "GET")

    /// Connects, lends the connection, and closes it whatever becomes of the body.
    ///
    /// - Throws: what the body throws; and when the body is not done within a minute, its reads fail.
    static func with<Result>(
        port: Int, tls: NIOSSLContext? = nil, _ body: (HTTPConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.addTLS(tls)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        let alarm = channel.channel.eventLoop.scheduleTask(in: .seconds(60)) {
            channel.channel.close(promise: nil)
        }
        defer { alarm.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(HTTPConnection(channel: channel.channel, inbound: inbound, outbound: outbound))
        }
    }

    private init(
        channel: any Channel, inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// The serial number of the server's certificate.
    func serverSerialNumber() async throws -> [UInt8]? {
        try await channel.nioSSL_peerCertificate().get()?.serialNumber
    }

    /// Sends bytes as they are.
    func write(_ bytes: some Sequence<UInt8>) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Reads bytes as they come; `nil` at the end.
    func readBytes() async throws -> [UInt8]? {
        try await inbound.next(isolation: #isolation).map { Array($0.readableBytesView) }
    }

    /// Says that nothing more will be sent.
    func finish() { outbound.finish() }

    /// Sends a request, whose method is not HEAD, and reads its answer.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await write(request.bytes)
        return try await read()
    }

    /// Reads the next answer.
    ///
    /// - Throws: when the connection ends without one.
    func read() async throws -> HTTPResponse {
        guard let response = try await readIfAny() else {
            throw HTTPMessageReader.Malformed(what: "a connection that ended without an answer")
        }
        return response
    }

    /// Reads the next answer; `nil` when the server ends the connection instead.
    func readIfAny() async throws -> HTTPResponse? {
        while true {
            if let message = try reader.next() { return try HTTPResponse(message) }
            guard let chunk = try await inbound.next(isolation: #isolation) else {
                return try reader.next(atEnd: true).map(HTTPResponse.init)
            }
            reader.append(chunk.readableBytesView)
        }
    }
}
