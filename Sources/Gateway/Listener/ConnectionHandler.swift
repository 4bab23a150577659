internal import NIOCore

/// One connection: bytes in, requests to the responder, answers out.
///
/// It begins as HTTP/1.1. If its first bytes are the preface of HTTP/2, it gives its place to an `HTTP2Connection`.
///
/// Straight on `ByteBuffer`, without a pipeline of HTTP messages: that more than doubles the throughput. Between two
/// calls from the channel it holds no receive buffer, only a copy of what is incomplete; and it holds no answer at all.
///
/// Sending can call back at once: the channel says that it can be written to again while it is being flushed. Whoever
/// answers requests therefore sets `isAnswering`, and what calls back meanwhile leaves the work to it.
final class ConnectionHandler<Responder: HTTPResponder>: ChannelDuplexHandler, RemovableChannelHandler,
    ListenedConnection
{
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What this connection shares with the others of its event loop.
    let loop: ListenerLoop<Responder>
    /// Who is at the other end.
    let peer: HTTPPeer
    /// What was agreed on by ALPN; `nil`: nothing, so the first bytes say what it is.
    let agreement: ApplicationProtocol?
    /// Where the loop keeps this connection, while it does.
    var position: Int?
    /// When what `wait` says must have happened.
    var deadline = NIODeadline.distantFuture

    /// The channel's side; `nil` before it is active and after it is closed.
    var context: ChannelHandlerContext?
    /// What the connection is doing.
    var phase = Phase.open
    /// What the connection waits for.
    var wait = Wait.request
    /// Takes the input apart.
    var parser: HTTPRequestParser
    /// Bytes that have arrived and belong to no complete request.
    var input = ByteBuffer()
    /// What the request whose answer is deferred says about it.
    var deferredExchange = HTTPResponseWriter.Exchange(omitsBody: false, minorVersion: 1, closes: false)
    /// The request that is passed on while it arrives.
    var passing: Passing?
    /// Requests so far.
    var requestCount = 0
    /// Whether the bytes so far may yet be the preface of HTTP/2.
    var mayBeHTTP2 = true
    /// Bytes dropped since the last answer.
    var droppedBytes = 0
    /// This connection's part of `loop.heldBytes`.
    var heldBytes = 0
    /// The size of the largest receive buffer: the channel keeps it for the next read.
    var receiveBytes = 0
    /// Whether requests are being answered right now.
    var isAnswering = false
    /// Whether the client has closed its end.
    var inputHasEnded = false
    /// Whether our end is closed.
    var outputHasEnded = false
    /// Whether the channel asked to read while reading was held back.
    var readIsHeld = false
    /// Whether the channel is delivering what it has read, and says so when it is done.
    var isReading = false

    /// What a connection does.
    enum Phase {
        /// It answers requests. Can transition to all others.
        case open
        /// An answer comes later. Can transition to `open`, `lingering` and `closed`.
        case deferred(HTTPDeferral)
        /// A request is passed on while it arrives. Can transition to `open`, `lingering` and `closed`.
        case passing
        /// The last answer is written, and what still arrives is dropped. Can transition to `closed`.
        case lingering
        /// Another handler has taken over: the connection speaks HTTP/2.
        case replaced
        /// The channel is closed.
        case closed
    }

    /// What a connection waits for; each has a deadline.
    enum Wait: Hashable {
        /// The first byte of a request.
        case request
        /// The rest of a head.
        case head
        /// The rest of a body.
        case body
        /// The client, to read the answers.
        case room
        /// The responder.
        case answer
        /// The client, to close its end.
        case close
    }

    /// Makes the handler of one connection.
    init(loop: ListenerLoop<Responder>, peer: HTTPPeer, agreement: ApplicationProtocol? = nil) {
        self.loop = loop
        self.peer = peer
        self.agreement = agreement
        parser = HTTPRequestParser(limits: loop.limits.message)
    }

    /// Begins at once on a channel that is active already: behind TLS, once the handshake is over.
    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) { start(context) }

    private func start(_ context: ChannelHandlerContext) {
        self.context = context
        guard !loop.isDraining else { return close() }
        loop.add(self)
        deadline = loop.deadline(in: loop.limits.headTimeMax)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .deferred(let deferral) = phase { deferral.cancel() }
        phase = .closed
        let exchange = passing?.exchange
        passing = nil
        exchange?.abandon(for: nil)
        loop.remove(self)
        releaseInput()
        self.context = nil
        context.fireChannelInactive()
    }

    /// The context holds its handler, so a handler that has given its place away must let go of it.
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        receive(unwrapInboundIn(data), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        context.flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .passing = phase {
            expectWhilePassing()
            if context.channel.isWritable { passing?.exchange?.resume() }
        } else if context.channel.isWritable {
            proceed(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            inputHasEnded = true
            if case .passing = phase {
                endInputWhilePassing()
            } else if outputHasEnded || isHeldForInput {
                close()
            } else {
                proceed(context)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Whether an answer is held for a client only as long as it may still send.
    private var isHeldForInput: Bool {
        if case .deferred(let deferral) = phase { deferral.endsWithInput } else { false }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)  // a reset, for instance: there is nobody to tell
    }

    /// Lets the channel read, unless the client has to read first, or the responder to answer.
    func read(context: ChannelHandlerContext) {
        if isHeld(context) { readIsHeld = true } else { context.read() }
    }

    /// Whether further requests have to wait.
    private func isHeld(_ context: ChannelHandlerContext) -> Bool {
        switch phase {
        case .open: !context.channel.isWritable
        case .deferred: true
        case .passing: passing?.holdsReading(input.readableBytes) != false
        case .lingering, .replaced, .closed: false
        }
    }

    /// Lets the channel read if it was held back and nothing holds it any more.
    func resumeReading(_ context: ChannelHandlerContext) {
        guard readIsHeld, !isHeld(context) else { return }
        readIsHeld = false
        context.read()
    }
}
