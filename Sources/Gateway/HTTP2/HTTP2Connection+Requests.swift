internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

extension HTTP2Connection {
    /// Takes the head of a request, or what follows its body.
    func receive(_ frame: HTTP2Frame.FramePayload.Headers, on id: HTTP2StreamID) {
        // What comes after the answer belongs to a request that was answered early, and is dropped.
        guard id > newestStream else { return receiveTrailers(frame, on: id) }
        newestStream = id
        guard let head = HTTP2RequestHead(frame.headers) else { return write(.rstStream(.protocolError), on: id) }
        let request = HTTP2Stream.Request(head, frame.headers)
        if case .refused = request { return refuseContentType(id) }
        var stream = HTTP2Stream(request: request, deadline: loop.deadline(in: loop.limits.bodyTimeMax))
        // A head costs the client a few bytes if it is the same as one before, and us what it says.
        if !frame.endStream { stream.heldBytes = frame.headers.byteCount }
        streams[id] = stream
        if frame.endStream { return answer(id, body: ByteBuffer()) }
        hold(stream.heldBytes)
        if loop.heldBytes > loop.limits.heldBytesMax { fail(id, .outOfMemory) }
    }

    private func receiveTrailers(_ frame: HTTP2Frame.FramePayload.Headers, on id: HTTP2StreamID) {
        guard streams[id] != nil, frame.endStream else { return }
        guard HTTP2RequestHead.areTrailers(frame.headers) else {
            write(.rstStream(.protocolError), on: id)
            return forget(id)
        }
        finishBody(of: id)
    }

    /// Takes a part of a body.
    func receive(_ frame: HTTP2Frame.FramePayload.Data, on id: HTTP2StreamID) {
        guard case .byteBuffer(var bytes) = frame.data else { return }
        guard var stream = streams[id], case .body = stream.phase else { return }
        guard stream.body.readableBytes + bytes.readableBytes <= loop.limits.message.bodyBytesMax else {
            return fail(id, .bodyTooLarge(max: loop.limits.message.bodyBytesMax))
        }
        if frame.endStream, stream.body.readableBytes == 0 { return finish(id, body: bytes) }
        streams[id] = nil  // so that the body is held once and grows in place
        let before = stream.body.storageCapacity
        let bytesBefore = bytes.readableBytes
        // A copy: a slice would keep the whole receive buffer alive.
        stream.body.writeBuffer(&bytes)
        let growth = stream.body.storageCapacity - before
        stream.heldBytes += growth
        stream.deadline = stream.deadline + loop.limits.time(earnedBy: bytesBefore)
        streams[id] = stream
        hold(growth)
        if loop.heldBytes > loop.limits.heldBytesMax { return fail(id, .outOfMemory) }
        if frame.endStream { finishBody(of: id) }
    }

    /// The client has sent all of a request.
    private func finishBody(of id: HTTP2StreamID) {
        guard let stream = streams[id], case .body = stream.phase else { return }
        finish(id, body: stream.body)
    }

    private func finish(_ id: HTTP2StreamID, body: ByteBuffer) {
        releaseBody(of: id)
        answer(id, body: body)
    }

    /// Gives back what a request held.
    private func releaseBody(of id: HTTP2StreamID) {
        guard var stream = streams[id] else { return }
        hold(-stream.heldBytes)
        stream.heldBytes = 0
        stream.body = ByteBuffer()
        streams[id] = stream
    }

    /// Answers a complete request.
    private func answer(_ id: HTTP2StreamID, body: ByteBuffer) {
        guard let stream = streams[id] else { return }
        deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
        switch stream.request {
        case .call(let method, let fields): answer(method, fields, body, on: id)
        case .plain(let head, let fields): answerPlainly(head, fields, body, on: id)
        case .refused: break
        }
    }

    /// Ends a request that breaks a limit.
    func fail(_ id: HTTP2StreamID, _ violation: HTTPViolation) {
        // Before the answer, which may end the stream; what still arrives of the body is dropped.
        releaseBody(of: id)
        guard let stream = streams[id] else { return }
        loop.responder.connectionFailed(violation, from: peer)
        switch stream.request {
        case .call:
            let isOurs = violation == .outOfMemory
            end(id, with: isOurs ? .unavailable : .resourceExhausted, violation.description)
        case .plain, .refused:
            var writer = loop.takeWriter()
            writer.begin(HTTPResponseWriter.Exchange(omitsBody: false, minorVersion: 1, closes: false))
            writer.problem(violation.status, detail: violation.description)
            send(&writer, on: id)
            loop.giveBack(writer)
        }
    }

    /// The stream is over, one way or another.
    func forget(_ id: HTTP2StreamID) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        hold(-stream.heldBytes)
        switch stream.phase {
        case .deferred(let deferral): deferral.cancel()
        case .watching: watchers.removeAll { $0 == id }
        case .body, .answered: break
        }
        if isLeaving { lingerIfDone() }
    }

    /// Writes a frame.
    func write(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) {
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
    }

    /// Notes that a stream's answer is written; `bytes` is what of it the client may keep us waiting with.
    ///
    /// A small one is nobody's business any more: what a client that gives no credit can hold is as many of them as it
    /// may have streams.
    func noteAnswer(on id: HTTP2StreamID, bytes: Int) {
        guard var stream = streams[id] else { return }
        guard bytes > HTTP2Limits.smallAnswerBytes else { return forget(id) }
        stream.phase = .answered
        stream.heldBytes += bytes
        stream.deadline = loop.deadline(in: loop.limits.writeTimeMax)
        streams[id] = stream
        hold(bytes)
    }
}

extension HPACKHeaders {
    /// The memory that the fields take, as RFC 9113 §6.5.2 counts it.
    fileprivate var byteCount: Int { reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 } }
}
