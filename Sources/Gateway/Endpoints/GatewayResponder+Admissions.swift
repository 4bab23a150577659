internal import Admission
internal import Directory
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Seats for work that does not run through us: `/v1/admissions`.
extension GatewayResponder {
    /// `POST /v1/admissions`: decides like the check call, and then holds the answer until there are seats.
    mutating func admit(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) -> HTTPAnswer {
        guard let leases = heldLeases(&writer), let isTrusted = trusts(request, from: peer, &writer) else {
            return .written
        }
        do {
            try decoder.decode(request.body, asAdmission: true)
        } catch {
            writer.problem(.badRequest, detail: error.description)
            return .written
        }
        guard let decision = decideHeld(isTrusted: isTrusted, &writer) else { return .written }
        let call = decoder.calls[0]
        let pending = PendingAdmission(
            PendingAdmission.Content(
                decider: decider, decision: decision, method: call.method.map { decoder.string($0) } ?? "",
                path: call.path.map { decoder.string($0) } ?? "", start: decision.moment.monotonic),
            leases: leases, owner: Lease.Owner(decision),
            lasting: .milliseconds(call.leaseMilliseconds ?? GatewayResponder.leaseMilliseconds), on: eventLoop)
        // Seats of the reserve that are lent come back within a wait: without one they would be a broken promise.
        let hasReserve = decision.policy.tiers[decision.classification.tier].reserveBasisPoints > 0
        let waitMax = call.maxWaitMilliseconds.map { Nanoseconds.milliseconds($0) } ?? (hasReserve ? nil : .zero)
        return seat(pending, decision, waitMax: waitMax, leases.gate, &writer)
    }

    /// How long a lease lasts unless the call says otherwise: longer than most requests, and short enough that the
    /// seats of a holder that has died are missed for half a minute only.
    private static let leaseMilliseconds: Int64 = 30_000

    private func seat(
        _ pending: PendingAdmission, _ decision: Decision, waitMax: Nanoseconds?, _ gate: SeatGate,
        _ writer: inout HTTPResponseWriter
    ) -> HTTPAnswer {
        var admission: AdmissionAnswer?
        guard decision.isAdmitted else {
            pending.conclude(nil)
            writer.answer(decision, admission: nil, profile: decider.plane.headers)
            return .written
        }
        let course = decider.askForSeats(
            decision.seatRequest(waitMax: waitMax), of: decision, from: gate, for: pending,
            at: decision.moment.monotonic)
        switch course {
        case .started(let hold): admission = pending.conclude(hold, waited: .zero)
        case .queued(let hold):
            let deferral = HTTPDeferral(on: eventLoop, endsWithInput: true)
            pending.wait(for: hold, answering: deferral)
            return .deferred(deferral)
        case .refused(let reason, let retryAfter):
            pending.conclude(.refused(reason, retryAfter: retryAfter, waited: .zero))
        }
        writer.answer(decision, admission: admission, profile: decider.plane.headers)
        return .written
    }

    /// `PUT /v1/admissions/{id}`: the lease lasts for its time again.
    mutating func renewAdmission(
        _ id: ByteRange, _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let leases = heldLeases(&writer), let isTrusted = trusts(request, from: peer, &writer),
            let call = release(request, renews: true, &writer)
        else { return }
        let moment = now()
        let caller = caller(call, request, isTrusted: isTrusted, at: moment)
        let duration = call.leaseMilliseconds.map { Nanoseconds.milliseconds($0) }
        guard let id = request.withBytes(id, { LeaseID($0) }),
            let lasting = leases.renew(id, duration, for: caller, at: moment.monotonic)
        else { return writer.unknownAdmission() }
        writer.start(.ok)
        writer.finish { json in
            json.object { json in
                json.member("id", id.text)
                json.member("leaseMs", lasting.millisecondsRoundedUp)
            }
        }
    }

    /// `DELETE /v1/admissions/{id}`: the work has ended, and its seats come back.
    mutating func endAdmission(
        _ id: ByteRange, _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let leases = heldLeases(&writer), let isTrusted = trusts(request, from: peer, &writer),
            let call = release(request, renews: false, &writer)
        else { return }
        let moment = now()
        let caller = caller(call, request, isTrusted: isTrusted, at: moment)
        let latency = call.latencyMilliseconds.map { Nanoseconds.milliseconds($0) }
        guard let id = request.withBytes(id, { LeaseID($0) }),
            let lease = leases.end(id, call.ending, latency: latency, for: caller, at: moment.monotonic)
        else { return writer.unknownAdmission() }
        if let felt = lease.felt {
            decider.experience.note(
                felt.key, of: felt.policy, wait: felt.waited, upstream: latency,
                endToEnd: moment.monotonic - lease.start + felt.waited)
        }
        if let tenant = lease.owner.tenant, let isFailure = call.isFailureOfCaller {
            decider.noteEnd(isFailure: isFailure, of: tenant)
        }
        writer.start(.noContent)
        writer.finish()
    }

    private func heldLeases(_ writer: inout HTTPResponseWriter) -> SeatLeases? {
        if let leases { return leases }
        writer.problem(.notFound, detail: "This server gives no admissions.")
        return nil
    }

    /// Both clocks now.
    private func now() -> Moment { decider.begin().0 }

    /// Reads the body; `nil` after answering one that cannot be read.
    private mutating func release(
        _ request: borrowing HTTPRequestView, renews: Bool, _ writer: inout HTTPResponseWriter
    ) -> ReleaseCall? {
        do {
            return try decoder.decodeRelease(request.body, renews: renews)
        } catch {
            writer.problem(.badRequest, detail: error.description)
            return nil
        }
    }

    /// Who asks: somebody we trust, or whoever has the credential of the body or of the fields.
    private func caller(
        _ call: ReleaseCall, _ request: borrowing HTTPRequestView, isTrusted: Bool, at now: Moment
    ) -> Lease.Caller {
        guard !isTrusted else { return .trusted }
        let state = decider.plane.state
        var identity = Identity.stranger
        if let credential = call.credential {
            identity = decoder.withBytes(credential) { decider.identify($0, in: state, at: now) }
        } else if let credential = Credentials.find(in: request) {
            identity = request.withBytes(credential) { decider.identify($0, in: state, at: now) }
        }
        return .stranger(Lease.Owner(identity, in: state))
    }
}

extension Lease.Owner {
    /// Who a decision was made for.
    fileprivate init(_ decision: Decision) { self.init(decision.identity, in: decision.state) }

    fileprivate init(_ identity: Identity, in state: DataPlaneState) {
        tenant = identity.tenant.map { state.binding.key(ofTenant: $0) }
        principal = identity.principal.map { state.binding.directory.principalName(at: $0) }
    }
}

extension ReleaseCall {
    /// How the work has ended: what the caller says, else what the status means.
    ///
    /// An upstream that answers 429 or 5xx has not done the work; how long that took says nothing about the next one.
    fileprivate var ending: Ending {
        switch outcome {
        case "failed": .failed
        case "abandoned": .abandoned
        case "completed": .completed
        default: status.map { $0 >= 500 || $0 == 429 } ?? false ? .failed : .completed
        }
    }
}

extension ReleaseCall {
    /// Whether the request itself was at fault; `nil`: it never ran, or the system behind was at fault.
    ///
    /// Without a status nobody knows whose fault a failure was, so it counts for whoever had the seats.
    fileprivate var isFailureOfCaller: Bool? {
        if outcome == "abandoned" { return nil }
        guard let status else { return outcome == "failed" }
        return switch UpstreamOutcome(status: Int(status)) {
        case .answered: false
        case .faulted: true
        case .failed: nil
        }
    }
}

extension HTTPResponseWriter {
    fileprivate mutating func unknownAdmission() {
        problem(
            .notFound, detail: "There is no such admission for this caller: it has ended, or its lease has run out.")
    }
}
