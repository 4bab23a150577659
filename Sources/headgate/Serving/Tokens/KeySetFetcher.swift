internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Fetches the keys that an outside issuer publishes: one `GET` by HTTP/1.1, with a bound on time and size.
///
/// It follows no redirects: where the keys are is what the settings say, not what an answer says.
struct KeySetFetcher: Sendable {
    private let host: String
    private let port: Int
    private let authority: String
    private let path: String
    private let context: NIOSSLContext?

    /// How long it may take to connect, and then to answer.
    private static let patience = TimeAmount.seconds(5)
    /// The longest answer that is read, head and all: the largest set and 16 KiB.
    static let answerBytesMax = 80 << 10

    /// Why there are no keys, in a sentence.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a URL, which the settings have found safe.
    init(_ text: String) throws {
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty else {
            throw Problem(description: "\(text) is no URL")
        }
        let isSecure = url.scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = url.port ?? (isSecure ? 443 : 80)
        authority = url.port.map { "\(host):\($0)" } ?? host
        path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
        context = isSecure ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
    }

    /// The bytes of the set.
    func fetch() async throws(Problem) -> [UInt8] {
        let bytes: ByteBuffer
        do {
            bytes = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(KeySetFetcher.patience)
                .connect(host: host, port: port)
                .flatMap { channel in ask(on: channel) }
                .get()
        } catch {
            throw Problem(description: "\(authority) does not answer: \(error)")
        }
        return try KeySetAnswer.body(of: Array(bytes.readableBytesView), from: authority)
    }

    private func ask(on channel: any Channel) -> EventLoopFuture<ByteBuffer> {
        let end = channel.eventLoop.makePromise(of: ByteBuffer.self)
        let late = channel.eventLoop.scheduleTask(in: KeySetFetcher.patience) { channel.close(promise: nil) }
        end.futureResult.whenComplete { _ in
            late.cancel()
            channel.close(promise: nil)
        }
        do {
            if let context {
                // A name that is an address cannot be a server name (RFC 6066 §3); the certificate is checked anyway.
                let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
                let tls = try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
                try channel.pipeline.syncOperations.addHandler(tls)
            }
            try channel.pipeline.syncOperations.addHandler(KeySetCollector(end))
        } catch {
            end.fail(error)
        }
        let request =
            "GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n"
            + "Accept: application/jwk-set+json, application/json\r\nUser-Agent: headgate\r\n\r\n"
        channel.writeAndFlush(ByteBuffer(string: request)).cascadeFailure(to: end)
        return end.futureResult
    }
}

/// Collects what comes until the other side closes.
private final class KeySetCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var collected = ByteBuffer()
    private let end: EventLoopPromise<ByteBuffer>

    init(_ end: EventLoopPromise<ByteBuffer>) { self.end = end }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        collected.writeBuffer(&part)
        if collected.readableBytes > KeySetFetcher.answerBytesMax {
            end.fail(
                KeySetFetcher.Problem(description: "the answer is longer than \(KeySetFetcher.answerBytesMax) bytes"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many servers close a TLS connection without saying so; whether all has come, the length tells.
        if let error = error as? NIOSSLError, case .uncleanShutdown = error { return }
        end.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) { end.succeed(collected) }
}
