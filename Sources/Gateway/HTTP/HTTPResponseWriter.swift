internal import NIOCore

/// Writes answers: status line, fields, body.
///
/// One writer serves all connections of an event loop. Answers to pipelined requests line up in it until `takeOutput`
/// copies them into a buffer for the socket. When the next ones are taken the socket has usually sent the bytes, nobody
/// else shares the buffer's storage, and it is filled again: a busy loop allocates nothing per answer.
///
/// An answer is one `start`, any number of `field`, and one `finish`. A body that is generated is written beside the
/// answer first, so that its length is known when the head ends.
package struct HTTPResponseWriter: ~Copyable {
    /// Answers that are complete, and the one being written.
    var output = ByteWriter()
    /// A body being generated.
    var body = ByteWriter()
    /// The buffer that was handed out last.
    private var sent = ByteBuffer()
    /// `HTTP/1.1 200 OK` with its line end and `dateLine`: how most answers begin.
    private var okStart = ""
    /// The field `Date` with its line end.
    private var dateLine = ""
    /// How far the present answer is.
    private(set) var phase = Phase.complete
    /// What the present request says about its answer.
    private(set) var exchange = Exchange(omitsBody: false, minorVersion: 1, closes: false)

    /// How far an answer is.
    enum Phase: Hashable {
        /// Nothing has been written for the present request. Can transition to `head`.
        case idle
        /// Fields may follow. Can transition to `complete`.
        case head(HTTPStatus)
        /// The answer is complete. Can transition to `idle`, with the next request.
        case complete
    }

    /// What a request says about its answer.
    struct Exchange {
        /// Whether the request was `HEAD`: the answer has the head of one with a body, and no body (RFC 9110 §9.3.2).
        var omitsBody: Bool
        /// The minor version of the request.
        var minorVersion: UInt8
        /// Whether the connection closes after this answer.
        var closes: Bool
    }

    /// Capacity beyond which a buffer is given back to the system: answers are about a kilobyte, and the memory of a
    /// batch of a thousand must not stay for ever.
    static let retainedBytesMax = 64 * 1_024

    /// Makes a writer; without a date it writes none until it is told one.
    package init(date: String = "") { setDate(date) }

    /// Changes what the field `Date` says; empty means no such field.
    package mutating func setDate(_ text: String) {
        dateLine = text.isEmpty ? "" : "Date: \(text)\r\n"
        okStart = "HTTP/1.1 \(HTTPStatus.ok.line)\r\n\(dateLine)"
    }

    /// Whether the connection closes after this answer; a responder may decide so before `start`.
    package var closesConnection: Bool {
        get { exchange.closes }
        set {
            precondition(phase == .idle, "the head that says whether the connection stays has been written")
            exchange.closes = newValue
        }
    }

    /// Throws away what has been written and not taken.
    mutating func clear() { output.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax) }

    /// Turns to the next request.
    mutating func begin(_ exchange: Exchange) {
        phase = .idle
        self.exchange = exchange
    }

    /// Hands out what has been written, to be sent.
    mutating func takeOutput() -> ByteBuffer {
        sent.recycle(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        sent.write(output)
        clear()
        return sent
    }

    /// Takes back what was written for the present request.
    ///
    /// - Parameter start: where in the output it began.
    mutating func abandon(from start: Int) {
        output.truncate(to: start)
        phase = .complete
    }

    /// Writes the interim answer that lets a client go on with its body (RFC 9110 §15.2.1).
    mutating func writeContinue() { output.write(literal: "HTTP/1.1 100 Continue\r\n\r\n") }

    /// Writes the status line and the fields that every answer has.
    ///
    /// - Precondition: no answer to the present request has been started.
    package mutating func start(_ status: HTTPStatus) {
        precondition(phase == .idle, "one request has one answer (is \(phase))")
        phase = .head(status)
        if status == .ok {
            output.write(okStart)
        } else {
            output.write(literal: "HTTP/1.1 ")
            output.write(literal: status.line)
            output.write(literal: "\r\n")
            output.write(dateLine)
        }
        if exchange.closes {
            output.write(literal: "Connection: close\r\n")
        } else if exchange.minorVersion == 0 {
            output.write(literal: "Connection: keep-alive\r\n")
        }
    }

    /// Ends the head: what `finish` does in every form.
    ///
    /// - Returns: whether a body of the announced length has to follow.
    mutating func endHead(contentType: StaticString?, length: Int) -> Bool {
        guard case .head(let status) = phase else {
            preconditionFailure("an answer is started before it is finished (is \(phase))")
        }
        phase = .complete
        if status.forbidsBody {
            output.write(literal: "\r\n")
            return false
        }
        if let contentType {
            output.write(literal: "Content-Type: ")
            output.write(literal: contentType)
            output.write(literal: "\r\nContent-Length: ")
        } else {
            output.write(literal: "Content-Length: ")
        }
        output.write(decimal: Int64(length))
        output.write(literal: "\r\n\r\n")
        return length > 0 && !exchange.omitsBody
    }
}
