#if os(Linux)
    internal import Glibc
#endif
internal import NIOCore

extension ConnectionHandler {
    /// Answers a violation and ends the connection.
    func fail(_ violation: HTTPViolation, _ writer: inout HTTPResponseWriter) {
        loop.responder.connectionFailed(violation, from: peer)
        writer.begin(HTTPResponseWriter.Exchange(omitsBody: false, minorVersion: 1, closes: true))
        writer.problem(violation, isOfProxy: Responder.passesRequestsOn)
        sayGoodbye(&writer)
    }

    /// Answers a client that is to get nothing but one violation, whatever it says.
    func turnAway(_ violation: HTTPViolation) {
        var writer = loop.takeWriter()
        fail(violation, &writer)
        loop.giveBack(writer)
    }

    /// Sends what is written and closes our end, and gives the client time to close its own (RFC 9112 §9.6).
    func sayGoodbye(_ writer: inout HTTPResponseWriter) {
        guard let context else { return }
        phase = .lingering
        expect(.room, anew: true)
        releaseInput()
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { [self] in closeOutput() }
        context.writeAndFlush(wrapOutboundOut(writer.takeOutput()), promise: sent)
    }

    private func closeOutput() {
        guard case .lingering = phase, let context else { return }
        outputHasEnded = true
        if inputHasEnded { return close() }
        expect(.close, anew: true)
        context.close(mode: .output, promise: nil)
        resumeReading(context)
    }

    /// Whether the kernel knows that the client has closed its end.
    ///
    /// After a pause of the process others may be served before this connection comes to read of it.
    var clientHasClosed: Bool {
        guard !inputHasEnded, let socket = context?.channel as? any SocketOptionProvider else { return inputHasEnded }
        var isOpen = true
        #if os(Linux)
            // It is answered at once on the event loop. TCP_ESTABLISHED is 1; Unix sockets have no such state.
            socket.getTCPInfo().assumeIsolated().whenSuccess { isOpen = $0.tcpi_state == 1 }
        #endif
        return !isOpen
    }

    /// Ends the connection now.
    func close() { context?.close(promise: nil) }

    /// Ends the connection soon if no request is in work; else it ends after the next answer.
    ///
    /// A client may have sent its next request before it can know of the end (RFC 9112 §9.5). So the connection stays
    /// readable for a farewell: what arrives is answered, with `Connection: close`, and who says nothing is closed
    /// then.
    ///
    /// Shorter would not be safer, and longer not either: whenever we close, a request may be on its way. But whoever
    /// asks more often than that has been told in an answer, which costs nothing; who asks less often rarely hits the
    /// moment.
    func drain() {
        guard case .open = phase, wait == .request else { return }
        expect(.request, anew: true)
        deadline = loop.drainDeadline
    }
}
