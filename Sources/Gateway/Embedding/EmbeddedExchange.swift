internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// One request of this process, from its decision about budgets to its answer.
///
/// Lives on one event loop. While it waits, the gate holds it.
final class EmbeddedExchange: SeatWaiter {
    let eventLoop: any EventLoop
    private let desk: EmbeddedDesk
    private let call: EmbeddedCall
    private let state: NIOLoopBoundBox<State>

    /// Where a request stands.
    private enum State {
        /// It was not decided yet.
        case new
        /// It waits for its seats.
        case waiting(Decision, SeatHold, answer: (EmbeddedAnswer) -> Void)
        /// It was answered, or nobody wants an answer.
        case over
    }

    /// A request that is yet to be decided; may be made anywhere.
    init(_ call: EmbeddedCall, at desk: EmbeddedDesk) {
        self.call = call
        self.desk = desk
        eventLoop = desk.eventLoop
        state = NIOLoopBoundBox.makeBoxSendingValue(State.new, eventLoop: desk.eventLoop)
    }

    /// Decides, and answers once: now, or when it is known what the seats say.
    ///
    /// - Precondition: on the event loop.
    func begin(_ answer: @escaping (EmbeddedAnswer) -> Void) {
        let decision = decide()
        guard decision.isAdmitted else { return conclude(decision, nil, holding: nil, answer) }
        // Its task was cancelled before its turn came.
        guard case .new = state.value else {
            return conclude(decision, .refused(.clientClosed, retryAfter: .zero, waited: .zero), holding: nil, answer)
        }
        let request = decision.seatRequest(waitMax: call.waitMax)
        let course = desk.decider.value.askForSeats(
            request, of: decision, from: desk.seats, for: self, at: decision.moment.monotonic)
        switch course {
        case .started(let hold): conclude(decision, .granted(waited: .zero), holding: hold, answer)
        case .queued(let hold): state.value = .waiting(decision, hold, answer: answer)
        case .refused(let reason, let retryAfter):
            conclude(
                decision, .refused(reason, retryAfter: retryAfter, waited: .zero), holding: nil, answer)
        }
    }

    /// Nobody waits any more: its place is free, and what it took is given back.
    ///
    /// - Precondition: on the event loop.
    func leave() {
        switch state.value {
        case .new: state.value = .over
        case .over: return
        case .waiting(let decision, let hold, let answer):
            let now = Clock.monotonic()
            desk.seats.cancel(hold, at: now)
            let waited = Nanoseconds(now.count - decision.moment.monotonic.count)
            conclude(
                decision, .refused(.clientClosed, retryAfter: .zero, waited: waited), holding: nil, answer)
        }
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {
        guard case .waiting(let decision, _, let answer) = state.value else {
            return desk.seats.finish(hold, .abandoned, latency: nil, at: Clock.monotonic())
        }
        conclude(decision, .granted(waited: waited), holding: hold, answer)
    }

    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {
        guard case .waiting(let decision, _, let answer) = state.value else { return }
        conclude(decision, .refused(reason, retryAfter: retryAfter, waited: waited), holding: nil, answer)
    }

    private func conclude(
        _ decision: Decision, _ seats: SeatConclusion?, holding hold: SeatHold?, _ answer: (EmbeddedAnswer) -> Void
    ) {
        state.value = .over
        let decider = desk.decider.value
        decider.conclude(decision, seats) { (call.method, call.path) }
        var fields = FieldCollector()
        fields.limitFields(of: decision, profile: decider.plane.headers)
        var json = JSONWriter(appendingTo: ByteWriter())
        json.value(of: decision)
        let text = json.finish()
        answer(
            EmbeddedAnswer(
                json: text.withBytes { bytes in bytes.indices.map { bytes[$0] } },
                limitFields: fields.collected.filter { $0.name != "Retry-After" }, hold: hold,
                waited: seats?.waited ?? .zero))
    }
}

/// Who asks, and for what.
extension EmbeddedExchange {
    private func decide() -> Decision {
        var facts = DecisionCall(source: .admission)
        facts.isTrusted = true
        facts.claim = call.trafficClass
        facts.region = call.region
        facts.cost = call.cost
        facts.bytes = call.bytes
        facts.attributes = call.attributes
        let decider = desk.decider.value
        return decider.decideHeld(facts) { state, moment in
            if let credential = call.credential {
                return decider.identify(credential.utf8.span, in: state, at: moment)
            }
            return Identity(named: call, in: state.binding, at: moment.wall)
        } target: { policy in
            if let operation = call.operation { return .operation(named: operation) }
            return .matched(policy.matcher.match(method: call.method.utf8.span, path: call.path.utf8.span))
        } describe: {
            (call.method, call.path)
        }
    }
}

extension Identity {
    /// Finds the tenant, and the principal if there is one, that a call names; a name that is not known is a stranger.
    fileprivate init(named call: EmbeddedCall, in binding: DirectoryBinding, at now: WallTime) {
        guard let name = call.tenant, let tenant = binding.directory.tenantIndex(named: name) else {
            self = .stranger
            return
        }
        guard let principalName = call.principal else {
            self.init(tenant: tenant, in: binding, at: now)
            return
        }
        guard let principal = binding.directory.principalIndex(named: principalName, tenant: tenant) else {
            self = .stranger
            return
        }
        self.init(principal: principal, in: binding, at: now)
    }
}

extension SeatConclusion {
    /// How long the request waited.
    fileprivate var waited: Nanoseconds {
        switch self {
        case .granted(let waited), .refused(_, _, let waited): waited
        }
    }
}
