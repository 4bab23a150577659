internal import Foundation
internal import NIOCore
internal import NIOPosix

/// One request over HTTP/1.1 in the clear, for commands that ask a running server or tell another one something.
struct PlainRequest {
    /// Whom to ask.
    let place: Place
    /// What to ask for.
    let path: String
    /// The gateway token, where one is needed.
    let token: String?
    /// A text to be posted; without one this is a `GET`.
    var posted: String?

    /// The longest answer that is read: a report of 576 series in three windows has some megabytes.
    static let answerBytesMax = 64 << 20
    /// How long the server may take to be reached, and then to answer.
    private static let patience = TimeAmount.seconds(10)

    /// Where a server is.
    struct Place: Equatable {
        /// Its name or address.
        let host: String
        /// Its port.
        let port: Int
        /// What stands in `Host`.
        let authority: String

        /// Reads `http://host:port`; `nil` for anything else.
        init?(_ text: String) {
            guard let parts = URLComponents(string: text), parts.scheme == "http", let host = parts.host, !host.isEmpty,
                parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.user == nil
            else { return nil }
            self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            port = parts.port ?? 80
            authority = "\(host):\(port)"
        }
    }

    /// Why there is no answer, in a sentence.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The body of the answer.
    ///
    /// - Throws: `Problem`, also for an answer with another status than 200, or after a post than 2xx.
    func answer() async throws -> String {
        let bytes: ByteBuffer
        do {
            let collected = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(PlainRequest.patience)
                .connect(host: place.host, port: place.port)
                .flatMap { channel in PlainRequest.ask(text, on: channel) }
            bytes = try await collected.get()
        } catch {
            throw Problem(description: "\(place.authority) does not answer: \(error)")
        }
        return try body(of: String(buffer: bytes))
    }

    private static func ask(_ text: String, on channel: any Channel) -> EventLoopFuture<ByteBuffer> {
        let end = channel.eventLoop.makePromise(of: ByteBuffer.self)
        let late = channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        end.futureResult.whenComplete { _ in late.cancel() }
        do {
            try channel.pipeline.syncOperations.addHandler(AnswerCollector(end))
        } catch {
            end.fail(error)
        }
        channel.writeAndFlush(ByteBuffer(string: text)).cascadeFailure(to: end)
        return end.futureResult
    }

    private var text: String {
        let token = token.map { "Headgate-Gateway-Token: \($0)\r\n" } ?? ""
        let general = "Host: \(place.authority)\r\nConnection: close\r\n\(token)"
        guard let posted else { return "GET \(path) HTTP/1.1\r\n\(general)\r\n" }
        return "POST \(path) HTTP/1.1\r\n\(general)Content-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(posted.utf8.count)\r\n\r\n\(posted)"
    }

    private func body(of answer: String) throws(Problem) -> String {
        guard let end = answer.range(of: "\r\n\r\n"), answer.hasPrefix("HTTP/1.1 ") else {
            throw Problem(description: "\(place.authority) answers no HTTP")
        }
        let status = answer.dropFirst(9).prefix(3)
        let body = String(answer[end.upperBound...])
        guard status == "200" || posted != nil && status.hasPrefix("2") else {
            throw Problem(description: "\(place.authority) answers \(status): \(body)")
        }
        return body
    }
}

/// Collects what comes until the other side closes.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var collected = ByteBuffer()
    private let end: EventLoopPromise<ByteBuffer>

    init(_ end: EventLoopPromise<ByteBuffer>) { self.end = end }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        collected.writeBuffer(&part)
        if collected.readableBytes > PlainRequest.answerBytesMax { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { end.succeed(collected) }
}
