internal import NIOCore

extension HTTP2Connection {
    /// Tells watchers the news, and ends the requests that have taken too long.
    ///
    /// - Complexity: O(streams).
    func tick() {
        guard !hasEnded else { return }
        guard min(frameDeadline, head?.deadline ?? .distantFuture) > loop.now else { return fail(.enhanceYourCalm) }
        if goodbye == .announced { sayGoodbye() }
        tellWatchers()
        tickExchanges()
        for position in streams.indices.reversed() where streams[position].deadline <= loop.now {
            timeOut(at: position)
        }
        send()
        context?.flush()
    }

    private func timeOut(at position: Int) {
        switch streams[position].phase {
        case .body:
            var stream = streams.remove(at: position)
            fail(&stream, .bodyTimedOut)
            settle(stream, at: position)
        case .answered:
            // A client that gives no credit for its answer, or goes on with a request that has been answered.
            reset(streams[position].id, streams[position].outputHasEnded ? .noError : .cancel)
        case .watching:  // it gives no credit for the news
            if streams[position].unsent != nil { reset(streams[position].id, .cancel) }
        case .passing:
            if streams[position].unsent != nil {
                reset(streams[position].id, .cancel)
            } else {
                breakOff(at: position, .bodyTimedOut, false)
            }
        case .deferred: break
        }
    }

    /// The connection has been idle for too long, or the client has not closed what we left, or it does not read.
    ///
    /// A connection with streams is not idle: those have deadlines of their own.
    func timeOut() {
        if hasEnded || readIsHeld { return close() }
        deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
        guard streams.isEmpty else { return tick() }
        guard goodbye == .announced else { return announceGoodbye() }
        sayGoodbye()
        if deadline <= loop.now { close() }
    }

    /// Lets the requests in work finish, and no other begin.
    func drain() {
        guard !hasEnded else { return }
        tellWatchers()
        for position in streams.indices.reversed() {
            guard case .watching = streams[position].phase else { continue }
            var stream = streams.remove(at: position)
            watcherCount -= 1
            end(&stream, with: .unavailable, "The server is stopping.")
            settle(stream, at: position)
        }
        if streams.isEmpty {
            deadline = loop.drainDeadline
            restingStream = newestStream
        }
        announceGoodbye()
    }

    /// Asks the client to go elsewhere, and still answers what it has sent before it can know (RFC 9113 §6.8).
    ///
    /// Once it has acknowledged the PING behind that, it knows, and everything that it sent before has arrived: then
    /// the rest is said at once. If it does not, the next tick says it.
    private func announceGoodbye() {
        guard goodbye == .none else { return }
        goodbye = .announced
        loop.http2.frames.goAway(.noError, lastStream: UInt32(HTTP2Limits.creditBytesMax))
        loop.http2.frames.frame(.ping, on: 0, length: 8)
        loop.http2.frames.write(literal: HTTP2Limits.goodbyePing)
        send()
        context?.flush()
    }

    /// Takes the acknowledgement of a PING; the only one of ours comes with the goodbye.
    func receiveAcknowledgement(_ payload: Span<UInt8>) {
        guard goodbye == .announced, payload.equals(0..<payload.count, HTTP2Limits.goodbyePing) else { return }
        sayGoodbye()
    }

    /// Tells the client which stream was the last, and closes our end when its last request is answered.
    func sayGoodbye() {
        guard goodbye != .said else { return }
        goodbye = .said
        loop.http2.frames.goAway(.noError, lastStream: newestStream)
        lingerIfDone()
    }

    /// Closes our end if everything is answered: the client has been told that nothing beyond it will be.
    func lingerIfDone() {
        if streams.isEmpty, !hasEnded { linger() }
    }

    /// Ends the connection because the client breaks its rules, or holds too much.
    func fail(_ code: HTTP2ErrorCode, for violation: HTTPViolation = .http2) {
        guard !hasEnded else { return }
        loop.responder.connectionFailed(violation, from: peer)
        loop.http2.frames.goAway(code, lastStream: newestStream, violation == .http2 ? "" : violation.description)
        linger()
    }

    /// Sends what is written, closes our end behind it, and gives the client time to close its own.
    ///
    /// Closing with unread bytes resets the connection, and the client might never see our last word (RFC 9112 §9.6;
    /// TCP does not know which protocol it carries). What still arrives is dropped unread, within bounds of bytes and
    /// time that nothing extends: a flood costs less than it did before.
    ///
    /// Who has asked for nothing since the listener began to shut down waits for no answer, and has less time.
    private func linger() {
        let isResting = restingStream == newestStream && input.readableBytes == 0 && head == nil
        hasEnded = true
        abandonStreams()
        deadline = isResting ? loop.drainDeadline : loop.deadline(in: loop.limits.lingerTimeMax)
        guard let context else { return }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { [self] in closeOutput() }
        context.writeAndFlush(wrapOutboundOut(loop.http2.takeFrames()), promise: sent)
    }

    private func closeOutput() {
        guard let context, !outputHasEnded else { return }
        outputHasEnded = true
        if inputHasEnded { return close() }
        context.close(mode: .output, promise: nil)
        guard readIsHeld else { return }
        readIsHeld = false
        context.read()
    }

    /// Counts bytes that come after the last word; who sends more than a whole request is not listening.
    func drop(_ count: Int) {
        droppedBytes += count
        if droppedBytes > loop.limits.message.requestBytesMax { close() }
    }

    /// Lets go of everything that is incomplete or unanswered.
    func abandonStreams() {
        let abandoned = streams
        streams = []
        for stream in abandoned { stream.cancel() }
        watcherCount = 0
        input = ByteBuffer()
        head = nil
        hold(-heldBytes)
        holdInput()
    }

    /// Ends the connection, with what is still to be sent.
    func close() {
        send()
        context?.flush()
        context?.close(promise: nil)
    }
}
