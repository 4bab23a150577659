internal import NIOCore

extension ConnectionHandler {
    /// Answers the requests that are complete, as long as the client takes the answers, and says what comes next.
    ///
    /// What is left in the bytes is incomplete, or held back.
    func answerRequests(in bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
        if Responder.passesRequestsOn { return passRequests(in: &bytes, context) }
        guard case .open = phase, !mayBeHTTP2 || isHTTP1(&bytes, context) else { return }
        isAnswering = true
        let countBefore = requestCount
        var writer = loop.takeWriter()
        do throws(HTTPViolation) {
            let isDry = try answerUntilDry(&bytes, &writer, context)
            if case .open = phase {
                send(&writer, context)
                waitForMore(isDry, parser.progress(of: bytes), anew: requestCount > countBefore, &writer)
            }
        } catch { fail(error, &writer) }
        loop.giveBack(writer)
        isAnswering = false
    }

    /// Reads and answers; says whether it ended for want of bytes, and not for want of room.
    private func answerUntilDry(
        _ bytes: inout ByteBuffer, _ writer: inout HTTPResponseWriter, _ context: ChannelHandlerContext
    ) throws(HTTPViolation) -> Bool {
        while case .open = phase {
            guard hasRoom(&writer, context) else { return false }
            switch try parser.next(&bytes) {
            case .incomplete: return true
            case .expectsContinue: writer.writeContinue()
            case .request(let request): answer(request, &writer, context)
            }
        }
        return true
    }

    /// Whether another answer may be written; sends what is there if it has become much.
    private func hasRoom(_ writer: inout HTTPResponseWriter, _ context: ChannelHandlerContext) -> Bool {
        if writer.output.count >= loop.limits.pendingAnswerBytesMax {
            send(&writer, context)
            context.flush()
        }
        return context.channel.isWritable
    }

    private func answer(
        _ request: borrowing HTTPRequestView, _ writer: inout HTTPResponseWriter, _ context: ChannelHandlerContext
    ) {
        requestCount += 1
        let exchange = HTTPResponseWriter.Exchange(
            omitsBody: request.method == .head, minorVersion: request.head.minorVersion,
            closes: !request.head.keepsAlive || loop.isStopping || requestCount == loop.limits.requestsPerConnectionMax)
        let start = writer.output.count
        writer.begin(exchange)
        switch loop.responder.respond(to: request, from: peer, into: &writer) {
        case .written: finishAnswer(from: start, exchange, &writer)
        case .deferred(let deferral):
            deferredExchange = writer.exchange
            writer.abandon(from: start)
            send(&writer, context)
            phase = .deferred(deferral)
            expect(.answer, anew: true)
            deferral.attach { [weak self] write in
                self?.deliver(write)
            } hasGone: { [weak self] in
                self?.clientHasClosed ?? true
            }
        }
    }

    /// Makes sure that there is a whole answer, and says goodbye if it was the last.
    private func finishAnswer(
        from start: Int, _ exchange: HTTPResponseWriter.Exchange, _ writer: inout HTTPResponseWriter
    ) {
        if writer.phase != .complete {
            writer.abandon(from: start)
            writer.begin(exchange)
            writer.problem(.internalServerError, detail: "The server has no answer to this request.")
        }
        if writer.exchange.closes { sayGoodbye(&writer) }
    }

    /// Writes an answer that was deferred, and goes on with the requests behind it.
    private func deliver(_ write: HTTPDeferral.Body) {
        guard case .deferred = phase, let context else { return }
        phase = .open
        deferredExchange.closes = deferredExchange.closes || loop.isStopping
        var writer = loop.takeWriter()
        writer.begin(deferredExchange)
        write(&writer)
        finishAnswer(from: 0, deferredExchange, &writer)
        send(&writer, context)
        loop.giveBack(writer)
        expect(.request, anew: true)
        proceed(context)
    }

    /// Gives what is written to the channel; flushes unless the channel is about to say that it has read everything.
    private func send(_ writer: inout HTTPResponseWriter, _ context: ChannelHandlerContext) {
        guard writer.output.count > 0 else { return }
        context.write(NIOAny(writer.takeOutput()), promise: nil)
        if !isReading { context.flush() }
    }
}
