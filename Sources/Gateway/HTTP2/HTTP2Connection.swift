internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One HTTP/2 connection: frames in, calls and requests to the responder, frames out.
///
/// Straight on frames, without a channel per stream: for calls that are answered at once a stream is a few words in a
/// table, and that is eight times as fast. What a channel per stream would do is done here: collecting bodies, giving
/// back flow-control credit, and bounding what a stranger can make us keep. Framing, HPACK, the states of streams and
/// the floods of small frames are `NIOHTTP2Handler`'s business.
///
/// gRPC calls are answered from their messages. Everything else is turned into the HTTP/1.1 request it would have been
/// and goes through the same parser, so that one set of rules guards both protocols.
final class HTTP2Connection<Responder: HTTPResponder>: ChannelDuplexHandler, ListenedConnection, NIOHTTP2FrameDelegate {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// What this connection shares with the others of its event loop.
    let loop: ListenerLoop<Responder>
    /// Who is at the other end.
    let peer: HTTPPeer
    /// Where the loop keeps this connection, while it does.
    var position: Int?
    /// When the connection must have something to do again.
    var deadline = NIODeadline.distantFuture
    /// The channel's side; `nil` after it is closed.
    var context: ChannelHandlerContext?

    /// The streams whose requests are not answered, or whose answers are not over.
    var streams: [HTTP2StreamID: HTTP2Stream] = [:]
    /// The streams among them that watch the server's health.
    var watchers: [HTTP2StreamID] = []
    /// The newest stream that the client has opened.
    var newestStream = HTTP2StreamID.rootStream
    /// Bytes for which the client has not got back credit on the connection.
    var owedCredit = 0
    /// Memory that this connection holds, its part of `loop.heldBytes`.
    var heldBytes = 0
    /// Whether the client has been told to go elsewhere.
    var isLeaving = false
    /// Whether the framing has ended the connection because of an error.
    private var hasFailed = false
    /// Whether the channel asked to read while reading was held back.
    var readIsHeld = false
    /// The message of a gRPC answer while it is written.
    var message = ByteWriter()
    /// The buffer that was handed out last.
    var sent = ByteBuffer()

    /// Makes the handler of one connection.
    init(loop: ListenerLoop<Responder>, peer: HTTPPeer) {
        self.loop = loop
        self.peer = peer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        guard !loop.isDraining else { return close() }
        loop.add(self)
        deadline = loop.deadline(in: loop.limits.idleTimeMax)
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        for stream in streams.values { stream.deferral?.cancel() }
        streams = [:]
        hold(-heldBytes)
        self.context = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let headers): receive(headers, on: frame.streamID)
        case .data(let data): receive(data, on: frame.streamID)
        case .rstStream: forget(frame.streamID)
        case .goAway: leave()
        case .priority, .settings, .pushPromise, .ping, .windowUpdate, .alternativeService, .origin: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        returnCredit()
        context.flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, readIsHeld {
            readIsHeld = false
            deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Every stream has several events. A cast that fails costs as much as a decision, comparing types nothing.
        let kind = type(of: event)
        if kind == StreamClosedEvent.self {
            if !streams.isEmpty, let closed = event as? StreamClosedEvent { forget(closed.streamID) }
        } else if kind == NIOHTTP2WindowUpdatedEvent.self {
            if let window = event as? NIOHTTP2WindowUpdatedEvent, window.streamID == .rootStream {
                window.inboundWindowSize.map { owedCredit = HTTP2Limits.firstCreditBytes - $0 }
            }
        } else if case ChannelEvent.inputClosed = event {
            close()  // a client that sends no more frames cannot even give credit
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A stream's error has been answered with a reset of that stream; after one of the connection it is beyond
        // help, and the framing has said so in a GOAWAY. The errors themselves do not tell.
        if error is any NIOHTTP2Error, !hasFailed { return }
        loop.responder.connectionFailed(.http2, from: peer)
        context.flush()
        context.close(promise: nil)
    }

    /// Notes what the framing writes of its own accord.
    func wroteFrame(_ frame: HTTP2Frame) {
        if case .goAway(_, let code, _) = frame.payload, code != .noError { hasFailed = true }
    }

    /// Lets the channel read, unless the client has to read first; for that it has some time.
    func read(context: ChannelHandlerContext) {
        guard !context.channel.isWritable else { return context.read() }
        readIsHeld = true
        deadline = loop.deadline(in: loop.limits.writeTimeMax)
    }

    /// Counts memory that is held, or with a negative number given back.
    func hold(_ bytes: Int) {
        heldBytes += bytes
        loop.heldBytes += bytes
    }
}
