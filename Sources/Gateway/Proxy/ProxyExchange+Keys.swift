internal import Admission
internal import NIOCore
internal import Vocabulary

/// Requests with an idempotency key (docs/decisions/0022).
extension ProxyExchange {
    /// Looks at what a request's key has led to.
    ///
    /// - Returns: whether that is all: the request does not go on like one without a key.
    func takeKey(_ request: borrowing HTTPRequestView, _ decision: Decision, from peer: HTTPPeer) -> Bool {
        guard let course = decision.repetition?.course else { return false }
        let keyed = KeyedExchange(loop.decider.plane.idempotency)
        switch course {
        case .nothing: return false
        case .run(let run):
            keyed.run = run
            self.keyed = keyed
            return false
        case .answer(let answer, let bodyOfFirst):
            self.keyed = keyed
            description = describe(request)
            answerAgain(answer, bodyOfFirst)
        case .wait(let wait):
            self.keyed = keyed
            keyed.wait = wait
            keyed.peer = peer
            request.withBytes(ByteRange(0..<request.head.length)) { keyed.original.write($0) }
            description = describe(request)
            phase = .joining
            answerDeadline = loop.eventLoop.now + .nanoseconds(loop.limits.upstream.answerTimeMax.count)
            wait.whenEnded(on: loop.eventLoop) { [weak self] in self?.endWait($0) }
        }
        return true
    }

    /// The first one has ended.
    private func endWait(_ end: IdempotentWait.End) {
        guard phase == .joining, let keyed, let decision else { return }
        keyed.wait = nil
        switch end {
        case .answer(let answer, let bodyOfFirst): answerAgain(answer, bodyOfFirst)
        case .run(let run):
            keyed.run = run
            decision.runInstead(run)
            beginAgain { $0.go($1, decision, from: $2, at: Clock.monotonic()) }
        case .again:
            self.decision = nil
            beginAgain { exchange, request, peer in
                exchange.keyed = nil
                exchange.begin(request, from: peer)
            }
        }
    }

    /// Reads the head once more that a request came with.
    private func beginAgain(_ body: (ProxyExchange, borrowing HTTPRequestView, HTTPPeer) -> Void) {
        guard let keyed, let peer = keyed.peer else { return }
        var parser = HTTPRequestParser(limits: loop.limits.upstream.message)
        do throws(HTTPViolation) {
            guard let request = try parser.nextHead(&keyed.original) else { return fail(.noneLeft) }
            phase = .deciding
            body(self, request, peer)
        } catch { fail(.noneLeft) }
    }

    /// Reads the body, which must be the first one's.
    private func answerAgain(_ answer: StoredAnswer, _ bodyOfFirst: UInt128?) {
        keyed?.stored = (answer, bodyOfFirst)
        phase = .repeating
        answerDeadline = .distantFuture
        downstream?.readsBody = true
    }

    /// The repeat ends without the first one's answer.
    func stopRepeating() {
        keyed?.wait?.cancel()
        keyed?.wait = nil
        if let decision { loop.decider.conclude(decision, nil) { description } }
    }

    /// The body of a repeat is complete: gives the first one's answer if it is the first one's request.
    func endRepeat() {
        guard let keyed, let (answer, bodyOfFirst) = keyed.stored, let decision, let downstream else { return }
        self.downstream = nil
        let isSame = bodyOfFirst == nil || bodyOfFirst == keyed.bodyHashed
        if !isSame {
            decision.refuse(.keyMismatch, repetition: decision.repetition)
        } else if answer.body == nil {
            decision.refuse(.answerNotKept, repetition: decision.repetition)
        }
        loop.decider.conclude(decision, nil) { description }
        guard isSame, let body = answer.body else {
            self.downstream = downstream
            return refuse()
        }
        phase = .over
        deadline?.cancel()
        loop.decider.noteBytes(in: bodyBytes, out: traits.isHead ? 0 : body.count, of: decision)
        let (profile, omitsBody) = (loop.decider.plane.headers, traits.isHead)
        downstream.begin(answer.status == 204 || answer.status == 304 ? .none : .length(body.count)) { writer in
            writer.write(literal: "HTTP/1.1 ")
            writer.write(decimal: Int64(answer.status))
            writer.write(literal: " \r\n")
            writer.write(answer.fields.span)
            writer.writeFields { lines in
                lines.field("Idempotent-Replayed", literal: "true")
                lines.decisionFields(of: decision)
                lines.limitFields(of: decision, profile: profile)
            }
        }
        if !omitsBody { downstream.send(ByteBuffer(bytes: body)) }
        downstream.end(trailers: nil)
    }

    /// The head of an answer that is to be kept has come; says whether the client must wait for it.
    func keepAnswer(_ head: HTTPResponseHead, _ bytes: ByteBuffer) -> Bool {
        guard let keyed, let run = keyed.run else { return false }
        guard head.status != 101 else {
            keyed.run = nil
            run.abandon()
            return false
        }
        keyed.keep(head, bytes)
        guard run.isKept else { return false }
        keyed.heldHead = (head, bytes)
        return true
    }

    /// A part of an answer that is to be kept has come; says whether it is held.
    func keepAnswer(_ content: ByteBuffer) -> Bool {
        guard let keyed, keyed.run != nil else { return false }
        let wasHeld = keyed.heldHead != nil
        guard keyed.keep(content) else { return wasHeld }
        guard wasHeld else { return false }
        // Too large to be kept: that it was answered is what goes to disk, and then the answer goes by as it comes.
        connection?.readsAnswer = false
        let soFar = keyed.answer?.body ?? []
        keyed.answer?.body = nil
        endRun { exchange in
            exchange.releaseHeldHead()
            exchange.downstream?.send(ByteBuffer(bytes: soFar))
            exchange.downstream?.send(content)
            exchange.connection?.readsAnswer = true
            exchange.downstream?.flush()
        }
        return true
    }

    /// Ends the run with the answer, and goes on when the client may have it.
    private func endRun(then proceed: @escaping @Sendable (ProxyExchange) -> Void) {
        guard let keyed, let run = keyed.run, let answer = keyed.answer else { return proceed(self) }
        keyed.run = nil
        let isWhole = !keyed.isTooLarge
        run.complete(
            isWhole ? answer : StoredAnswer(status: answer.status, fields: answer.fields, body: nil),
            body: keyed.bodyHashed, on: loop.eventLoop
        ) { [self] in proceed(self) }
    }

    /// The answer is complete; gives it to the client when it is kept.
    func endAnswer(trailers: ByteBuffer?) {
        let downstream = downstream
        self.downstream = nil
        finish(status >= 500 ? .failed : .completed, latency: latency, isWhole: true)
        let trailers = trailers.flatMap { TrailerFields.passedOn($0, .answer) }
        guard let keyed, keyed.run != nil else {
            downstream?.end(trailers: trailers)
            return
        }
        let held = keyed.heldHead
        let box = downstream.map { NIOLoopBound($0, eventLoop: loop.eventLoop) }
        endRun { exchange in
            guard let downstream = box?.value else { return }
            if held != nil {
                exchange.downstream = downstream
                exchange.releaseHeldHead()
                exchange.downstream = nil
                downstream.send(ByteBuffer(bytes: exchange.keyed?.answer?.body ?? []))
            }
            downstream.end(trailers: trailers)
            downstream.flush()
        }
    }

    private func releaseHeldHead() {
        guard let held = keyed?.heldHead else { return }
        keyed?.heldHead = nil
        beginAnswer(held.head, held.bytes)
    }

    /// The client has left.
    ///
    /// What has been sent to an upstream under a key goes on, so that a repeat finds its answer.
    ///
    /// - Returns: whether it goes on.
    func goesOnWithoutClient() -> Bool {
        guard let keyed, keyed.run != nil, requestIsSent, phase == .sending || phase == .answering else { return false }
        keyed.orphan = self
        deadline?.cancel()
        let time = loop.limits.upstream.answerTimeMax
        deadline = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(time.count)) { [weak self] in
            self?.fail(.answerTimedOut)
        }
        connection?.readsAnswer = true
        return true
    }
}
