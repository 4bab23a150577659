import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// A client on a real socket that sends what it is told and collects what comes.
struct TestClient: Sendable {
    private let channel: any Channel
    private let inbox: AsyncStream<ByteBuffer>
    private let agreement: Agreement

    /// What was agreed on in the handshake.
    private final class Agreement: Sendable {
        let name = Mutex<String?>(nil)
    }

    /// Connects to a port of this machine, in the clear or by TLS.
    static func connect(
        to port: Int, on group: any EventLoopGroup, tls: NIOSSLContext? = nil
    ) async throws -> TestClient {
        let (inbox, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let agreement = Agreement()
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Collector(continuation: continuation, agreement: agreement))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestClient(channel: channel, inbox: inbox, agreement: agreement)
    }

    /// Hands on what arrives, and ends when the server ends.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<ByteBuffer>.Continuation
        private let agreement: Agreement

        init(continuation: AsyncStream<ByteBuffer>.Continuation, agreement: Agreement) {
            self.continuation = continuation
            self.agreement = agreement
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { continuation.finish() }
            if case TLSUserEvent.handshakeCompleted(let name)? = event as? TLSUserEvent {
                agreement.name.withLock { $0 = name }
            }
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// The protocol that TLS agreed on.
    var negotiatedProtocol: String? { agreement.name.withLock(\.self) }

    /// The serial number of the server's certificate.
    func serverSerialNumber() async throws -> [UInt8]? {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.nioSSL_peerCertificate()?.serialNumber
        }.get()
    }

    /// Sends a text.
    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// Closes the client's end only.
    func endOutput() async throws { try await channel.close(mode: .output) }

    /// Closes both ends.
    func close() async throws { try await channel.close() }

    /// Waits until a number of bytes has come, or the server has ended; returns all that have come by then.
    func bytes(_ count: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        if count == 0 { return bytes }
        for await buffer in inbox {
            bytes += buffer.readableBytesView
            if bytes.count >= count { break }
        }
        return bytes
    }

    /// Waits until a number of whole answers has come, or the server has ended.
    func answers(_ count: Int) async -> Answers {
        var text = ""
        if count == 0 { return Answers(text) }
        for await bytes in inbox {
            text += String(buffer: bytes)
            if Answers(text).statuses.count >= count { break }
        }
        return Answers(text)
    }

    /// Waits until the server has ended, and returns everything it sent.
    func answersToTheEnd() async -> Answers { await answers(.max) }
}
