internal import NIOCore

/// One HTTP/2 connection: bytes in, calls and requests to the responder, bytes out.
///
/// Framing, HPACK, the states of streams and credit (RFC 9113, RFC 7541) are done here, straight on the bytes that the
/// socket brings. A call that is answered at once is decoded where it lies, decided, and written behind the answers of
/// the same read; it never becomes an object, a channel or a frame in memory. What a stranger can make us keep is
/// bounded by `HTTP2Limits` and counted in `ListenerLoop.heldBytes`.
///
/// gRPC calls are answered from their messages. Everything else is turned into the HTTP/1.1 request it would have been
/// and goes through the same parser, so that one set of rules guards both protocols.
///
/// Frames are written into the workspace that all connections of the loop share. Whatever begins a piece of work
/// (bytes, a tick, an answer that comes late) ends it with `send`, which empties the workspace.
final class HTTP2Connection<Responder: HTTPResponder>: ChannelDuplexHandler, ListenedConnection {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

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

    /// What the next bytes are.
    var reading = Reading.preface
    /// Bytes that have arrived and make no whole frame.
    var input = ByteBuffer()
    /// When the frame whose beginning has arrived must be complete.
    var frameDeadline = NIODeadline.distantFuture
    /// A head whose CONTINUATION frames have not all come.
    var head: UnfinishedHead?
    /// What the heads so far have said that later ones refer to.
    var decoder = HPACKDecoder()
    /// Counts what floods are made of.
    var tally = HTTP2Tally()
    /// DATA frames without content since the last one that had some.
    var emptyDataCount = 0

    /// The streams that are not over, in the order of their numbers.
    var streams: [HTTP2Stream] = []
    /// The streams among them that watch the server's health.
    var watcherCount = 0
    /// The newest stream that the client has opened.
    var newestStream: UInt32 = 0
    /// The first number that the client has left out; the largest there is: it has left out none.
    var firstLeftOut = UInt32.max
    /// Streams that we have reset and whose last frames may be on their way, the newest last.
    var resetStreams: [UInt32] = []

    /// Bytes that the client may still send on the whole connection.
    var receiveWindow = HTTP2Limits.firstCreditBytes
    /// Bytes that have been read and for which the client has not got back credit.
    var owedCredit = 0
    /// Bytes that we may still send on the whole connection.
    var sendWindow = HTTP2Limits.firstCreditBytes
    /// Bytes that we may send on a new stream.
    var streamSendWindow = HTTP2Limits.firstCreditBytes

    /// Memory that streams hold, their part of `loop.heldBytes`.
    var heldBytes = 0
    /// Memory that incomplete frames hold, likewise, and what the connection keeps besides while anything is
    /// incomplete.
    var inputBytes = 0
    /// The size of the largest receive buffer: the channel keeps it for the next read.
    var receiveBytes = 0
    /// When the bytes came that are being read, if somebody has asked.
    var readTime: NIODeadline?
    /// How far the goodbye is.
    var goodbye = Goodbye.none
    /// The newest stream when the listener began to shut down, if none was open then.
    var restingStream: UInt32?
    /// Whether the last word has been said: what still arrives is dropped.
    var hasEnded = false
    /// Whether the client has closed its end.
    var inputHasEnded = false
    /// Whether our end is closed.
    var outputHasEnded = false
    /// Bytes dropped since the last word.
    var droppedBytes = 0
    /// Whether the channel asked to read while reading was held back.
    var readIsHeld = false
    /// Whether the channel is delivering what it has read, and says so when it is done.
    var isReading = false

    /// What the next bytes are.
    enum Reading: Hashable {
        /// The preface. Can transition to `settings`.
        case preface
        /// The frame that must come first. Can transition to `frame`.
        case settings
        /// A frame. Can transition to `data`.
        case frame
        /// The content of DATA, which is taken as it comes. Can transition to `frame`.
        case data(stream: UInt32, left: Int, padding: Int, endsStream: Bool)
    }

    /// A head whose CONTINUATION frames have not all come.
    struct UnfinishedHead {
        let stream: UInt32
        let endsStream: Bool
        let deadline: NIODeadline
        var block = ByteBuffer()
        var continuationCount = 0
    }

    /// How far the goodbye is (RFC 9113 §6.8).
    enum Goodbye: Hashable {
        /// The connection stays. Can transition to `announced` and `said`.
        case none
        /// The client has been asked to go elsewhere; what it has sent before it can know is still answered. Can
        /// transition to `said`.
        case announced
        /// The client has been told which stream was the last.
        case said
    }

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
        loop.http2.frames.settings([
            (.maxConcurrentStreams, loop.limits.http2.streamsMax),
            (.maxHeaderListSize, loop.limits.message.headerBytesMax),
            (.initialWindowSize, streamReceiveWindow),
        ])
        send()
        context.flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        hasEnded = true
        abandonStreams()
        self.context = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        take(unwrapInboundIn(data))
        send()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        resumeExchanges()
        isReading = false
        returnCredit()
        send()
        context.flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, readIsHeld {
            readIsHeld = false
            if !hasEnded { deadline = loop.deadline(in: loop.limits.http2.idleTimeMax) }
            context.read()
        }
        if context.channel.isWritable { resumeExchanges() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            inputHasEnded = true
            // A client that sends no more frames cannot even give credit; but it may hear the last word.
            if !hasEnded || outputHasEnded { close() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)  // a reset, for instance: there is nobody to tell
    }

    /// Lets the channel read, unless the client has to read first; for that it has some time.
    func read(context: ChannelHandlerContext) {
        guard !context.channel.isWritable, !hasEnded else { return context.read() }
        readIsHeld = true
        deadline = loop.deadline(in: loop.limits.writeTimeMax)
    }

    /// When the bytes came that are being read; the clock is looked at once for all calls in them.
    func arrivalTime() -> NIODeadline {
        if let readTime { return readTime }
        let now = loop.eventLoop.now
        readTime = now
        return now
    }

    /// Gives the frames that have been written to the channel.
    func send() {
        guard loop.http2.frames.count > 0 else { return }
        let frames = loop.http2.takeFrames()
        context?.write(wrapOutboundOut(frames), promise: nil)
    }

    /// Memory that the connection holds: what has not arrived whole, and what the client does not take.
    var memory: Int { heldBytes + inputBytes }

    /// Counts memory that streams hold, or with a negative number give back.
    func hold(_ bytes: Int) {
        heldBytes += bytes
        loop.heldBytes += bytes
    }

    /// Counts the memory that incomplete frames hold; while they do, or a stream is open, also what the client has made
    /// the connection keep for as long as it lives: the receive buffer and the tables.
    func holdInput() {
        var bytes = input.storageCapacity + (head?.block.storageCapacity ?? 0)
        if bytes > 0 || !streams.isEmpty {
            bytes += receiveBytes + decoder.heldBytes + resetStreams.capacity * MemoryLayout<UInt32>.stride
        }
        guard bytes != inputBytes else { return }
        loop.heldBytes += bytes - inputBytes
        inputBytes = bytes
    }
}
