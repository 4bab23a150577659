internal import NIOCore

/// Heads of requests, and fields behind their bodies.
extension HTTP2Connection {
    /// Takes HEADERS (RFC 9113 §6.2).
    func receiveHead(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard !frame.stream.isMultiple(of: 2) else { throw .protocolError }
        var range = 0..<payload.count
        var padding = 0
        if frame.has(HTTP2FrameHeader.Flag.padded) {
            guard !payload.isEmpty else { throw .frameSize }
            padding = Int(payload[0])
            range = 1..<payload.count
        }
        let priorityLength = frame.has(HTTP2FrameHeader.Flag.priority) ? 5 : 0  // of which we take no notice
        guard range.count >= priorityLength + padding else { throw .protocolError }
        let block = payload.extracting(range.lowerBound + priorityLength..<range.upperBound - padding)
        let endsStream = frame.has(HTTP2FrameHeader.Flag.endStream)
        if frame.has(HTTP2FrameHeader.Flag.endHeaders) {
            try finishHead(frame.stream, block, endsStream)
        } else {
            head = UnfinishedHead(
                stream: frame.stream, endsStream: endsStream, deadline: loop.deadline(in: loop.limits.headTimeMax))
            head?.block.write(block)
        }
    }

    /// Takes CONTINUATION (RFC 9113 §6.10).
    func receiveContinuation(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard var head else { throw .protocolError }
        self.head = nil  // so that the block grows in place
        head.continuationCount += 1
        guard head.continuationCount <= HTTP2Limits.continuationsMax,
            head.block.readableBytes + payload.count <= HTTP2Limits.blockBytesMax
        else { throw .enhanceYourCalm }
        head.block.write(payload)
        if frame.has(HTTP2FrameHeader.Flag.endHeaders) {
            try finishHead(head.stream, head.block.readableBytesUInt8Span, head.endsStream)
        } else {
            self.head = head
        }
    }

    private func finishHead(_ id: UInt32, _ block: Span<UInt8>, _ endsStream: Bool) throws(HTTP2ErrorCode) {
        loop.http2.fields.begin(listBytesMax: loop.limits.message.headerBytesMax)
        try decoder.decode(block, into: &loop.http2.fields)
        if id > newestStream { try open(id, endsStream) } else { try receiveTrailers(id, endsStream) }
    }

    private func receiveTrailers(_ id: UInt32, _ endsStream: Bool) throws(HTTP2ErrorCode) {
        guard let position = streams.position(of: id) else {
            // A number cannot be used twice (RFC 9113 §5.1, §5.1.1), but fields may cross a reset on their way.
            guard resetStreams.contains(id) else { throw hasBeenOpen(id) ? .streamClosed : .protocolError }
            return try note(.stray)
        }
        guard !streams[position].inputHasEnded else { return try refuse(id, .streamClosed) }
        guard endsStream, HTTP2RequestHead.areTrailers(loop.http2.fields) else {
            return try refuse(id, .protocolError)
        }
        if case .passing(let downstream) = streams[position].phase {
            downstream.trailers = loop.http2.fields.lines
            try endPassedInput(at: position)
            return pumpBody(of: downstream)
        }
        try endInput(at: position)
    }

    /// Begins a stream.
    private func open(_ id: UInt32, _ endsStream: Bool) throws(HTTP2ErrorCode) {
        noteNewest(id)
        tally.excuse(.controlFrame)
        emptyDataCount = 0
        guard goodbye != .said, streams.count < loop.limits.http2.streamsMax else {
            return try refuse(id, .refusedStream)
        }
        var stream = HTTP2Stream(
            id: id, request: .refused, deadline: loop.deadline(in: loop.limits.bodyTimeMax),
            receiveWindow: streamReceiveWindow, sendWindow: streamSendWindow)
        stream.inputHasEnded = endsStream
        if loop.http2.fields.isTooLarge {
            fail(&stream, .headerTooLarge(max: loop.limits.message.headerBytesMax))
            return settle(stream, at: streams.count)
        }
        guard let head = HTTP2RequestHead(loop.http2.fields), !endsStream || (head.contentLength ?? 0) == 0 else {
            return try refuse(id, .protocolError)
        }
        stream.promisedBytes = head.contentLength
        if Responder.passesRequestsOn { return pass(stream, head) }
        do throws(HTTPViolation) {
            stream.request = try request(head)
        } catch {
            fail(&stream, error)
            return settle(stream, at: streams.count)
        }
        switch stream.request {
        case .refused: refuseContentType(&stream)
        case .call(.unknown, _, _):
            guard isTarget(head.path) else { return try refuse(id, .protocolError) }
            endUnknownCall(&stream, head)
        case .call, .plain: if endsStream { answer(&stream, body: ByteBuffer()) }
        }
        settle(stream, at: streams.count)
    }

    /// Notes that a stream begins, and whether numbers are left out before it.
    private func noteNewest(_ id: UInt32) {
        let next = newestStream == 0 ? 1 : newestStream + 2
        if id > next { firstLeftOut = min(firstLeftOut, next) }
        newestStream = id
    }

    /// Whether a stream that is not open any more has ever been; `false` where that cannot be told.
    ///
    /// It can be told of the newest, and of those below the first number that the client has left out: few do that.
    private func hasBeenOpen(_ id: UInt32) -> Bool { id < firstLeftOut || id == newestStream }

    /// Whether a path holds what a request target may hold, and nothing else.
    private func isTarget(_ path: ByteRange) -> Bool {
        loop.http2.fields.bytes.withBytes { bytes in path.range.allSatisfy { ASCII.isTarget(bytes[$0]) } }
    }

    /// What a head asks for.
    private func request(_ head: HTTP2RequestHead) throws(HTTPViolation) -> HTTP2Stream.Request {
        let call = loop.http2.fields.bytes.withBytes { bytes in
            HTTP2Stream.Request(call: head, bytes) { arrivalTime() }
        }
        if let call { return call }
        return .plain(try HTTP1Message(head, loop.http2.fields))
    }

    /// Puts a stream where it belongs, unless it is over, and counts what it holds.
    ///
    /// - Parameters:
    ///   - stream: one that is not in the table.
    ///   - position: where it belongs.
    func settle(_ stream: HTTP2Stream, at position: Int) {
        var stream = stream
        guard !stream.isOver else { return release(stream) }
        stream.forgetRequest()
        streams.insert(stream, at: position)
        account(at: position)
    }

    /// Counts what a stream in the table holds.
    func account(at position: Int) {
        let memory = streams[position].memory
        hold(memory - streams[position].heldBytes)
        streams[position].heldBytes = memory
    }

    /// Lets go of a stream that has left the table.
    func release(_ stream: HTTP2Stream) {
        hold(-stream.heldBytes)
        if inputBytes > 0, streams.isEmpty { holdInput() }
        if goodbye == .said { lingerIfDone() }
    }

    /// Ends a stream without a word: the client has reset it, or we have.
    func drop(at position: Int) {
        let stream = streams.remove(at: position)
        stream.cancel()
        if case .watching = stream.phase { watcherCount -= 1 }
        release(stream)
    }

    /// Resets a stream because of what the client does (RFC 9113 §5.4.2).
    func refuse(_ id: UInt32, _ code: HTTP2ErrorCode) throws(HTTP2ErrorCode) {
        reset(id, code)
        try note(.error)
    }

    /// Resets a stream, and remembers it for a while.
    func reset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        loop.http2.frames.reset(id, code)
        if resetStreams.count == HTTP2Limits.resetsRememberedMax { resetStreams.removeFirst() }
        resetStreams.append(id)
        if let position = streams.position(of: id) { drop(at: position) }
    }
}

extension HTTP2Stream {
    /// Lets go of what nobody needs once the answer is written or promised.
    fileprivate mutating func forgetRequest() {
        if case .body = phase { return }
        request = .refused
        body = ByteBuffer()
    }

    /// Says that nobody waits for the answer any more.
    func cancel() {
        switch phase {
        case .deferred(let deferral): deferral.cancel()
        case .passing(let downstream): downstream.abandon()
        case .body, .watching, .answered: break
        }
    }
}
