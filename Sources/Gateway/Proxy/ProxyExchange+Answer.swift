internal import Admission
internal import NIOCore
internal import Vocabulary

/// Passing the answer back.
extension ProxyExchange: UpstreamUser {
    func upstreamIsReady(_ connection: UpstreamConnection) {
        guard phase == .connecting else { return loop.pool.giveBack(connection) }
        self.connection = connection
        phase = .sending
        expectProgress()
        connection.write(head)
        if traits.hasBody, !gathered.isWhole { downstream?.readsBody = true } else { noteSent() }
        watchBody()
        self.connection?.flush()
    }

    func receiveInterim(_ head: HTTPResponseHead, _ bytes: ByteBuffer) {
        // What the client was waiting for it has been told by us.
        guard phase == .sending, head.status != 100 else { return }
        loop.head.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        PassedOnHead.write(head, bytes, keepsLength: false, into: &loop.head)
        var lines = ByteBuffer()
        lines.write(loop.head)
        downstream?.sendInterim(lines)
    }

    func receive(_ head: HTTPResponseHead, _ bytes: ByteBuffer) {
        guard phase == .sending else { return }
        guard head.status != 101 || traits.asksUpgrade else { return fail(.violation(.statusLine)) }
        let now = Clock.monotonic()
        status = head.status
        upstreamTime = Nanoseconds(now.count - (sentAt ?? startedAt).count)
        noteHealth(at: now)
        if let decision {
            loop.decider.note(UpstreamOutcome(status: status), of: decision)
            loop.decider.noteEnd(UpstreamOutcome(status: status), of: decision)
        }
        phase = .answering
        expectProgress()
        if !keepAnswer(head, bytes) { beginAnswer(head, bytes) }
    }

    /// Passes the head of the answer back.
    func beginAnswer(_ head: HTTPResponseHead, _ bytes: ByteBuffer) {
        guard let decision, let downstream else { return }
        let framing = PassedOnHead.framing(head, isToHead: traits.isHead)
        let profile = loop.decider.plane.headers
        let protocols = framing == .tunnel ? head.upgrade(in: bytes) : nil
        downstream.begin(framing) { writer in
            PassedOnHead.write(head, bytes, keepsLength: traits.isHead || head.status == 304, into: &writer)
            writer.writeFields { lines in
                lines.decisionFields(of: decision)
                lines.limitFields(of: decision, profile: profile)
                if let protocols { lines.field("Upgrade", protocols) }
            }
        }
        if framing == .tunnel { tunnel() }
    }

    /// From here on bytes are passed as they come, both ways.
    ///
    /// The seats go back: a tunnel may be open for days, and most of the time nothing happens in it.
    private func tunnel() {
        phase = .tunnelling
        expectProgress()
        deadline?.cancel()
        connection?.becomeTunnel()
        giveSeatsBack(.completed, latency: upstreamTime)
        downstream?.readsBody = true
    }

    private func noteHealth(at now: Nanoseconds) {
        guard let upstream else { return }
        if isOverload {
            loop.services.upstreams.noteFailure(of: upstream, at: now)
        } else {
            upstream.noteSuccess(at: now)
        }
    }

    func receive(answer content: ByteBuffer) {
        expectProgress()
        answerBytes += content.readableBytes
        if keepAnswer(content) { return }
        guard let downstream else { return }
        downstream.send(content)
        guard !downstream.isWritable else { return }
        clientIsSlow = true
        connection?.readsAnswer = false
    }

    func receiveAnswerEnd(trailers: ByteBuffer?) { endAnswer(trailers: trailers) }

    /// How long the upstream took, for the ceiling; `nil`: that cannot be told.
    ///
    /// Without the time that the client took to send its request or to take its answer: else slow clients would lower
    /// the ceiling for all. And a status that any client may be able to provoke says nothing about the load.
    var latency: Nanoseconds? {
        guard let sentAt, status < 500 || isOverload else { return nil }
        return clientIsSlow ? upstreamTime : Nanoseconds(Clock.monotonic().count - sentAt.count)
    }

    /// Whether the answer's status is one that upstreams give, or that is given for them, when there is too much to do.
    private var isOverload: Bool { (502...504).contains(status) }

    func receivedAll() { downstream?.flush() }

    func upstreamHasRoom() {
        switch phase {
        // An upstream may answer before it has all of the request, and want the rest all the same.
        case .sending, .answering: downstream?.readsBody = !requestIsSent
        case .tunnelling: downstream?.readsBody = true
        case .deciding, .joining, .repeating, .gathering, .lined, .waiting, .connecting, .over: break
        }
    }

    func upstreamHasFailed(_ failure: UpstreamFailure) {
        connection = nil
        let wasStale = failure == .closed(isStale: true)
        guard mayTryAgain(wasStale: wasStale) else { return fail(failure) }
        // What the client sends meanwhile stays with it until there is another connection to pass it on to.
        downstream?.readsBody = false
        if wasStale, let upstream {
            wantsNewConnection = true
            tried &= ~(1 << UInt64(upstream.index))
        } else {
            noteFailure()
        }
        requestIsSent = false
        sentAt = nil
        leaveUpstream()
        connect(after: failure)
    }

    /// Remembers that the upstream has failed a request.
    func noteFailure() {
        if let upstream { loop.services.upstreams.noteFailure(of: upstream, at: Clock.monotonic()) }
    }

    /// Whether nothing can have been done yet: no connection came about; or the connection had been idle and ended
    /// without an answer, and the request is one that may be done twice (RFC 9112 §9.3.1).
    private func mayTryAgain(wasStale: Bool) -> Bool {
        switch phase {
        case .connecting: true
        case .sending: wasStale && traits.isIdempotent && !bodyIsTouched
        case .deciding, .joining, .repeating, .gathering, .lined, .waiting, .answering, .tunnelling, .over: false
        }
    }
}

extension HTTPResponseHead {
    /// The protocol that an answer turns to.
    fileprivate func upgrade(in message: ByteBuffer) -> String? {
        let bytes = message.readableBytesUInt8Span
        let field = fields.first { bytes.equalsIgnoringCase($0.name.range, "upgrade") }
        return field.map { bytes.string($0.value.range) }
    }
}
