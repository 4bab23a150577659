internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// Requests that HTTP/1.1 would have as well.
extension HTTP2Connection {
    /// Answers a request by way of the HTTP/1.1 that it would have been.
    func answerPlainly(
        _ head: HTTP2RequestHead, _ fields: HPACKHeaders, _ body: ByteBuffer, on id: HTTP2StreamID
    ) {
        var writer = loop.takeWriter()
        let isHead = head.method == "HEAD"
        writer.begin(HTTPResponseWriter.Exchange(omitsBody: isHead, minorVersion: 1, closes: false))
        do throws(HTTPViolation) {
            var bytes = try HTTP1Message(head, fields, body).bytes
            var parser = HTTPRequestParser(limits: loop.limits.message)
            switch try parser.next(&bytes) {
            case .incomplete: throw .truncated
            case .expectsContinue: throw .truncated
            case .request(let request): respond(to: request, on: id, &writer)
            }
        } catch {
            loop.responder.connectionFailed(error, from: peer)
            writer.problem(error.status, detail: error.description)
            send(&writer, on: id)
        }
        loop.giveBack(writer)
    }

    private func respond(
        to request: borrowing HTTPRequestView, on id: HTTP2StreamID, _ writer: inout HTTPResponseWriter
    ) {
        switch loop.responder.respond(to: request, from: peer, into: &writer) {
        case .written: send(&writer, on: id)
        case .deferred(let deferral):
            let exchange = writer.exchange
            writer.abandon(from: 0)
            streams[id]?.phase = .deferred(deferral)
            deferral.attach { [weak self] write in self?.deliver(write, exchange, on: id) }
        }
    }

    /// Writes an answer that was deferred.
    private func deliver(
        _ write: HTTPDeferral.Body, _ exchange: HTTPResponseWriter.Exchange, on id: HTTP2StreamID
    ) {
        guard let stream = streams[id], case .deferred = stream.phase else { return }
        streams[id]?.phase = .answered
        var writer = loop.takeWriter()
        writer.begin(exchange)
        write(&writer)
        send(&writer, on: id)
        loop.giveBack(writer)
        context?.flush()
    }

    /// Sends the answer that stands in the writer; one that is not whole becomes a 500.
    func send(_ writer: inout HTTPResponseWriter, on id: HTTP2StreamID) {
        if writer.phase != .complete {
            let exchange = writer.exchange
            writer.abandon(from: 0)
            writer.begin(exchange)
            writer.problem(.internalServerError, detail: "The server has no answer to this request.")
        }
        var bytes = writer.takeOutput()
        guard let head = HTTP1Message.takeHead(from: &bytes) else { return write(.rstStream(.internalError), on: id) }
        let isWhole = bytes.readableBytes == 0
        write(.headers(.init(headers: head, endStream: isWhole)), on: id)
        // A copy: the writer fills its own storage again.
        let rest = ByteBuffer(bytes: bytes.readableBytesView)
        if !isWhole { write(.data(.init(data: .byteBuffer(rest), endStream: true)), on: id) }
        noteAnswer(on: id, bytes: rest.storageCapacity)
    }
}
