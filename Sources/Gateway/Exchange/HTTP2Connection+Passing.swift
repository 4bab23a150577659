internal import NIOCore

/// Requests that are passed on while they arrive.
extension HTTP2Connection {
    /// Begins the exchange of a stream.
    ///
    /// - Parameters:
    ///   - stream: one that is not in the table yet.
    ///   - head: its head.
    func pass(_ stream: HTTP2Stream, _ head: HTTP2RequestHead) {
        var stream = stream
        do throws(HTTPViolation) {
            let message = try HTTP1Message(head, loop.http2.fields)
            var bytes = message.head(length: stream.inputHasEnded ? 0 : head.contentLength)
            var parser = HTTPRequestParser(limits: loop.limits.message)
            guard let request = try parser.nextHead(&bytes) else { throw .truncated }
            deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
            let downstream = HTTP2Downstream(id: stream.id, owner: self, head: request.head)
            stream.phase = .passing(downstream)
            stream.deadline = .distantFuture
            settle(stream, at: streams.count)
            let exchange = loop.responder.exchange(for: request, from: peer, to: downstream)
            downstream.begin(exchange)
            pumpBody(of: downstream)
        } catch {
            fail(&stream, error)
            settle(stream, at: streams.count)
        }
    }

    /// Takes a part of the body of a request that is passed on.
    func receive(
        _ content: ByteBuffer, at position: Int, for downstream: HTTP2Downstream, endsStream: Bool
    ) throws(HTTP2ErrorCode) {
        downstream.receivedBytes += content.readableBytes
        guard downstream.receivedBytes <= loop.limits.message.bodyBytesMax else {
            return breakOff(at: position, .bodyTooLarge(max: loop.limits.message.bodyBytesMax), endsStream)
        }
        if content.readableBytes > 0 {
            if downstream.readsBody, !downstream.isPumping, streams[position].body.readableBytes == 0 {
                streams[position].body = content
            } else {
                keep(content, at: position)
            }
        }
        if endsStream { try endPassedInput(at: position) }
        pumpBody(of: downstream)
    }

    /// The client has sent all of a request that is passed on.
    func endPassedInput(at position: Int) throws(HTTP2ErrorCode) {
        guard (streams[position].promisedBytes ?? 0) == 0 else {
            return try refuse(streams[position].id, .protocolError)
        }
        streams[position].inputHasEnded = true
    }

    /// The client breaks a limit in the middle of its body: it hears so if nothing has been answered yet.
    func breakOff(at position: Int, _ violation: HTTPViolation, _ endsStream: Bool) {
        var stream = streams.remove(at: position)
        guard case .passing(let downstream) = stream.phase else { return streams.insert(stream, at: position) }
        stream.inputHasEnded = stream.inputHasEnded || endsStream
        stream.phase = .body
        downstream.abandon(for: violation)
        if downstream.hasBegun {
            streams.insert(stream, at: position)
            return reset(stream.id, .cancel)
        }
        fail(&stream, violation)
        settle(stream, at: position)
    }

    /// Lets the exchanges go on that waited for room.
    func resumeExchanges() {
        guard Responder.passesRequestsOn, !streams.isEmpty else { return }
        for downstream in passing where downstream.waitsForRoom && isWritable(for: downstream) {
            downstream.waitsForRoom = false
            downstream.exchange?.resume()
        }
    }

    /// Lets the exchanges look at their deadlines.
    func tickExchanges() {
        guard Responder.passesRequestsOn else { return }
        for downstream in passing { downstream.exchange?.tick(at: loop.now) }
    }

    /// The exchanges in work; a list of its own, since each of them may end its stream.
    private var passing: [HTTP2Downstream] {
        streams.compactMap { stream in
            if case .passing(let downstream) = stream.phase { downstream } else { nil }
        }
    }
}

extension HTTP2Connection: HTTP2StreamOwner {
    func pumpBody(of downstream: HTTP2Downstream) {
        guard !downstream.isPumping else { return }
        downstream.isPumping = true
        defer { downstream.isPumping = false }
        while downstream.readsBody, let exchange = downstream.exchange,
            let position = streams.position(of: downstream.id)
        {
            let count = min(streams[position].body.readableBytes, HTTPBodyReader.pieceBytesMax)
            if count > 0, let piece = streams[position].body.readSlice(length: count) {
                if streams[position].body.readableBytes == 0 { streams[position].body = ByteBuffer() }
                account(at: position)
                // No more time than its bytes earn: one byte now and then must not keep a seat.
                streams[position].extendDeadline(by: loop.limits.time(earnedBy: count))
                returnCredit(count, at: position)
                exchange.receive(piece)
            } else if streams[position].inputHasEnded, !downstream.endIsSaid {
                downstream.endIsSaid = true
                exchange.receiveEnd(trailers: downstream.trailers)
            } else {
                break
            }
        }
        if let position = streams.position(of: downstream.id) {
            streams[position].expectWhilePassing(loop.deadline(in: loop.limits.bodyTimeMax))
        }
    }

    /// Gives credit back for what has been passed on, half a window at a time.
    private func returnCredit(_ count: Int, at position: Int) {
        streams[position].owedCredit += count
        let owed = streams[position].owedCredit
        guard owed >= streamReceiveWindow / 2, !streams[position].inputHasEnded else { return }
        loop.http2.frames.windowUpdate(streams[position].id, owed)
        streams[position].receiveWindow += owed
        streams[position].owedCredit = 0
        send()
        flushFrames()
    }

    func isWritable(for downstream: HTTP2Downstream) -> Bool {
        guard let context, context.channel.isWritable, let position = streams.position(of: downstream.id) else {
            downstream.waitsForRoom = true
            return false
        }
        let unsent = streams[position].unsent?.bytes.readableBytes ?? 0
        guard unsent < loop.limits.pendingAnswerBytesMax else {
            downstream.waitsForRoom = true
            return false
        }
        return true
    }

    func sendInterim(_ lines: ByteBuffer, on downstream: HTTP2Downstream) {
        guard streams.position(of: downstream.id) != nil else { return }
        var lines = lines
        lines.writeStaticString("\r\n")
        guard writeHead(&lines, on: downstream.id) else { return }
        send()
        flushFrames()
    }

    func beginAnswer(
        on downstream: HTTP2Downstream, _ framing: HTTPAnswerFraming, _ write: (inout ByteWriter) -> Void
    ) {
        guard streams.position(of: downstream.id) != nil else { return }
        var writer = loop.takeWriter()
        write(&writer.output)
        if case .length(let length) = framing {
            writer.output.write(literal: "Content-Length: ")
            writer.output.write(decimal: Int64(length))
            writer.output.write(literal: "\r\n")
        }
        writer.output.write(literal: "\r\n")
        var lines = writer.takeOutput()
        loop.giveBack(writer)
        let isWritten = writeHead(&lines, on: downstream.id)
        if !isWritten { reset(downstream.id, .internalError) }
        // In any case: what is left in the workspace would go to another client.
        send()
        if !isWritten { flushFrames() }
    }

    /// Writes HEADERS; says whether the lines were a head.
    private func writeHead(_ lines: inout ByteBuffer, on id: UInt32) -> Bool {
        let start = loop.http2.frames.beginFrame(.headers, HTTP2FrameHeader.Flag.endHeaders, on: id)
        let isWhole = HTTP1Message.takeHead(from: &lines, into: &loop.http2.frames)
        if isWhole { loop.http2.frames.endHead(from: start, on: id) } else { loop.http2.frames.truncate(to: start) }
        return isWhole
    }

    func send(_ content: ByteBuffer, on downstream: HTTP2Downstream) {
        guard let position = streams.position(of: downstream.id) else { return }
        if streams[position].unsent == nil {
            write(content, .open, on: &streams[position])
        } else {
            streams[position].unsent?.bytes.writeImmutableBuffer(content)
        }
        account(at: position)
        send()
    }

    func endAnswer(on downstream: HTTP2Downstream, _ trailers: ByteBuffer?) {
        guard let position = streams.position(of: downstream.id) else { return }
        streams[position].phase = .answered
        var unsent = streams[position].unsent ?? HTTP2Stream.Unsent(bytes: ByteBuffer(), ending: .open)
        unsent.ending = .exchange
        unsent.trailers = trailers
        streams[position].unsent = unsent
        streams[position].deadline = loop.deadline(in: loop.limits.writeTimeMax)
        resume(at: position)
        send()
        flushFrames()
    }

    /// Writes what ends the answer of an exchange.
    func endExchange(_ stream: inout HTTP2Stream, _ trailers: ByteBuffer?) {
        if let trailers, trailers.readableBytes > 0 {
            let flags = HTTP2FrameHeader.Flag.endHeaders | HTTP2FrameHeader.Flag.endStream
            let start = loop.http2.frames.beginFrame(.headers, flags, on: stream.id)
            let isWhole = HTTP1Message.takeFields(of: trailers, into: &loop.http2.frames)
            if isWhole {
                loop.http2.frames.endHead(from: start, on: stream.id)
                return noteEnd(of: &stream)
            }
            loop.http2.frames.truncate(to: start)
        }
        loop.http2.frames.frame(.data, HTTP2FrameHeader.Flag.endStream, on: stream.id, length: 0)
        noteEnd(of: &stream)
    }

    func answer(on downstream: HTTP2Downstream, _ write: (inout HTTPResponseWriter) -> Void) {
        guard let position = streams.position(of: downstream.id) else { return }
        var stream = streams.remove(at: position)
        var writer = loop.takeWriter()
        writer.begin(downstream.facts)
        write(&writer)
        send(&writer, on: &stream)
        loop.giveBack(writer)
        settle(stream, at: position)
        send()
        flushFrames()
    }

    func abort(_ downstream: HTTP2Downstream) {
        guard streams.position(of: downstream.id) != nil else { return }
        reset(downstream.id, .internalError)
        send()
        flushFrames()
    }

    func flushFrames() {
        if !isReading { context?.flush() }
    }
}

extension HTTP2Stream {
    /// Says what the stream waits for in the middle of an exchange, unless it is credit: that has its own time.
    ///
    /// - Parameter bodyDeadline: until when the body must go on if it has not been waited for yet.
    mutating func expectWhilePassing(_ bodyDeadline: NIODeadline) {
        guard unsent == nil, case .passing(let downstream) = phase else { return }
        if !downstream.readsBody || inputHasEnded {
            deadline = .distantFuture
        } else if deadline >= .distantFuture {
            deadline = bodyDeadline
        }
    }

    /// Gives a body that is waited for more time.
    fileprivate mutating func extendDeadline(by time: TimeAmount) {
        if unsent == nil, deadline < .distantFuture { deadline = deadline + time }
    }
}
