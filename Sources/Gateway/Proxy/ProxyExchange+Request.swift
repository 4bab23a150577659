internal import NIOCore
internal import Synchronization
internal import Vocabulary

/// Passing the request on.
extension ProxyExchange {
    /// Chooses an upstream and asks for a connection.
    ///
    /// - Parameter failure: why the last one did not do; what the client hears if there is no other.
    func connect(after failure: UpstreamFailure? = nil) {
        phase = .connecting
        let now = Clock.monotonic()
        if startedAt == .zero { startedAt = now }
        guard attempts < loop.limits.upstream.attemptsMax,
            let upstream = loop.services.upstreams.choose(besides: tried, at: now)
        else { return fail(failure ?? .noneLeft) }
        if failure != nil { loop.services.counts.noteRetry() }
        attempts += 1
        tried |= 1 << UInt64(upstream.index)
        self.upstream = upstream
        upstream.inFlight.add(1, ordering: .relaxed)
        loop.pool.connect(
            to: upstream, for: self, asks: traits.isHead ? .head : .other, isNew: wantsNewConnection)
    }

    /// Passes a part of the body on, or of what a tunnel carries.
    func send(_ content: ByteBuffer) {
        guard let connection else { return }
        bodyIsTouched = true
        expectProgress()
        if traits.isChunked, phase != .tunnelling {
            var size = ByteBuffer()
            size.writeChunkSize(content.readableBytes)
            connection.write(size)
            connection.write(content)
            connection.write(ByteBuffer(staticString: "\r\n"))
        } else {
            connection.write(content)
        }
        connection.flush()
        if !connection.isWritable { downstream?.readsBody = false }
    }

    /// Passes the end of the request on, or of what the client sends through a tunnel.
    func sendEnd(_ trailers: ByteBuffer?) {
        guard let connection else { return }
        if phase == .tunnelling { return connection.closeOutput() }
        if traits.isChunked {
            var last = ByteBuffer()
            last.writeLastChunk(trailers)
            connection.write(last)
        }
        connection.flush()
        noteSent()
    }

    /// The upstream has all of the request.
    func noteSent() {
        requestIsSent = true
        leavePlace()
        sentAt = Clock.monotonic()
        expectProgress()
    }

    /// Gives the upstream the time to take or say something more; of a tunnel, both ends the time to say something.
    func expectProgress() {
        let limits = loop.limits.upstream
        let time = phase == .tunnelling ? limits.tunnelIdleTimeMax : limits.answerTimeMax
        answerDeadline = loop.eventLoop.now + .nanoseconds(time.count)
    }
}

extension ByteBuffer {
    /// Writes the line before a chunk (RFC 9112 §7.1).
    mutating func writeChunkSize(_ count: Int) {
        writeString(String(count, radix: 16))
        writeStaticString("\r\n")
    }

    /// Writes what ends a request that comes in chunks, with what of its trailer section may be passed on.
    mutating func writeLastChunk(_ trailers: ByteBuffer?) {
        writeStaticString("0\r\n")
        if let trailers = trailers.flatMap({ TrailerFields.passedOn($0, .request) }) { writeImmutableBuffer(trailers) }
        writeStaticString("\r\n")
    }
}
