internal import Admission
internal import Policy
internal import Vocabulary

/// Requests with an idempotency key: who has one is charged once, and where the request goes through Headgate answered
/// from what the first one got.
///
/// By now it is known who calls and what for, and nothing refuses that; only the budgets have not been asked yet. A
/// caller that may not do this does not get the answer of the time when it could.
extension Decider {
    /// Asks the engine, unless the key says otherwise.
    ///
    /// - Parameters:
    ///   - decision: the decision to be taken.
    ///   - request: what the engine is to be asked.
    ///   - describe: the method and the path; called only if there is a key.
    /// - Returns: `false` when another policy was applied meanwhile, and everything has to be looked at again.
    func ask(
        _ decision: Decision, _ request: AdmissionRequest, describe: () -> (method: String, path: String)
    ) -> Bool {
        guard let use = decision.call.keyUse, !decision.call.isPeek, decision.identity.tenant != nil else {
            return decision.ask(plane.engine, request)
        }
        let (method, path) = describe()
        let demand = decision.keyDemand(method: method)
        guard demand != .none else { return decision.ask(plane.engine, request) }
        switch use {
        case .charge(let key):
            return askOnce(decision, request, chargeRequest(decision, key, method: method, path: path))
        // What a milder stage does not refuse it does not answer either: the traffic is to be as if we were not there.
        case .answer(.some(.success)) where decision.classification.stageOfRefusal != .enforce:
            return decision.ask(plane.engine, request)
        case .answer(.some(.success(let key))):
            var answerRequest = IdempotencyTable.Request(
                name: name(of: decision, key, .answer),
                fingerprint: RequestFingerprint(
                    plane.idempotency.hash, method: method.utf8.span, target: path.utf8.span),
                decision: decision.id)
            answerRequest.isKept = demand == .required
            return askAnswering(decision, request, answerRequest)
        case .answer(.some(.failure(let problem))):
            decision.refuse(.keyMalformed, repetition: Repetition(.nothing, detail: problem.description))
            return true
        case .answer(.none):
            guard demand == .required else { return decision.ask(plane.engine, request) }
            decision.refuse(.keyMissing)
            return true
        }
    }

    /// Under what a key is remembered.
    private func name(
        of decision: Decision, _ key: IdempotencyKey, _ kind: IdempotencyName.Kind
    ) -> IdempotencyName {
        IdempotencyName(
            plane.idempotency.hash, tenant: decision.tenantName ?? "", principal: decision.principalName,
            key: key.bytes.span, kind: kind)
    }
}

/// Where Headgate is only asked.
extension Decider {
    /// How often a loop looks again at a key about which another loop is just deciding.
    ///
    /// A decision takes a microsecond or two, a look a tenth of that. Should the other thread have lost its core in
    /// between, this request is charged as well: a limit errs on that side.
    private static let looksMax = 64

    /// A request is the same if method, path, operation and cost are: there is no body here, and a trusted caller must
    /// not pay for one unit and get a hundred.
    private func chargeRequest(
        _ decision: Decision, _ key: IdempotencyKey, method: String, path: String
    ) -> IdempotencyTable.Request {
        var stream = plane.idempotency.hash.stream()
        stream.append(counted: method.utf8.span)
        stream.append(counted: path.utf8.span)
        stream.append(counted: (decision.operationName ?? "").utf8.span)
        stream.append(UInt64(bitPattern: decision.cost))
        return IdempotencyTable.Request(
            name: name(of: decision, key, .charge), fingerprint: RequestFingerprint(target: stream.finish()),
            decision: decision.id)
    }

    /// Asks the engine if the key was not charged before; only what is charged is remembered.
    private func askOnce(
        _ decision: Decision, _ request: AdmissionRequest, _ keyed: IdempotencyTable.Request
    ) -> Bool {
        let now = decision.moment.monotonic
        for _ in 0..<Decider.looksMax {
            switch plane.idempotency.begin(keyed, at: now, mayWait: false).beginning {
            case .new(let ticket, _):
                let isAsked = decision.ask(plane.engine, request)
                guard isAsked, decision.hasSpent else {
                    plane.idempotency.release(ticket, at: now)
                    return isAsked
                }
                plane.idempotency.settle(ticket, at: now)
                return true
            case .completed(_, let first) where first.isFree:
                return look(decision, request, as: .admit, Repetition(.nothing, first: first.decision))
            case .running: continue
            default: return decision.ask(plane.engine, request)
            }
        }
        return decision.ask(plane.engine, request)
    }

    /// Admits without charging; the budgets are looked at, so that the caller hears how it stands.
    private func look(
        _ decision: Decision, _ request: AdmissionRequest, as outcome: Outcome, _ repetition: Repetition
    ) -> Bool {
        var look = request
        look.isPeek = true
        guard decision.ask(plane.engine, look) else { return false }
        decision.repeatFirst(as: outcome, repetition)
        return true
    }
}

/// Where the request goes through Headgate.
extension Decider {
    private func askAnswering(
        _ decision: Decision, _ request: AdmissionRequest, _ keyed: IdempotencyTable.Request
    ) -> Bool {
        let (beginning, wait) = plane.idempotency.begin(keyed, at: decision.moment.monotonic, mayWait: true)
        switch beginning {
        case .new(let ticket, let isFree):
            return run(decision, request, keyed, ticket, isFree: isFree)
        case .joined(let first):
            guard let wait else { return decision.ask(plane.engine, request) }
            let isAsked = look(decision, request, as: .replay, Repetition(.wait(wait), first: first.decision))
            if !isAsked { wait.cancel() }
            return isAsked
        case .completed(let answer?, let first) where answer.body != nil:
            return answerAgain(decision, request, answer, first)
        case .completed(let answer, let first):
            decision.refuse(
                .answerNotKept, repetition: Repetition(.nothing, first: first.decision, detail: answer?.story))
        case .running(let first):
            decision.refuse(.keyInUse, repetition: Repetition(.nothing, first: first.decision))
            decision.setRetryAfter(IdempotencyTable.retryAfter(first, at: decision.moment.monotonic))
        case .mismatch(let first):
            decision.refuse(.keyMismatch, repetition: Repetition(.nothing, first: first.decision))
        case .interrupted(let first):
            decision.refuse(.keyInterrupted, repetition: Repetition(.nothing, first: first.decision))
        case .full:
            // As many requests with keys run as the tenant may have: one more could not be told from its repeats.
            guard keyed.isKept else { return decision.ask(plane.engine, request) }
            decision.refuse(.concurrencyLimit)
        }
        return true
    }

    /// The request is to run, if the budgets admit it.
    private func run(
        _ decision: Decision, _ request: AdmissionRequest, _ keyed: IdempotencyTable.Request,
        _ ticket: IdempotencyTable.Ticket, isFree: Bool
    ) -> Bool {
        if isFree {
            let run = IdempotentRun(keyed, ticket: ticket, wasCharged: true, store: plane.idempotency)
            let isAsked = look(decision, request, as: .admit, Repetition(.run(run)))
            if isAsked { run.begin() } else { run.abandon() }
            return isAsked
        }
        let isAsked = decision.ask(plane.engine, request)
        guard isAsked, decision.isAdmitted else {
            plane.idempotency.release(ticket, at: decision.moment.monotonic)
            return isAsked
        }
        let run = IdempotentRun(keyed, ticket: ticket, wasCharged: decision.hasSpent, store: plane.idempotency)
        run.begin()
        decision.take(Repetition(.run(run)))
        return true
    }

    /// The answer is there; a repeat too many has to pay for it.
    private func answerAgain(
        _ decision: Decision, _ request: AdmissionRequest, _ answer: StoredAnswer, _ first: IdempotencyTable.First
    ) -> Bool {
        let repetition = Repetition(.answer(answer, bodyOfFirst: first.body), first: first.decision)
        guard !first.isFree else { return look(decision, request, as: .replay, repetition) }
        guard decision.ask(plane.engine, request) else { return false }
        if decision.isAdmitted { decision.replay(repetition) }
        return true
    }
}

extension Decision {
    /// What the operation wants of a request's idempotency key; `none`: it is not looked at.
    ///
    /// Where the policy leaves it to the caller, a key counts only for methods that change something: the others may be
    /// repeated without one (RFC 9110 §9.2.1), and a key on them would only be a way not to pay.
    fileprivate func keyDemand(method: String) -> Operation.Idempotency {
        guard classification.operation >= 0 else { return .none }
        let demand = policy.operations[classification.operation].idempotency
        guard demand == .optional, ["GET", "HEAD", "OPTIONS", "TRACE"].contains(method) else { return demand }
        return .none
    }
}

extension IdempotencyTable {
    /// When to come again for the answer of a request that is running: it is expected to take as long again as it has
    /// taken so far, within 1 and 30 s.
    fileprivate static func retryAfter(_ first: First, at now: Nanoseconds) -> Nanoseconds {
        min(max(now - first.since, .second), .seconds(30))
    }
}

extension StoredAnswer {
    /// What is known of an answer whose body was not kept.
    fileprivate var story: String { "The first answer had status \(status) and was too large to be kept." }
}
