internal import NIOCore

extension HTTP2Connection {
    /// Tells watchers the news, and ends the requests that have taken too long.
    ///
    /// - Complexity: O(streams).
    func tick() {
        guard min(frameDeadline, head?.deadline ?? .distantFuture) > loop.now else { return fail(.enhanceYourCalm) }
        if goodbye == .announced { sayGoodbye() }
        tellWatchers()
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
        case .deferred: break
        }
    }

    /// The connection has been idle for too long, or the client has not closed what we left, or it does not read.
    ///
    /// A connection with streams is not idle: those have deadlines of their own.
    func timeOut() {
        if readIsHeld || goodbye == .said && streams.isEmpty { return close() }
        deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
        if streams.isEmpty { announceGoodbye() } else { tick() }
    }

    /// Lets the requests in work finish, and no other begin.
    func drain() {
        tellWatchers()
        for position in streams.indices.reversed() {
            guard case .watching = streams[position].phase else { continue }
            var stream = streams.remove(at: position)
            watcherCount -= 1
            end(&stream, with: .unavailable, "The server is stopping.")
            settle(stream, at: position)
        }
        announceGoodbye()
    }

    /// Asks the client to go elsewhere, and still answers what it has sent before it can know; the next tick says the
    /// rest (RFC 9113 §6.8).
    private func announceGoodbye() {
        guard goodbye == .none else { return }
        goodbye = .announced
        loop.http2.frames.goAway(.noError, lastStream: UInt32(HTTP2Limits.creditBytesMax))
        send()
        context?.flush()
    }

    /// Tells the client which stream was the last, and gives it time to close when its last request is answered.
    func sayGoodbye() {
        guard goodbye != .said else { return }
        goodbye = .said
        loop.http2.frames.goAway(.noError, lastStream: newestStream)
        lingerIfDone()
    }

    /// Leaves it to the client to close, who has then read everything; if it does not, we do.
    func lingerIfDone() {
        guard streams.isEmpty else { return }
        deadline = loop.deadline(in: loop.limits.lingerTimeMax)
    }

    /// Ends the connection, with what is still to be sent.
    func close() {
        send()
        context?.flush()
        context?.close(promise: nil)
    }
}
