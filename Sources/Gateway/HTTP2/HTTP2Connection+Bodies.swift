internal import NIOCore

/// Bodies of requests, and the credit that clients have for them (RFC 9113 §5.2, §6.1, §6.9).
extension HTTP2Connection {
    /// Bytes that a stream may send: a whole message, and nothing beyond it, without waiting for credit of its own.
    ///
    /// Where bodies are passed on it is what a stream begins with, and credit comes back as fast as they go.
    var streamReceiveWindow: Int {
        Responder.passesRequestsOn ? HTTP2Limits.firstCreditBytes : loop.limits.message.bodyBytesMax + 1
    }

    /// Takes the header of a DATA frame, and the number of its padding; says whether they were there.
    func beginData(_ frame: HTTP2FrameHeader, _ bytes: inout ByteBuffer) throws(HTTP2ErrorCode) -> Bool {
        guard !isIdle(frame.stream) else { throw .protocolError }
        var padding = 0
        var left = frame.length
        if frame.has(HTTP2FrameHeader.Flag.padded) {
            guard left > 0 else { throw .frameSize }
            guard bytes.readableBytes > HTTP2FrameHeader.byteCount else { return false }
            padding = Int(bytes.readableBytesUInt8Span[HTTP2FrameHeader.byteCount])
            left -= 1 + padding
            guard left >= 0 else { throw .protocolError }
        }
        bytes.moveReaderIndex(forwardBy: HTTP2FrameHeader.byteCount + frame.length - left - padding)
        let endsStream = frame.has(HTTP2FrameHeader.Flag.endStream)
        try spendCredit(frame.length, on: frame.stream, besides: frame.length - left)
        emptyDataCount = left > 0 || endsStream ? 0 : emptyDataCount + 1
        guard emptyDataCount <= HTTP2Limits.emptyDataMax else { throw .enhanceYourCalm }
        reading = .data(stream: frame.stream, left: left, padding: padding, endsStream: endsStream)
        return true
    }

    /// Takes what is there of a DATA frame's content and padding; says whether the frame is over.
    func takeData(
        _ bytes: inout ByteBuffer, on id: UInt32, _ left: Int, _ padding: Int, _ endsStream: Bool
    ) throws(HTTP2ErrorCode) -> Bool {
        let count = min(left, bytes.readableBytes)
        // A part of the content that is not there yet may be all that is missing.
        if count > 0 || left == 0, let content = bytes.readSlice(length: count), count > 0 || endsStream {
            try receive(content, on: id, endsStream: endsStream && count == left)
        }
        let skipped = min(count == left ? padding : 0, bytes.readableBytes)
        bytes.moveReaderIndex(forwardBy: skipped)
        if count == left, skipped == padding {
            reading = .frame
            return true
        }
        // What ends the stream has been said already if only padding is missing.
        reading = .data(
            stream: id, left: left - count, padding: padding - skipped, endsStream: endsStream && count < left)
        return false
    }

    private func spendCredit(_ count: Int, on id: UInt32, besides padding: Int) throws(HTTP2ErrorCode) {
        receiveWindow -= count
        owedCredit += count  // also for what is dropped: the client has sent it
        guard receiveWindow >= 0 else { throw .flowControl }
        guard let position = streams.position(of: id) else { return }
        streams[position].receiveWindow -= count
        guard streams[position].receiveWindow >= 0 else { return try refuse(id, .flowControl) }
        guard padding > 0, !streams[position].inputHasEnded else { return }
        // A stream's window holds a whole message, but not its padding.
        streams[position].receiveWindow += padding
        loop.http2.frames.windowUpdate(id, padding)
    }

    /// Gives the client back the credit for what has been read: without it a connection stalls after 65,535 bytes.
    ///
    /// Streams need none: their window holds a whole message.
    func returnCredit() {
        guard owedCredit >= HTTP2Limits.creditBytes, !hasEnded else { return }
        loop.http2.frames.windowUpdate(0, owedCredit)
        receiveWindow += owedCredit
        owedCredit = 0
    }

    /// Takes a part of a body.
    private func receive(_ content: ByteBuffer, on id: UInt32, endsStream: Bool) throws(HTTP2ErrorCode) {
        guard let position = streams.position(of: id) else {
            try note(.stray)
            if !resetStreams.contains(id) { try refuse(id, .streamClosed) }
            return
        }
        guard !streams[position].inputHasEnded else { return try refuse(id, .streamClosed) }
        if let promised = streams[position].promisedBytes {
            guard promised >= content.readableBytes else { return try refuse(id, .protocolError) }
            streams[position].promisedBytes = promised - content.readableBytes
        }
        if case .passing(let downstream) = streams[position].phase {
            return try receive(content, at: position, for: downstream, endsStream: endsStream)
        }
        guard case .body = streams[position].phase else {  // answered before all of it came
            return endsStream ? try endInput(at: position) : ()
        }
        guard streams[position].body.readableBytes + content.readableBytes <= loop.limits.message.bodyBytesMax else {
            return failBody(at: position, .bodyTooLarge(max: loop.limits.message.bodyBytesMax), endsStream)
        }
        if endsStream, streams[position].body.readableBytes == 0 { return try endInput(at: position, content) }
        keep(content, at: position)
        if endsStream { try endInput(at: position) }
    }

    /// Keeps a part of a body.
    func keep(_ content: ByteBuffer, at position: Int) {
        var content = content
        let count = content.readableBytes
        let before = streams[position].body.storageCapacity
        // A copy: a slice would keep the whole receive buffer alive.
        streams[position].body.writeBuffer(&content)
        let growth = streams[position].body.storageCapacity - before
        streams[position].heldBytes += growth
        streams[position].deadline = streams[position].deadline + loop.limits.time(earnedBy: count)
        hold(growth)
    }

    /// Answers a request whose body breaks a limit.
    func failBody(at position: Int, _ violation: HTTPViolation, _ endsStream: Bool) {
        var stream = streams.remove(at: position)
        stream.inputHasEnded = endsStream
        fail(&stream, violation)
        settle(stream, at: position)
    }

    /// The client has sent all of a request; `last` is its body if that came at once.
    func endInput(at position: Int, _ last: ByteBuffer? = nil) throws(HTTP2ErrorCode) {
        guard (streams[position].promisedBytes ?? 0) == 0 else {
            return try refuse(streams[position].id, .protocolError)
        }
        var stream = streams.remove(at: position)
        stream.inputHasEnded = true
        if case .body = stream.phase {
            let body = last ?? stream.body
            stream.body = ByteBuffer()
            answer(&stream, body: body)
        }
        settle(stream, at: position)
    }
}
