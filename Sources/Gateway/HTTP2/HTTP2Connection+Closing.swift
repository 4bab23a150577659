internal import NIOCore
internal import NIOHTTP2

extension HTTP2Connection {
    /// Tells watchers the news, and ends the requests that have taken too long.
    ///
    /// - Complexity: O(streams).
    func tick() {
        tellWatchers()
        for (id, stream) in streams where stream.deadline <= loop.now {
            switch stream.phase {
            case .body: fail(id, .bodyTimedOut)
            case .answered: write(.rstStream(.cancel), on: id)  // a client that gives no credit for its answer
            case .deferred, .watching: break
            }
        }
        context?.flush()
    }

    /// The connection has been idle for too long, or the client has not closed what we left, or it does not read.
    ///
    /// A connection with streams is not idle: those have deadlines of their own.
    func timeOut() {
        if readIsHeld || isLeaving && streams.isEmpty { return close() }
        deadline = loop.deadline(in: loop.limits.http2.idleTimeMax)
        if streams.isEmpty { leave() } else { tick() }
    }

    /// Lets the requests in work finish, and no other begin.
    func drain() {
        tellWatchers()
        for id in watchers { end(id, with: .unavailable, "The server is stopping.") }
        watchers = []
        leave()
    }

    /// Tells the client to go elsewhere (RFC 9113 §6.8), and gives it time to close when its last request is answered.
    func leave() {
        guard !isLeaving, let context else { return }
        isLeaving = true
        write(.goAway(lastStreamID: newestStream, errorCode: .noError, opaqueData: nil), on: .rootStream)
        context.flush()
        lingerIfDone()
    }

    /// Leaves it to the client to close, who has then read everything; if it does not, we do.
    func lingerIfDone() {
        guard streams.isEmpty else { return }
        deadline = loop.deadline(in: loop.limits.lingerTimeMax)
    }

    /// Ends the connection, with what is still to be sent.
    func close() {
        context?.flush()
        context?.close(promise: nil)
    }
}
