internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// What an accepted connection meets first on a TLS listener: it waits for the handshake, then makes way for the
/// connection's own handler.
///
/// It stands before TLS, next to the socket. A client that says nothing therefore costs no TLS state; one that speaks
/// no TLS is told so in words it understands; and one whose time is over is cut without a farewell that it would have
/// to confirm.
final class TLSGate<Responder: HTTPResponder>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let loop: ListenerLoop<Responder>
    private let terminator: TLSTerminator
    private var context: ChannelHandlerContext?
    private var phase = Phase.waiting
    /// When the handshake must be over.
    private(set) var deadline = NIODeadline.distantFuture

    /// How far a connection has come.
    private enum Phase {
        /// Nothing has arrived. Can transition to `handshaking` and `ended`.
        case waiting
        /// TLS is at work. Can transition to `ended`.
        case handshaking(NIOSSLServerHandler)
        /// The ending is counted, and nothing more happens here.
        case ended
    }

    /// Makes the gate of one connection.
    init(loop: ListenerLoop<Responder>, terminator: TLSTerminator) {
        self.loop = loop
        self.terminator = terminator
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !loop.isDraining else { return context.close(promise: nil) }
        self.context = context
        deadline = loop.deadline(in: loop.limits.handshakeTimeMax)
        loop.add(self)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.abandoned)
        self.context = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if case .waiting = phase, let first = bytes.readableBytesView.first {
            guard first == TLSGate.handshakeRecord else { return turnAway(first) }
            begin(context)
        }
        if case .handshaking = phase { context.fireChannelRead(data) }
    }

    /// The first byte of every TLS connection: the type of a handshake record (RFC 8446 §5.1).
    private static var handshakeRecord: UInt8 { 22 }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .waiting = phase, case ChannelEvent.inputClosed = event { return close() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close()  // a reset, for instance: there is nobody to tell
    }

    private func begin(_ context: ChannelHandlerContext) {
        let handler = terminator.makeHandler()
        phase = .handshaking(handler)
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandlers([handler, TLSOutcome(gate: self)], position: .after(self))
        } catch { close() }
    }

    /// The handshake is over: the connection's own handler takes its place behind TLS.
    ///
    /// - Parameters:
    ///   - outcome: the place of the handler that has heard of it.
    ///   - name: what was agreed on by ALPN.
    fileprivate func succeed(_ outcome: ChannelHandlerContext, _ name: String?) {
        guard case .handshaking(let handler) = phase, let context else { return }
        let trust = terminator.trust(of: handler.peerCertificate, at: loop.wallTime)
        end(.completed)
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(
                loop.connectionHandler(
                    for: context.channel, trust: trust, agreement: ApplicationProtocol(name: name)))
            pipeline.removeHandler(context: outcome, promise: nil)
            pipeline.removeHandler(context: context, promise: nil)
        } catch { close() }
    }

    /// The handshake failed; TLS has told the client and closes the connection.
    fileprivate func fail(_ error: any Error) {
        let text = "\(error)"
        let isAboutCertificate = ["CERTIFICATE_VERIFY_FAILED", "DID_NOT_RETURN_A_CERTIFICATE"].contains {
            text.contains($0)
        }
        end(isAboutCertificate ? .clientCertificate : text.contains("EOF") ? .abandoned : .failed)
    }

    /// Tells a client in the clear that this is no place for that, if it looks as if it would understand.
    private func turnAway(_ first: UInt8) {
        guard let context else { return }
        end(.plaintext)
        guard ASCII.isToken(first) else { return close() }
        do {
            let pipeline = context.pipeline.syncOperations
            let handler = loop.connectionHandler(for: context.channel, trust: nil)
            try pipeline.addHandler(handler)
            pipeline.removeHandler(context: context, promise: nil)
            handler.turnAway(.plaintextToTLS)
        } catch { close() }
    }

    /// Cuts the connection because its time is over.
    func timeOut() {
        end(.timedOut)
        close()
    }

    /// Cuts the connection.
    func close() { context?.close(promise: nil) }

    /// Counts how it ended, once.
    private func end(_ ending: TLSHandshakeEnding) {
        if case .ended = phase { return }
        phase = .ended
        terminator.handshakes.note(ending)
        loop.remove(self)
    }
}

/// Stands behind TLS while the gate stands before it, and tells the gate what comes of the handshake.
private final class TLSOutcome<Responder: HTTPResponder>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let gate: TLSGate<Responder>

    init(gate: TLSGate<Responder>) { self.gate = gate }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let name)? = event as? TLSUserEvent {
            return gate.succeed(context, name)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { gate.fail(error) }
}
