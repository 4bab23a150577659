internal import NIOCore

/// Answers, and the credit that we have for them (RFC 9113 §5.2, §6.9).
extension HTTP2Connection {
    /// Answers a complete request.
    func answer(_ stream: inout HTTP2Stream, body: ByteBuffer) {
        deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
        switch stream.request {
        case .call(let method, let token, let deadline): answer(&stream, method, token, deadline, body)
        case .plain(let message): answerPlainly(&stream, message, body)
        case .refused: break
        }
    }

    /// Ends a request that breaks a limit.
    func fail(_ stream: inout HTTP2Stream, _ violation: HTTPViolation) {
        stream.body = ByteBuffer()
        loop.responder.connectionFailed(violation, from: peer)
        if case .call = stream.request {
            let isOurs = violation == .outOfMemory
            return end(&stream, with: isOurs ? .unavailable : .resourceExhausted, violation.description)
        }
        var writer = loop.takeWriter()
        writer.begin(HTTPResponseWriter.Exchange(omitsBody: false, minorVersion: 1, closes: false))
        writer.problem(violation, isOfProxy: Responder.passesRequestsOn)
        send(&writer, on: &stream)
        loop.giveBack(writer)
    }

    /// Sends content, as much as there is credit for; the rest waits.
    func write(_ content: ByteBuffer, _ ending: HTTP2Stream.Ending, on stream: inout HTTP2Stream) {
        stream.unsent = HTTP2Stream.Unsent(bytes: content, ending: ending)
        stream.deadline = loop.deadline(in: loop.limits.writeTimeMax)
        sendUnsent(of: &stream)
    }

    /// Sends what has waited for credit.
    private func sendUnsent(of stream: inout HTTP2Stream) {
        guard var unsent = stream.unsent else { return }
        stream.unsent = nil
        while unsent.bytes.readableBytes > 0 {
            let credit = min(sendWindow, stream.sendWindow, HTTP2FrameHeader.lengthMax)
            let count = min(credit, unsent.bytes.readableBytes)
            guard count > 0, let part = unsent.bytes.readSlice(length: count) else {
                stream.unsent = unsent
                return
            }
            let isLast = unsent.bytes.readableBytes == 0 && unsent.ending == .content
            loop.http2.frames.frame(
                .data, isLast ? HTTP2FrameHeader.Flag.endStream : 0, on: stream.id, length: count)
            loop.http2.frames.write(part.readableBytesUInt8Span)
            spend(count, of: &stream)
            // Whoever reads, though slowly, is not one who does not read.
            stream.deadline = stream.deadline + loop.limits.time(earnedBy: count)
        }
        switch unsent.ending {
        case .content: noteEnd(of: &stream)
        case .success: endCall(&stream)
        case .exchange: endExchange(&stream, unsent.trailers)
        case .open:
            // The time was for credit; what comes next has its own.
            guard case .passing = stream.phase else { break }
            stream.deadline = .distantFuture
            stream.expectWhilePassing(loop.deadline(in: loop.limits.bodyTimeMax))
        }
    }

    /// Takes credit for content that is sent.
    func spend(_ count: Int, of stream: inout HTTP2Stream) {
        sendWindow -= count
        stream.sendWindow -= count
    }

    /// Notes that all of an answer has been sent.
    ///
    /// A client that has not sent all of its request has some time to see that; what it sends is read and dropped.
    func noteEnd(of stream: inout HTTP2Stream) {
        stream.outputHasEnded = true
        stream.phase = .answered
        stream.deadline = loop.deadline(in: loop.limits.lingerTimeMax)
    }

    /// Takes WINDOW_UPDATE.
    func receiveCredit(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard payload.count == 4 else { throw .frameSize }
        let increment = Int(payload.bigEndian(at: 0) & 0x7FFF_FFFF)
        if frame.stream == 0 {
            guard increment > 0 else { throw .protocolError }
            sendWindow += increment
            guard sendWindow <= HTTP2Limits.creditBytesMax else { throw .flowControl }
            return resume()
        }
        guard !isIdle(frame.stream) else { throw .protocolError }
        guard let position = streams.position(of: frame.stream) else { return }
        guard increment > 0 else { return try refuse(frame.stream, .protocolError) }
        streams[position].sendWindow += increment
        guard streams[position].sendWindow <= HTTP2Limits.creditBytesMax else {
            return try refuse(frame.stream, .flowControl)
        }
        resume(at: position)
    }

    /// The client changes what a stream's window begins with, also of those that are open (RFC 9113 §6.9.2).
    func changeStreamWindow(to size: Int) throws(HTTP2ErrorCode) {
        guard size <= HTTP2Limits.creditBytesMax else { throw .flowControl }
        let change = size - streamSendWindow
        streamSendWindow = size
        for position in streams.indices {
            streams[position].sendWindow += change
            guard streams[position].sendWindow <= HTTP2Limits.creditBytesMax else { throw .flowControl }
        }
        if change > 0 { resume() }
    }

    /// Sends what has waited, the oldest stream first, while there is credit.
    ///
    /// - Complexity: O(streams): a client may give credit byte by byte.
    private func resume() {
        var position = 0
        while sendWindow > 0, position < streams.count {
            let isOver = resume(at: position)
            if !isOver { position += 1 }
        }
    }

    /// Sends what has waited of one stream; says whether that is over and gone.
    @discardableResult
    func resume(at position: Int) -> Bool {
        guard let unsent = streams[position].unsent,
            unsent.bytes.readableBytes == 0 || streams[position].sendWindow > 0 && sendWindow > 0
        else { return false }
        // In place: to take it out and put it back would move all that are newer, each time.
        sendUnsent(of: &streams[position])
        if streams[position].isOver {
            release(streams.remove(at: position))
            return true
        }
        account(at: position)
        return false
    }
}
