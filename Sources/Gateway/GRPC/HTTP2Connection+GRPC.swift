internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// Calls of gRPC (gRPC's doc/PROTOCOL-HTTP2.md).
extension HTTP2Connection {
    /// Bytes before a message: whether it is compressed, and its length in four bytes.
    private static var prefixLength: Int { 5 }

    /// Answers a call.
    func answer(_ method: GRPCMethod, _ metadata: HPACKHeaders, _ body: ByteBuffer, on id: HTTP2StreamID) {
        guard method != .unknown else {
            let path = metadata.first(name: ":path") ?? ""
            return end(id, with: .unimplemented, "There is no method \(path.prefix(200)).")
        }
        var body = body
        guard let flag = body.readInteger(as: UInt8.self), let length = body.readInteger(as: UInt32.self),
            flag > 0 || length == body.readableBytes
        else { return end(id, with: .invalidArgument, "A unary call has exactly one message.") }
        guard flag == 0 else {
            return end(id, with: .unimplemented, "Compressed messages are not read; send them as they are.")
        }
        message.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        message.write(0)
        for _ in 0..<4 { message.write(0) }
        let call = GRPCCall(method: method, message: body, metadata: metadata)
        switch loop.responder.respond(to: call, from: peer, into: &message) {
        case .written:
            sendMessage(on: id, startsAnswer: true)
            write(.headers(.init(headers: GRPCFields.success, endStream: true)), on: id)
            noteAnswer(on: id, bytes: message.count)
        case .failed(let status, let text): end(id, with: status, text)
        case .watching(let health): watch(health, on: id)
        }
    }

    /// Sends what stands in `message`, behind the head of the answer where that has not been sent.
    private func sendMessage(on id: HTTP2StreamID, startsAnswer: Bool) {
        if startsAnswer { write(.headers(.init(headers: GRPCFields.head, endStream: false)), on: id) }
        sent.recycle(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        sent.write(message)
        sent.setInteger(UInt32(message.count - HTTP2Connection.prefixLength), at: sent.readerIndex + 1)
        write(.data(.init(data: .byteBuffer(sent), endStream: false)), on: id)
    }

    /// Ends a call with a status and no message.
    func end(_ id: HTTP2StreamID, with status: GRPCStatus, _ text: String) {
        guard let stream = streams[id] else { return }
        var fields: HPACKHeaders
        if case .watching = stream.phase { fields = HPACKHeaders() } else { fields = GRPCFields.head }
        fields.add(name: "grpc-status", value: String(status.rawValue))
        fields.add(name: "grpc-message", value: GRPCFields.percentEncoded(text))
        write(.headers(.init(headers: fields, endStream: true)), on: id)
        noteAnswer(on: id, bytes: 0)
    }

    /// Turns away what claims to be gRPC or HTTP and is neither.
    func refuseContentType(_ id: HTTP2StreamID) {
        write(.headers(.init(headers: [":status": "415", "content-length": "0"], endStream: true)), on: id)
    }
}

/// Watching the server's health.
extension HTTP2Connection {
    private func watch(_ health: GRPCHealth, on id: HTTP2StreamID) {
        guard watchers.count < HTTP2Connection.watchersMax else {
            return end(id, with: .resourceExhausted, "One connection has \(HTTP2Connection.watchersMax) watchers.")
        }
        tell(health, on: id, startsAnswer: true)
        streams[id]?.phase = .watching(health)
        watchers.append(id)
    }

    /// Streams of one connection that may watch the server's health.
    ///
    /// 16: a client needs one for each service, and every watcher is looked at once per second.
    private static var watchersMax: Int { 16 }

    /// Tells those who watch what has changed.
    func tellWatchers() {
        guard !watchers.isEmpty else { return }
        let newest = loop.responder.health
        for id in watchers {
            guard case .watching(let told) = streams[id]?.phase, told != newest, told != .serviceUnknown else {
                continue
            }
            tell(newest, on: id, startsAnswer: false)
            streams[id]?.phase = .watching(newest)
        }
    }

    private func tell(_ health: GRPCHealth, on id: HTTP2StreamID, startsAnswer: Bool) {
        message.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        for _ in 0..<HTTP2Connection.prefixLength { message.write(0) }
        message.field(1, UInt64(health.rawValue))  // HealthCheckResponse.status
        sendMessage(on: id, startsAnswer: startsAnswer)
    }
}

/// The fields of gRPC's answers.
enum GRPCFields {
    /// How every answer begins.
    static let head: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
    /// How an answer with a message ends.
    static let success: HPACKHeaders = ["grpc-status": "0"]

    /// A text as `grpc-message` wants it: what is not visible ASCII, and the percent sign, in hexadecimal digits.
    static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%"
                for digit in [byte >> 4, byte & 15] {
                    encoded.unicodeScalars.append(Unicode.Scalar(ASCII.hexadecimalDigit(digit)))
                }
            }
        }
        return encoded
    }
}

extension HTTP2Stream.Request {
    /// Says what a head asks for.
    init(_ head: HTTP2RequestHead, _ fields: HPACKHeaders) {
        guard let type = head.contentType, type.hasPrefix("application/grpc") else {
            self = .plain(head, fields)
            return
        }
        // gRPC-Web is another protocol that begins alike.
        guard
            type == "application/grpc" || type.hasPrefix("application/grpc+proto")
                || type.hasPrefix("application/grpc;"),
            head.method == "POST"
        else {
            self = .refused
            return
        }
        self = .call(GRPCMethod(path: head.path), fields)
    }
}
