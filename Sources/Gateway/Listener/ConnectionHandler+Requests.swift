internal import NIOCore

extension ConnectionHandler {
    /// Answers the requests that are complete, as long as the client takes the answers.
    func readRequests(_ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        loop.writer.recycle()
        let countBefore = requestCount
        let isDry: Bool
        do { isDry = try readUntilDry(context) } catch { return fail(error) }
        guard case .open = phase else { return }
        send(context)
        let progress = parser.progress(of: input)
        if isDry, inputHasEnded { return endOfInput(midRequest: progress != .nothing) }
        if isDry, progress == .nothing, loop.isDraining { return sayGoodbye() }
        let next: Wait =
            switch progress {
            case _ where !isDry: .room
            case .nothing: .request
            case .head: .head
            case .body: .body
            }
        expect(next, anew: requestCount > countBefore)
    }

    /// Reads and answers; says whether it ended for want of bytes, and not for want of room.
    private func readUntilDry(_ context: ChannelHandlerContext) throws(HTTPViolation) -> Bool {
        while case .open = phase {
            guard hasRoom(context) else { return false }
            switch try parser.next(&input) {
            case .incomplete: return true
            case .expectsContinue: loop.writer.writeContinue()
            case .request(let request): answer(request, context)
            }
        }
        return true
    }

    /// Whether another answer may be written; sends what is there if it has become much.
    private func hasRoom(_ context: ChannelHandlerContext) -> Bool {
        if loop.writer.output.readableBytes >= loop.limits.pendingAnswerBytesMax {
            send(context)
            context.flush()
            loop.writer.recycle()
        }
        return context.channel.isWritable
    }

    private func answer(_ request: borrowing HTTPRequestView, _ context: ChannelHandlerContext) {
        requestCount += 1
        let isLast = loop.limits.requestsPerConnectionMax.map { requestCount >= $0 } ?? false
        let exchange = HTTPResponseWriter.Exchange(
            omitsBody: request.method == .head, minorVersion: request.head.minorVersion,
            closes: !request.head.keepsAlive || isLast || loop.isDraining)
        let start = loop.writer.output.writerIndex
        loop.writer.begin(exchange)
        switch loop.responder.respond(to: request, from: peer, into: &loop.writer) {
        case .written: finishAnswer(from: start, exchange)
        case .deferred(let deferral):
            loop.writer.abandon(from: start)
            send(context)
            deferredExchange = exchange
            phase = .deferred(deferral)
            wait = .answer
            deadline = .distantFuture
            deferral.attach { [weak self] write in self?.deliver(write) }
        }
    }

    /// Makes sure that there is a whole answer, and says goodbye if it was the last.
    private func finishAnswer(from start: Int, _ exchange: HTTPResponseWriter.Exchange) {
        if loop.writer.phase != .complete {
            loop.writer.abandon(from: start)
            loop.writer.begin(exchange)
            loop.writer.problem(.internalServerError, detail: "The server has no answer to this request.")
        }
        if loop.writer.exchange.closes { sayGoodbye() }
    }

    /// Writes an answer that was deferred, and goes on with the requests behind it.
    private func deliver(_ write: HTTPDeferral.Body) {
        guard case .deferred = phase, let context else { return }
        phase = .open
        deferredExchange.closes = deferredExchange.closes || loop.isDraining
        loop.writer.recycle()
        loop.writer.begin(deferredExchange)
        write(&loop.writer)
        finishAnswer(from: 0, deferredExchange)
        guard case .open = phase else { return }
        send(context)
        proceed(context)
    }

    /// Gives what is written to the channel; flushes unless the channel is about to say that it has read everything.
    func send(_ context: ChannelHandlerContext) {
        guard loop.writer.output.readableBytes > 0 else { return }
        context.write(wrapOutboundOut(loop.writer.takeOutput()), promise: nil)
        if !isReading { context.flush() }
    }

    /// Keeps what is incomplete, in memory of its own: a receive buffer goes back to the channel, which fills it again.
    ///
    /// - Parameter isReceiveBuffer: whether the input is the channel's own buffer.
    func settle(isReceiveBuffer: Bool) {
        if input.readableBytes == 0 {
            input = ByteBuffer()
        } else if isReceiveBuffer {
            input = ByteBuffer(bytes: input.readableBytesView)
        } else if input.readerIndex > input.readableBytes {
            input.discardReadBytes()
        }
        account(for: input.storageCapacity + parser.heldBytes)
        // Only what is held back can become more than one request.
        if input.readableBytes > loop.limits.message.requestBytesMax { close() }
    }

    /// Updates this connection's part of the memory that incomplete requests hold, and refuses what is too much.
    func account(for bytes: Int) {
        guard bytes != heldBytes else { return }
        let grows = bytes > heldBytes
        loop.heldBytes += bytes - heldBytes
        heldBytes = bytes
        guard grows, loop.heldBytes > loop.limits.heldBytesMax else { return }
        switch phase {
        case .open: fail(.outOfMemory)
        case .deferred: close()
        case .lingering, .closed: break
        }
    }
}
