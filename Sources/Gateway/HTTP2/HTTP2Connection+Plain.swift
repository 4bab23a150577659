internal import NIOCore

/// Requests that HTTP/1.1 would have as well.
extension HTTP2Connection {
    /// Answers a request by way of the HTTP/1.1 that it would have been.
    func answerPlainly(_ stream: inout HTTP2Stream, _ message: HTTP1Message, _ body: ByteBuffer) {
        var writer = loop.takeWriter()
        writer.begin(HTTPResponseWriter.Exchange(omitsBody: message.omitsBody, minorVersion: 1, closes: false))
        do throws(HTTPViolation) {
            var bytes = message.bytes(with: body)
            var parser = HTTPRequestParser(limits: loop.limits.message)
            switch try parser.next(&bytes) {
            case .incomplete: throw .truncated
            case .expectsContinue: throw .truncated
            case .request(let request): respond(to: request, on: &stream, &writer)
            }
        } catch {
            loop.responder.connectionFailed(error, from: peer)
            writer.problem(error.status, detail: error.description)
            send(&writer, on: &stream)
        }
        loop.giveBack(writer)
    }

    private func respond(
        to request: borrowing HTTPRequestView, on stream: inout HTTP2Stream, _ writer: inout HTTPResponseWriter
    ) {
        switch loop.responder.respond(to: request, from: peer, into: &writer) {
        case .written: send(&writer, on: &stream)
        case .deferred(let deferral):
            let exchange = writer.exchange
            writer.abandon(from: 0)
            stream.phase = .deferred(deferral)
            stream.deadline = .distantFuture
            let id = stream.id
            deferral.attach { [weak self] write in self?.deliver(write, exchange, on: id) }
        }
    }

    /// Writes an answer that was deferred.
    private func deliver(_ write: HTTPDeferral.Body, _ exchange: HTTPResponseWriter.Exchange, on id: UInt32) {
        guard let position = streams.position(of: id), case .deferred = streams[position].phase else { return }
        var stream = streams.remove(at: position)
        var writer = loop.takeWriter()
        writer.begin(exchange)
        write(&writer)
        send(&writer, on: &stream)
        loop.giveBack(writer)
        settle(stream, at: position)
        send()
        keepWithinMemory()
        context?.flush()
    }

    /// Sends the answer that stands in the writer; one that is not whole becomes a 500.
    func send(_ writer: inout HTTPResponseWriter, on stream: inout HTTP2Stream) {
        stream.phase = .answered
        if writer.phase != .complete {
            let exchange = writer.exchange
            writer.abandon(from: 0)
            writer.begin(exchange)
            writer.problem(.internalServerError, detail: "The server has no answer to this request.")
        }
        var bytes = writer.takeOutput()
        let start = loop.http2.frames.beginFrame(.headers, HTTP2FrameHeader.Flag.endHeaders, on: stream.id)
        let isWhole = HTTP1Message.takeHead(from: &bytes, into: &loop.http2.frames)
        guard isWhole else {
            loop.http2.frames.truncate(to: start)
            loop.http2.frames.reset(stream.id, .internalError)
            stream.inputHasEnded = true
            return noteEnd(of: &stream)
        }
        loop.http2.frames.endHead(from: start, on: stream.id)
        guard bytes.readableBytes > 0 else {
            loop.http2.frames.endStream(at: start)
            return noteEnd(of: &stream)
        }
        // A copy: the writer fills its own storage again.
        write(ByteBuffer(bytes: bytes.readableBytesView), .content, on: &stream)
    }
}
