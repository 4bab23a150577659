package import NIOCore

extension HTTPResponseWriter {
    /// Ends an answer that has no body.
    package mutating func finish() { _ = endHead(contentType: nil, length: 0) }

    /// Ends an answer with a body that is known at compile time.
    package mutating func finish(contentType: StaticString, body text: StaticString) {
        if endHead(contentType: contentType, length: text.utf8CodeUnitCount) { output.write(literal: text) }
    }

    /// Ends an answer with a body that stands somewhere else.
    package mutating func finish(contentType: StaticString, body bytes: ByteBuffer) {
        if endHead(contentType: contentType, length: bytes.readableBytes) { output.write(bytes.readableBytesUInt8Span) }
    }

    /// Ends an answer with a JSON body, which the closure writes: one value.
    package mutating func finish(
        contentType: StaticString = "application/json", json write: (inout JSONWriter) -> Void
    ) {
        var taken = ByteWriter()
        swap(&taken, &body)
        var json = JSONWriter(appendingTo: taken)
        write(&json)
        var written = json.finish()
        if endHead(contentType: contentType, length: written.count) { output.write(written) }
        written.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        body = written
    }

    /// Answers with a problem that has no type of its own (RFC 9457 §4.2.1).
    ///
    /// - Parameters:
    ///   - status: the status; its phrase is the title.
    ///   - detail: what was wrong with this request, and what to send instead.
    package mutating func problem(_ status: HTTPStatus, detail: String) {
        start(status)
        finish(problem: status, detail: detail)
    }

    /// Ends an answer that has been started, and has its own fields, with such a problem.
    package mutating func finish(problem status: HTTPStatus, detail: String) {
        finish(contentType: "application/problem+json") { $0.value(problem: status, detail: detail) }
    }
}

extension JSONWriter {
    /// Writes a problem that has no type of its own.
    mutating func value(problem status: HTTPStatus, detail: String) {
        object { json in
            json.member("type", literal: "about:blank")
            json.member("title", status.phrase)
            json.member("status", Int64(status.code))
            json.member("detail", detail)
        }
    }
}
