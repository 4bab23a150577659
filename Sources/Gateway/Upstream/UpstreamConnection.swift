internal import NIOCore
internal import NIOTLS

/// What uses a connection to an upstream: a request that is being passed on, or a probe.
protocol UpstreamUser: AnyObject {
    /// The connection can be written to.
    func upstreamIsReady(_ connection: UpstreamConnection)
    /// An interim answer has come.
    func receiveInterim(_ head: HTTPResponseHead, _ bytes: ByteBuffer)
    /// The head of the answer has come.
    func receive(_ head: HTTPResponseHead, _ bytes: ByteBuffer)
    /// A part of the answer's body has come.
    func receive(answer content: ByteBuffer)
    /// The answer is complete; the connection can be given back, or closed, from now on.
    func receiveAnswerEnd(trailers: ByteBuffer?)
    /// Everything that has come has been handed over.
    func receivedAll()
    /// The upstream takes more of the request again.
    func upstreamHasRoom()
    /// The connection is over before the answer was.
    func upstreamHasFailed(_ failure: UpstreamFailure)
}

/// Why an upstream gives no answer, or not all of it.
enum UpstreamFailure: Error, Hashable {
    /// No connection came about.
    case unreachable
    /// No connection came about in time.
    case connectTimedOut
    /// A connection came about, but no TLS on it: a certificate that is not trusted, for instance.
    case handshakeFailed
    /// The connection ended before the first byte of an answer; `isStale`: it was one that had been idle, which the
    /// upstream may have closed before it saw the request.
    case closed(isStale: Bool)
    /// The connection ended in the middle of the answer.
    case truncated
    /// What came is no answer that could be passed on.
    case violation(UpstreamViolation)
    /// The answer did not begin in time.
    case answerTimedOut
    /// The answer stopped in the middle.
    case bodyTimedOut
    /// Neither end of a tunnel has said anything for too long.
    case tunnelTimedOut
    /// The time for the whole request is over.
    case deadline
    /// Too much has come that clients do not take.
    case outOfMemory
    /// The client does not go on with its body, and others wait for its seat.
    case bodyTooSlow
    /// There is none that has not been tried.
    case noneLeft
}

/// One connection to an upstream, on one event loop: one request after the other.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The upstream.
    let upstream: Upstream
    /// When it became idle, while it is.
    var idleSince = NIODeadline.uptimeNanoseconds(0)
    /// Who uses it; `nil`: it is idle, or closed.
    private(set) weak var user: (any UpstreamUser)?
    private var context: ChannelHandlerContext?
    private var parser: HTTPResponseParser
    private var input = ByteBuffer()
    /// Requests so far.
    private(set) var requestCount = 0
    /// Whether a byte of the present answer has come.
    private var hasAnswered = false
    /// Whether another request may follow the present one.
    private var keepsAlive = true
    /// Whether what comes is passed on as it is.
    private var isTunnel = false
    private var readIsHeld = false
    /// Whether the upstream has closed its end.
    private var inputHasEnded = false
    private var isParsing = false
    /// Whether it is being closed; by TLS that takes a while.
    private var isClosing = false
    private let memory: UpstreamMemory
    /// This connection's part of `memory`.
    private var heldBytes = 0
    /// Whether answers are wanted: the client takes what it is sent.
    var readsAnswer = true {
        didSet {
            guard readsAnswer, !oldValue else { return }
            parse()
            account()
        }
    }

    /// Called once with whether the handshake has succeeded.
    private var whenSecured: ((Bool) -> Void)?
    private var isSecured = false

    /// Makes the handler of a connection.
    init(to upstream: Upstream, limits: HTTPLimits, memory: UpstreamMemory) {
        self.upstream = upstream
        self.memory = memory
        parser = HTTPResponseParser(limits: limits)
    }

    /// Whether it can be given another request.
    var isOpen: Bool { context != nil && !isClosing }
    /// Whether the upstream takes what it is sent.
    var isWritable: Bool { context?.channel.isWritable ?? false }
    /// Whether the connection can be used again after the answer that has just ended.
    var isReusable: Bool { isOpen && keepsAlive && !isTunnel && input.readableBytes == 0 }

    /// Begins a request.
    func begin(_ user: any UpstreamUser, asks question: HTTPResponseParser.Question) {
        self.user = user
        requestCount += 1
        hasAnswered = false
        keepsAlive = true
        readsAnswer = true
        parser.begin(question)
    }

    /// The request is over.
    func release() { user = nil }

    /// Sends a part of the request.
    func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    /// Sends what has been written.
    func flush() { context?.flush() }

    /// Closes our end: of a tunnel whose client has closed its own.
    func closeOutput() { context?.close(mode: .output, promise: nil) }

    /// Passes on what comes as it is.
    func becomeTunnel() { isTunnel = true }

    /// Ends the connection.
    func close() {
        user = nil
        isClosing = true
        context?.close(promise: nil)
    }

    /// Calls back when the handshake of TLS has succeeded, or the connection is over before it has.
    func whenSecured(_ body: @escaping (Bool) -> Void) {
        if isSecured || context == nil { body(isSecured) } else { whenSecured = body }
    }

    /// Waits for the handshake no longer.
    func forgetHandshake() { whenSecured = nil }

    private func endHandshake(_ isSecured: Bool) {
        self.isSecured = isSecured
        let body = whenSecured
        whenSecured = nil
        body?(isSecured)
    }

    // Not when the channel becomes active: whoever waits for the connection hears of it before that.
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        let user = user
        self.user = nil
        input = ByteBuffer()
        account()
        endHandshake(false)
        user?.upstreamHasFailed(hasAnswered ? .truncated : .closed(isStale: requestCount > 1))
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if input.readableBytes == 0 { input = bytes } else { input.writeBuffer(&bytes) }
        parse()
        account()
        if memory.isExhausted, heldBytes > 0 { fail(.outOfMemory) }
    }

    /// Counts what is held because nobody takes it.
    private func account() {
        let bytes = input.readableBytes > 0 ? input.storageCapacity : 0
        memory.heldBytes += bytes - heldBytes
        heldBytes = bytes
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        user?.receivedAll()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { user?.upstreamHasRoom() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { inputEnded() }
        if case TLSUserEvent.handshakeCompleted = event { endHandshake(true) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isClosing = true
        context.close(promise: nil)
    }

    /// Lets the channel read, unless the client has to take what there is first.
    func read(context: ChannelHandlerContext) {
        if readsAnswer || user == nil { context.read() } else { readIsHeld = true }
    }

    private func parse() {
        guard !isParsing else { return }
        isParsing = true
        defer { isParsing = false }
        do throws(UpstreamViolation) {
            while readsAnswer, try parseNext() {}
        } catch { return fail(.violation(error)) }
        if input.readableBytes == 0 { input = ByteBuffer() }
        if inputHasEnded, readsAnswer { return endInput() }
        guard readsAnswer, readIsHeld, let context else { return }
        readIsHeld = false
        context.read()
    }

    /// Hands one piece over; says whether there may be another.
    private func parseNext() throws(UpstreamViolation) -> Bool {
        guard let user else {
            // Nobody has asked: what it says is not to be taken for the answer to the next request.
            if input.readableBytes > 0 { close() }
            return false
        }
        if isTunnel {
            guard input.readableBytes > 0 else { return false }
            let content = input
            input = ByteBuffer()
            user.receive(answer: content)
            return true
        }
        if input.readableBytes > 0 { hasAnswered = true }
        switch try parser.next(&input) {
        case .incomplete: return false
        case .head(let head, let bytes):
            if head.isInterim {
                user.receiveInterim(head, bytes)
            } else {
                keepsAlive = head.keepsAlive
                user.receive(head, bytes)
            }
        case .data(let content): user.receive(answer: content)
        case .end(let trailers):
            user.receiveAnswerEnd(trailers: trailers)
            return self.user != nil
        }
        return true
    }

    private func inputEnded() {
        keepsAlive = false
        inputHasEnded = true
        parse()
    }

    /// The upstream has closed its end, and everything that it sent has been handed over.
    private func endInput() {
        guard let user else { return close() }
        if isTunnel { return user.receiveAnswerEnd(trailers: nil) }
        do throws(UpstreamViolation) {
            if try parser.end() { user.receiveAnswerEnd(trailers: nil) } else { close() }
        } catch { fail(hasAnswered ? .truncated : .closed(isStale: requestCount > 1)) }
    }

    private func fail(_ failure: UpstreamFailure) {
        let user = user
        close()
        user?.upstreamHasFailed(failure)
        user?.receivedAll()
    }
}
