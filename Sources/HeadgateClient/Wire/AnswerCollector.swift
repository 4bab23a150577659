internal import NIOCore
internal import NIOHTTP1

/// One connection to the server, on one event loop: one call after the other, answers collected whole.
final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The most bytes of an answer's body: a hundred times what a decision takes.
    private static let bodyBytesMax = 256 * 1_024

    /// When it became idle, while it is.
    var idleSince = NIODeadline.uptimeNanoseconds(0)
    /// Called with the answer, or with what has become of it instead; `nil`: no call is under way.
    private var receive: ((Result<WireAnswer, WireFailure>) -> Void)?
    private var context: ChannelHandlerContext?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    /// Whether another call may follow.
    private(set) var keepsAlive = true

    /// Whether it can be given another call.
    var isReusable: Bool { context != nil && keepsAlive && receive == nil }

    /// Sends a call.
    func send(
        _ call: WireCall, head fields: HTTPHeaders, then receive: @escaping (Result<WireAnswer, WireFailure>) -> Void
    ) {
        guard let context else { return receive(.failure(.broken)) }
        self.receive = receive
        head = nil
        body.clear()
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: call.method.rawValue), uri: call.path, headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if call.body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(call.body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Ends the connection; whoever waits hears nothing more.
    func close() {
        receive = nil
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            if !head.isKeepAlive { keepsAlive = false }
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= AnswerCollector.bodyBytesMax else { return fail() }
            body.writeBuffer(&part)
        case .end:
            // What comes unasked is not to be taken for the answer to the next call.
            guard let head, let receive else { return fail() }
            self.receive = nil
            let fields = head.headers.map { (name: $0.name, value: $0.value) }
            receive(.success(WireAnswer(status: Int(head.status.code), fields: fields, body: body)))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        fail()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail() }

    private func fail() {
        keepsAlive = false
        let receive = receive
        self.receive = nil
        context?.close(promise: nil)
        receive?(.failure(.broken))
    }
}
