internal import Logging
internal import NIOCore
internal import Synchronization

/// Asking, and what there is without an answer.
extension HeadgateClient {
    /// What became of a question.
    enum Answer {
        /// The server has decided.
        case decided(DecidedAnswer)
        /// There is none: the guard is to decide.
        case unanswered
        /// The server does not take the call, or the caller has gone.
        case refused(Decision)
    }

    /// Asks, unless the server is away.
    func ask(_ call: AdmissionCall, _ wireCall: () -> WireCall) async -> Answer {
        guard state.withLock({ $0.localGuard.asksServer }) else { return .unanswered }
        switch await wire.answer(to: wireCall()) {
        case .failure(.cancelled): return .refused(.refusal("client_closed", tier: tier(of: call), retryAfter: nil))
        case .failure(.crowded), .failure(.closed): return .unanswered
        case .failure(let failure):
            note(failure == .unreachable ? .unreachable : .failed)
            return .unanswered
        case .success(let answer): return read(answer, to: call)
        }
    }

    private func read(_ answer: WireAnswer, to call: AdmissionCall) -> Answer {
        switch answer.status {
        case 200:
            guard let decided = DecidedAnswer(answer.body, fields: answer.fields) else {
                note(.failed)
                complain("the answer of the server cannot be read", answer)
                return .unanswered
            }
            note(.answered)
            state.withLock { $0.localGuard.learn(from: decided.decision, of: call) }
            return .decided(decided)
        // It is this client that is not set up well, and every request would be refused for it.
        case 401, 403, 404, 405:
            note(.answered)
            complain("the server does not take this client's calls", answer)
            return .unanswered
        // The request says something that cannot be decided about. Were it let through, that is what a caller would
        // write who does not want to be limited.
        case 400...499 where answer.status != 408 && answer.status != 429:
            note(.answered)
            complain("the server does not understand a call", answer)
            return .refused(.refusal("fail_closed", tier: tier(of: call), retryAfter: nil))
        default:
            note(.failed)
            return .unanswered
        }
    }

    private func tier(of call: AdmissionCall) -> String { state.withLock { $0.localGuard.tier(of: call) } }

    /// Decides without the server.
    func decideLocally(
        _ call: AdmissionCall, _ holding: LocalGuard.Holding
    ) -> (decision: Decision, place: LocalPlaces.Place?) {
        let retryAfter = configuration.localGuard.retryAfter
        return switch state.withLock({ $0.localGuard.decide(call, holding, at: .now()) }) {
        case .admit(let place):
            (Decision(outcome: .admit, reason: "fail_open", tier: place.tier, origin: .localGuard), place)
        case .closed(let tier): (.refusal("fail_closed", tier: tier, retryAfter: retryAfter), nil)
        case .full(let tier): (.refusal("concurrency_limit", tier: tier, retryAfter: retryAfter), nil)
        }
    }

    private func note(_ report: Breaker.Report) {
        act(on: state.withLock { $0.localGuard.note(report, using: &$0.generator) })
    }

    private func act(on action: Breaker.Action) {
        switch action {
        case .nothing: break
        case .letGo: log.notice("headgate is back: it is asked again")
        case .probe(let delay):
            log.warning(
                "headgate is away: requests are decided locally, tier by tier",
                metadata: ["server": "\(configuration.server)"])
            wire.schedule(in: delay) { [weak self] in self?.probe() }
        }
    }

    private func probe() {
        let timeMax = TimeAmount.nanoseconds(configuration.callTimeout.nanoseconds)
        wire.send(WireCall(.get, "/healthz", timeMax: timeMax)) { [weak self] result in
            guard let self else { return }
            let isAnswered = if case .success(let answer) = result { answer.status == 200 } else { false }
            let action = state.withLock { $0.localGuard.noteProbe(isAnswered: isAnswered, using: &$0.generator) }
            guard case .probe(let delay) = action else { return act(on: action) }
            wire.schedule(in: delay) { [weak self] in self?.probe() }
        }
    }

    /// Says what is wrong with us, at most every ten seconds: every request would say it again.
    private func complain(_ what: String, _ answer: WireAnswer) {
        let isDue = state.withLock { state in
            let now = NIODeadline.now()
            if let last = state.lastComplaint, now - last < .seconds(10) { return false }
            state.lastComplaint = now
            return true
        }
        guard isDue else { return }
        log.error(
            "\(what)",
            metadata: ["status": "\(answer.status)", "answer": "\(String(buffer: answer.body).prefix(500))"])
    }
}

extension Decision {
    /// A refusal that was made here.
    fileprivate static func refusal(_ reason: String, tier: String, retryAfter: Duration?) -> Decision {
        var decision = Decision(outcome: .shed, reason: reason, tier: tier, origin: .localGuard)
        decision.retryAfter = retryAfter
        return decision
    }
}
