internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// One request over HTTP/1.1 on a connection of its own, for commands that ask a server or tell it something.
///
/// It follows no redirects: a token goes to whom its owner has named and to nobody else.
struct HTTPExchange {
    /// Whom to ask.
    let place: HTTPPlace
    /// The method.
    let method: String
    /// The path with its query.
    let target: String
    /// Fields beside those that every request has.
    var fields: [(name: String, value: String)] = []
    /// The body; `nil`: none.
    var body: [UInt8]?
    /// A file with the authorities that certificates are checked by; `nil`: those of the system.
    var authorityFile: String?
    /// For how many seconds the answer is waited for.
    var patienceSeconds: Int64 = 60

    /// The longest answer that is read: a report of 576 series in three windows has some megabytes.
    static let answerBytesMax = 64 << 20
    /// How long a connection may take.
    private static let connectingPatience = TimeAmount.seconds(5)

    /// What came back.
    struct Answer {
        /// The status.
        let status: Int
        /// The fields.
        let fields: HTTPHeaders
        /// The body.
        let body: [UInt8]

        /// The value of a field.
        func field(_ name: String) -> String? { fields.first(name: name) }
        /// The body as text.
        var text: String { String(decoding: body, as: UTF8.self) }
        /// Whether all is well.
        var isGood: Bool { (200..<300).contains(status) }
    }

    /// Why there is no answer, in a sentence.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Asks.
    ///
    /// - Returns: whatever the server answers, of any status.
    /// - Throws: why it does not answer.
    func answer() async throws(Problem) -> Answer {
        let tls = try context()
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(HTTPExchange.connectingPatience)
                .connect(host: place.host, port: place.port)
                .flatMap { channel in ask(on: channel, tls) }
                .get()
        } catch {
            throw problem(error)
        }
    }

    private func context() throws(Problem) -> NIOSSLContext? {
        guard place.isSecure else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            if let authorityFile {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorityFile))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Problem(
                description: "\(authorityFile ?? "the system") has no certificates that can be used: \(error)")
        }
    }

    private func ask(on channel: any Channel, _ tls: NIOSSLContext?) -> EventLoopFuture<Answer> {
        let end = channel.eventLoop.makePromise(of: Answer.self)
        let late = channel.eventLoop.scheduleTask(in: .seconds(patienceSeconds)) {
            end.fail(Problem(description: "\(place.address) has not answered for \(patienceSeconds) s"))
        }
        end.futureResult.whenComplete { _ in
            late.cancel()
            channel.close(promise: nil)
        }
        do {
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                // A name that is an address cannot be a server name (RFC 6066 §3); the certificate is checked anyway.
                let isAddress = (try? SocketAddress(ipAddress: place.host, port: place.port)) != nil
                try pipeline.addHandler(
                    NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : place.host))
            }
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: HTTPExchange.answerBytesMax))
            try pipeline.addHandler(AnswerReceiver(end, place))
        } catch {
            end.fail(error)
        }
        send(on: channel)
        return end.futureResult
    }

    private func send(on channel: any Channel) {
        var headers = HTTPHeaders([("Host", place.authority), ("Connection", "close"), ("User-Agent", "headgate")])
        for field in fields { headers.add(name: field.name, value: field.value) }
        if let body { headers.add(name: "Content-Length", value: String(body.count)) }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: target, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }

    private func problem(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            return Problem(description: "\(place.address) does not answer: nobody is known as \(place.host)")
        case let error as NIOConnectionError:
            let isRefused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
            let reason = isRefused ? "nothing listens there" : error.connectionErrors.first.map { "\($0.error)" } ?? ""
            return Problem(description: "\(place.address) does not answer: \(reason)")
        case is NIOSSLError, is NIOSSLExtraError:
            let text = "\(error)"
            let isForOther = error is NIOSSLExtraError
            guard isForOther || text.contains("CERTIFICATE_VERIFY_FAILED") else {
                return Problem(description: "\(place.address) does not answer in TLS: \(text)")
            }
            return Problem(
                description: isForOther
                    ? "the certificate of \(place.address) is for another name"
                    : "the certificate of \(place.address) is signed by nobody who is known here; name the authority "
                        + "with --ca FILE")
        default: return Problem(description: "\(place.address) does not answer: \(error)")
        }
    }
}

/// Waits for the whole answer.
private final class AnswerReceiver: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull

    private let end: EventLoopPromise<HTTPExchange.Answer>
    private let place: HTTPPlace

    init(_ end: EventLoopPromise<HTTPExchange.Answer>, _ place: HTTPPlace) {
        self.end = end
        self.place = place
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let full = unwrapInboundIn(data)
        end.succeed(
            HTTPExchange.Answer(
                status: Int(full.head.status.code), fields: full.head.headers,
                body: full.body.map { Array($0.readableBytesView) } ?? []))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many servers close a TLS connection without saying so; whether all has come, the length tells.
        if let error = error as? NIOSSLError, case .uncleanShutdown = error { return }
        end.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end.fail(
            HTTPExchange.Problem(
                description: "\(place.address) has closed the connection without an answer"
                    + (place.isSecure ? "" : "; does it speak https?")))
    }
}
