internal import NIOCore

/// Calls of gRPC (gRPC's doc/PROTOCOL-HTTP2.md).
extension HTTP2Connection {
    /// Answers a call.
    ///
    /// One whose deadline is over is not decided: nobody waits for the answer, and to charge for it would punish a
    /// caller twice for a server that is slow.
    func answer(
        _ stream: inout HTTP2Stream, _ method: GRPCMethod, _ token: String?, _ deadline: NIODeadline?,
        _ body: ByteBuffer
    ) {
        if let deadline, deadline <= arrivalTime() {
            return end(&stream, with: .deadlineExceeded, "The call's time was over before it was decided.")
        }
        var body = body
        guard let flag = body.readInteger(as: UInt8.self), let length = body.readInteger(as: UInt32.self),
            flag > 0 || length == body.readableBytes
        else { return end(&stream, with: .invalidArgument, "A unary call has exactly one message.") }
        guard flag == 0 else {
            return end(&stream, with: .unimplemented, "Compressed messages are not read; send them as they are.")
        }
        // Behind the frames of earlier answers: nothing is copied if there is credit, and there nearly always is.
        let start = loop.http2.frames.count
        GRPCFields.writeHead(of: stream.id, to: &loop.http2.frames)
        let data = loop.http2.frames.beginFrame(.data, on: stream.id)
        loop.http2.frames.beginMessage()
        let call = GRPCCall(method: method, message: body, gatewayToken: token)
        switch loop.responder.respond(to: call, from: peer, into: &loop.http2.frames) {
        case .written:
            if finishMessage(from: data, .success, on: &stream) { endCall(&stream) }
        case .failed(let status, let text):
            loop.http2.frames.truncate(to: start)
            end(&stream, with: status, text)
        case .watching(let health):
            loop.http2.frames.truncate(to: start)
            watch(health, on: &stream)
        }
    }

    /// Ends the frame of a message; says whether it could be sent as it stands.
    ///
    /// Without credit for it, or if it is longer than frames are, it is taken back and waits.
    private func finishMessage(
        from start: Int, _ ending: HTTP2Stream.Ending, on stream: inout HTTP2Stream
    ) -> Bool {
        let content = start + HTTP2FrameHeader.byteCount
        let count = loop.http2.frames.count - content
        loop.http2.frames.endMessage(from: content)
        if count <= min(sendWindow, stream.sendWindow, HTTP2FrameHeader.lengthMax) {
            loop.http2.frames.endFrame(from: start)
            spend(count, of: &stream)
            return true
        }
        var copy = ByteBuffer()
        loop.http2.frames.withBytes { copy.write($0.extracting(content..<$0.count)) }
        loop.http2.frames.truncate(to: start)
        stream.phase = ending == .open ? stream.phase : .answered
        write(copy, ending, on: &stream)
        return false
    }

    /// Ends a call that went well.
    func endCall(_ stream: inout HTTP2Stream) {
        GRPCFields.writeSuccess(of: stream.id, to: &loop.http2.frames)
        noteEnd(of: &stream)
    }

    /// Ends a call with a status and no message.
    func end(_ stream: inout HTTP2Stream, with status: GRPCStatus, _ text: String) {
        let flags = HTTP2FrameHeader.Flag.endHeaders | HTTP2FrameHeader.Flag.endStream
        let start = loop.http2.frames.beginFrame(.headers, flags, on: stream.id)
        if case .watching = stream.phase {} else { GRPCFields.writeHeadFields(to: &loop.http2.frames) }
        loop.http2.frames.hpack("grpc-status", String(status.rawValue).utf8.span)
        loop.http2.frames.hpack("grpc-message", GRPCFields.percentEncoded(text).utf8.span)
        loop.http2.frames.endFrame(from: start)
        stream.unsent = nil
        noteEnd(of: &stream)
    }

    /// Ends a call of a method that this server does not have.
    func endUnknownCall(_ stream: inout HTTP2Stream, _ head: HTTP2RequestHead) {
        let path = loop.http2.fields.bytes.withBytes { $0.string(head.path.range) }
        end(&stream, with: .unimplemented, "There is no method \(path.prefix(200)).")
    }

    /// Turns away what claims to be gRPC and is not.
    func refuseContentType(_ stream: inout HTTP2Stream) {
        let flags = HTTP2FrameHeader.Flag.endHeaders | HTTP2FrameHeader.Flag.endStream
        let start = loop.http2.frames.beginFrame(.headers, flags, on: stream.id)
        loop.http2.frames.hpack(status: 415)
        loop.http2.frames.hpack("content-length", "0".utf8.span)
        loop.http2.frames.endFrame(from: start)
        noteEnd(of: &stream)
    }
}

/// Watching the server's health.
extension HTTP2Connection {
    private func watch(_ health: GRPCHealth, on stream: inout HTTP2Stream) {
        guard watcherCount < HTTP2Connection.watchersMax else {
            return end(&stream, with: .resourceExhausted, "One connection has \(HTTP2Connection.watchersMax) watchers.")
        }
        watcherCount += 1
        GRPCFields.writeHead(of: stream.id, to: &loop.http2.frames)
        tell(health, on: &stream)
    }

    /// Streams of one connection that may watch the server's health.
    ///
    /// 16: a client needs one for each service, and every watcher is looked at once per second.
    private static var watchersMax: Int { 16 }

    /// Tells those who watch what has changed.
    func tellWatchers() {
        guard watcherCount > 0 else { return }
        let newest = loop.responder.health
        for position in streams.indices {
            guard case .watching(let told) = streams[position].phase, told != newest, told != .serviceUnknown,
                streams[position].unsent == nil
            else { continue }
            var stream = streams[position]
            tell(newest, on: &stream)
            streams[position] = stream
        }
    }

    private func tell(_ health: GRPCHealth, on stream: inout HTTP2Stream) {
        stream.phase = .watching(health)
        let data = loop.http2.frames.beginFrame(.data, on: stream.id)
        loop.http2.frames.beginMessage()
        loop.http2.frames.field(1, UInt64(health.rawValue))  // HealthCheckResponse.status
        _ = finishMessage(from: data, .open, on: &stream)
    }
}

/// What gRPC puts in front of a message: whether it is compressed, and its length in four bytes.
extension ByteWriter {
    private static var prefixLength: Int { 5 }

    fileprivate mutating func beginMessage() { for _ in 0..<ByteWriter.prefixLength { write(0) } }

    fileprivate mutating func endMessage(from start: Int) {
        let length = count - start - ByteWriter.prefixLength
        for place in 1...4 { replace(at: start + place, with: UInt8(truncatingIfNeeded: length >> (32 - 8 * place))) }
    }
}

/// The fields of gRPC's answers.
enum GRPCFields {
    /// HEADERS with which every answer begins.
    static func writeHead(of stream: UInt32, to frames: inout ByteWriter) {
        let start = frames.beginFrame(.headers, HTTP2FrameHeader.Flag.endHeaders, on: stream)
        writeHeadFields(to: &frames)
        frames.endFrame(from: start)
    }

    /// The fields with which every answer begins.
    static func writeHeadFields(to frames: inout ByteWriter) {
        frames.write(0x88)  // :status 200
        frames.write(literal: "\u{F}\u{10}\u{10}application/grpc")  // content-type: name 31 of RFC 7541's table
    }

    /// HEADERS with which an answer with a message ends.
    static func writeSuccess(of stream: UInt32, to frames: inout ByteWriter) {
        let flags = HTTP2FrameHeader.Flag.endHeaders | HTTP2FrameHeader.Flag.endStream
        let fields: StaticString = "\0\u{B}grpc-status\u{1}0"
        frames.frame(.headers, flags, on: stream, length: fields.utf8CodeUnitCount)
        frames.write(literal: fields)
    }

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
    /// Says whether a head is that of a call, and of which; `nil` if it says nothing of gRPC.
    ///
    /// - Parameters:
    ///   - head: the head.
    ///   - bytes: what its ranges lie in.
    ///   - arrivalTime: when it came; asked only if that matters.
    init?(call head: HTTP2RequestHead, _ bytes: Span<UInt8>, arrivalTime: () -> NIODeadline) {
        guard let type = head.contentType?.range, bytes.begins(type, "application/grpc") else { return nil }
        let rest = type.dropFirst(16)
        // gRPC-Web is another protocol that begins alike.
        guard rest.isEmpty || bytes.begins(rest, "+proto") || bytes.begins(rest, ";"),
            bytes.equals(head.method.range, "POST")
        else {
            self = .refused
            return
        }
        let token = head.gatewayToken.map { bytes.string($0.range) }
        var deadline: NIODeadline?
        if let text = head.timeout, let timeout = GRPCTimeout.read(bytes.extracting(text.range)) {
            deadline = arrivalTime() + timeout
        }
        self = .call(GRPCMethod(path: bytes.extracting(head.path.range)), gatewayToken: token, deadline: deadline)
    }
}

extension Span where Element == UInt8 {
    /// Whether a run of bytes begins with a text.
    fileprivate func begins(_ range: Range<Int>, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return range.count >= length && equals(range.lowerBound..<range.lowerBound + length, text)
    }
}
