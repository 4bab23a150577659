internal import Admission
internal import NIOCore
internal import Synchronization
internal import Vocabulary

/// How a request ends.
extension ProxyExchange {
    /// Tells the client that it was refused, and why.
    func refuse() {
        guard let decision, let downstream else { return finish(.abandoned) }
        self.downstream = nil
        finish(.abandoned)
        let profile = loop.decider.plane.headers
        downstream.answer { writer in
            writer.start(decision.status)
            writer.decisionFields(of: decision)
            writer.limitFields(of: decision, profile: profile)
            writer.refusalFields(of: decision)
            writer.proxyStatus("http_request_denied", details: decision.reason.code)
            let problem = Problem(decision)
            writer.finish(contentType: "application/problem+json") { $0.value(of: problem) }
        }
    }

    /// Tells the client that its request cannot be decided.
    func answer(problem status: HTTPStatus, _ detail: String) {
        let downstream = downstream
        self.downstream = nil
        phase = .over
        downstream?.answer { writer in
            writer.start(status)
            writer.proxyStatus("http_request_error", details: nil)
            writer.finish(problem: status, detail: detail)
        }
    }

    /// Ends a request that the upstream has failed: with an answer of ours, or in the middle of the upstream's.
    func fail(_ failure: UpstreamFailure) {
        guard phase != .over else { return }
        loop.services.counts.note(failure)
        let hasBegun = phase == .answering || phase == .tunnelling
        let (downstream, decision) = (downstream, decision)
        self.downstream = nil
        if failure.isOfUpstream { noteFailure() }
        finish(.failed, latency: failure.isOfUpstream ? Nanoseconds(Clock.monotonic().count - startedAt.count) : nil)
        guard !hasBegun else { downstream?.abort(); return }
        downstream?.answer { writer in
            writer.start(failure.status)
            if let decision { writer.decisionFields(of: decision) }
            writer.field("Cache-Control", literal: "no-store")
            writer.proxyStatus(failure.proxyError, details: nil)
            writer.finish(problem: failure.status, detail: failure.detail)
        }
    }

    /// Lets go of everything: seats, upstream, connection.
    ///
    /// - Parameters:
    ///   - ending: what became of the request.
    ///   - latency: how long the upstream took; `nil`: that says nothing about it.
    ///   - isWhole: whether the answer is complete, so that the connection may be used again.
    func finish(_ ending: Ending, latency: Nanoseconds? = nil, isWhole: Bool = false) {
        noteExperience(ending, latency: latency)
        noteBytes()
        phase = .over
        deadline?.cancel()
        deadline = nil
        keyed?.orphan = nil
        if !isWhole { keyed?.run?.abandon() }
        giveSeatsBack(ending, latency: latency)
        giveTunnelBack()
        leavePlace()
        forgetGathered()
        leaveUpstream()
        guard let connection else { return }
        self.connection = nil
        if isWhole, requestIsSent { loop.pool.giveBack(connection) } else { connection.close() }
    }

    /// Counts what the customer has felt, once.
    ///
    /// A client that has left has seen no end of the answer, and one that was refused nothing but the wait. An answer
    /// of ours in place of one that the upstream owed is an answer: whoever waited a minute for it has felt that. Where
    /// the time of the whole answer says nothing about the upstream, that until its head does.
    private func noteExperience(_ ending: Ending, latency: Nanoseconds?) {
        guard phase != .over, let decision else { return }
        let isRefused = ending == .abandoned
        guard !isRefused || waited > .zero else { return }
        let hasSeenEnd = !isRefused && !hasLeft && phase != .tunnelling
        loop.decider.note(
            decision, wait: waited, upstream: latency ?? upstreamTime,
            endToEnd: hasSeenEnd ? Clock.monotonic() - arrivedAt : nil)
    }

    /// Counts the bytes of both bodies for the tenant, once; of one that was refused, nothing was passed on.
    private func noteBytes() {
        guard phase != .over, let decision, decision.isAdmitted else { return }
        loop.decider.noteBytes(in: bodyBytes, out: answerBytes, of: decision)
    }

    /// Gives the seats back, once.
    func giveSeatsBack(_ ending: Ending, latency: Nanoseconds?) {
        guard let hold else { return }
        self.hold = nil
        loop.seats.finish(hold, ending, latency: latency, at: Clock.monotonic())
    }

    private func giveTunnelBack() {
        guard isTunnel else { return }
        isTunnel = false
        loop.services.tunnels.giveBack(for: decision?.tenantKey)
    }

    /// The upstream has nothing more to do with the request.
    func leaveUpstream() {
        upstream?.inFlight.subtract(1, ordering: .relaxed)
        upstream = nil
    }
}

extension HTTPResponseWriter {
    /// Answers what breaks a rule or a limit of the protocol.
    ///
    /// - Parameters:
    ///   - violation: what it is.
    ///   - isOfProxy: whether an upstream might have answered: then it is said that none did.
    mutating func problem(_ violation: HTTPViolation, isOfProxy: Bool) {
        start(violation.status)
        if isOfProxy {
            if violation == .outOfMemory {
                proxyStatus("proxy_internal_error", details: Reason.memoryExhausted.code)
            } else {
                proxyStatus("http_request_error", details: violation.description)
            }
        }
        finish(problem: violation.status, detail: violation.description)
    }

    /// Says that the answer is ours and no upstream's, and why (RFC 9209).
    ///
    /// - Parameters:
    ///   - error: one of the errors of §2.3.
    ///   - details: visible ASCII without quotes and backslashes.
    mutating func proxyStatus(_ error: String, details: String?) {
        field("Proxy-Status") { writer in
            writer.write(literal: "headgate; error=")
            writer.write(error)
            guard let details else { return }
            writer.write(literal: "; details=\"")
            writer.write(details)
            writer.write(literal: "\"")
        }
    }
}
