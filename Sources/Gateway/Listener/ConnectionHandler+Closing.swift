internal import NIOCore

extension ConnectionHandler {
    /// Answers a violation and ends the connection.
    func fail(_ violation: HTTPViolation) {
        loop.responder.connectionFailed(violation, from: peer)
        loop.writer.begin(.init(omitsBody: false, minorVersion: 1, closes: true))
        loop.writer.problem(violation.status, detail: violation.description)
        sayGoodbye()
    }

    /// Sends what is written and closes our end, and gives the client time to close its own (RFC 9112 §9.6).
    func sayGoodbye() {
        guard let context else { return }
        phase = .lingering
        expect(.room, anew: true)
        input = ByteBuffer()
        parser.abandon()
        account(for: 0)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { [self] in closeOutput() }
        context.writeAndFlush(wrapOutboundOut(loop.writer.takeOutput()), promise: sent)
    }

    private func closeOutput() {
        guard case .lingering = phase, let context else { return }
        outputHasEnded = true
        if inputHasEnded { return close() }
        expect(.close, anew: true)
        context.close(mode: .output, promise: nil)
        if readIsHeld {
            readIsHeld = false
            context.read()
        }
    }

    /// Ends the connection now.
    func close() { context?.close(promise: nil) }

    /// Ends the connection if no request is in work; else it ends after the next answer.
    func drain() {
        guard case .open = phase, wait == .request else { return }
        loop.writer.recycle()
        sayGoodbye()
    }

    /// The client has closed its end, and all its complete requests are answered.
    func endOfInput(midRequest: Bool) {
        loop.writer.recycle()
        if midRequest { fail(.truncated) } else { sayGoodbye() }
    }

    /// Counts bytes that come after the last answer; who sends more than a whole request is not listening.
    func drop(_ count: Int) {
        droppedBytes += count
        if droppedBytes > loop.limits.message.requestBytesMax { close() }
    }
}
