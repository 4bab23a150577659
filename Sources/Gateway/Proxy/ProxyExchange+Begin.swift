internal import Admission
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

extension ProxyExchange {
    /// Decides a request, and lets it wait, go on, or hear why not.
    func begin(_ request: borrowing HTTPRequestView, from peer: HTTPPeer) {
        let timeout: Nanoseconds?
        do { timeout = ProxyExchange.least(try ProxyExchange.timeout(request), loop.limits.requestTimeMax) } catch {
            return answer(problem: .badRequest, error.description)
        }
        let decision = decide(request, from: peer)
        self.decision = decision
        traits = Traits(request)
        // Of one that waited for another with its key and is decided anew, the time has begun before.
        if arrivedAt == .zero {
            arrivedAt = decision.moment.monotonic
            timeMax = timeout
            if let timeout { setDeadline(timeout) }
        }
        if takeKey(request, decision, from: peer) { return }
        go(request, decision, from: peer, at: decision.moment.monotonic)
    }

    /// Goes on with a request that has been decided and whose key does not answer it.
    func go(_ request: borrowing HTTPRequestView, _ decision: Decision, from peer: HTTPPeer, at now: Nanoseconds) {
        guard decision.isAdmitted else {
            loop.decider.conclude(decision, nil) { describe(request) }
            return refuse()
        }
        guard !traits.asksUpgrade || takeTunnel(decision) else {
            let seats = SeatConclusion.refused(.concurrencyLimit, retryAfter: .second, waited: .zero)
            loop.decider.conclude(decision, seats) { describe(request) }
            return giveUp()
        }
        writeHead(request, decision, from: peer)
        if mayGather(request) { gather(request) } else { askForPlace(decision, at: now) { describe(request) } }
    }

    /// The time that the client gives the request.
    private static func timeout(_ request: borrowing HTTPRequestView) throws(Original.Problem) -> Nanoseconds? {
        guard let value = request.value(ofFieldNamed: "headgate-timeout-ms") else { return nil }
        guard let number = Int64(request.string(value)), (1...86_400_000).contains(number) else {
            throw Original.Problem(
                description: "Headgate-Timeout-Ms is a whole number of milliseconds, from 1 to 86400000.")
        }
        return Nanoseconds(number * 1_000_000)
    }

    /// The lesser of two times, of which neither need be stated.
    private static func least(_ first: Nanoseconds?, _ second: Nanoseconds?) -> Nanoseconds? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }

    private func decide(_ request: borrowing HTTPRequestView, from peer: HTTPPeer) -> Decision {
        var call = DecisionCall(source: .proxy)
        call.claim = request.value(of: .headgateClass).map { request.string($0) }
        // Else any client could spend what another region has.
        if peer.isTrusted { call.region = request.value(of: .headgateRegion).map { request.string($0) } }
        if let attributes = request.value(of: .headgateAttributes) {
            call.attributes = Attributes.parse(request.string(attributes))
        }
        // Of an answer nothing is known yet. One byte at least finds out whether there are any left; the rest is
        // charged when all is over.
        call.bytes = if case .length(let count) = request.head.framing { max(1, Int64(count)) } else { 1 }
        call.isTrusted = false  // facts about others come by the directory alone: whoever speaks here is the customer
        call.keyUse =
            request.value(of: .idempotencyKey).map { request.withBytes($0) { KeyUse.answer(field: $0) } }
            ?? .answer(nil)
        if loop.decider.looksAtAddresses { call.address = IPAddress(clientOf: request, from: peer) }
        let credential = Credentials.find(in: request)
        let decider = loop.decider
        return decider.decideHeld(call) { state, moment in
            guard let credential else { return .stranger }
            return request.withBytes(credential) { decider.identify($0, in: state, at: moment) }
        } target: { policy in
            request.withBytes(request.head.methodRange) { method in
                // Without a path it is the root that is asked for, and that the upstream is asked for.
                guard !request.head.path.isEmpty else {
                    let root: InlineArray<1, UInt8> = [ASCII.slash]
                    return .matched(policy.matcher.match(method: method, path: root.span))
                }
                return request.withBytes(ProxyExchange.pathAndQuery(request.head)) { path in
                    .matched(policy.matcher.match(method: method, path: path))
                }
            }
        } describe: {
            describe(request)
        }
    }

    /// What the request is for, without the scheme and the host that it may name.
    private static func pathAndQuery(_ head: HTTPRequestHead) -> ByteRange {
        ByteRange(Int(head.path.start)..<Int(head.target.start) + Int(head.target.count))
    }

    /// The method and the path with its query, for the record.
    func describe(_ request: borrowing HTTPRequestView) -> (method: String, path: String) {
        let path = request.head.path.isEmpty ? "/" : request.string(ProxyExchange.pathAndQuery(request.head))
        return (request.string(request.head.methodRange), path)
    }

    private func writeHead(_ request: borrowing HTTPRequestView, _ decision: Decision, from peer: HTTPPeer) {
        loop.head.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        let forwarded = ForwardedHead(peer: peer, isSecure: loop.services.isSecure)
        forwarded.write(request, traits.asksUpgrade ? .asked : .none, into: &loop.head) { lines in
            lines.field("Headgate-Decision", decision.id)
            lines.verifiedFields(of: decision)
        }
        head = ByteBuffer()
        head.write(loop.head)
    }

    /// Takes the place of a tunnel; says whether there was one.
    ///
    /// A class that is not enforced yet is not refused.
    private func takeTunnel(_ decision: Decision) -> Bool {
        isTunnel = loop.services.tunnels.take(for: decision.tenantKey, isBounded: decision.stage == .enforce)
        return isTunnel
    }

    private func setDeadline(_ time: Nanoseconds) {
        deadline = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(time.count)) { [weak self] in
            guard let self, phase != .over else { return }
            // The gate has the same deadline and says so itself, unless it has granted the seats just now.
            switch phase {
            case .waiting: deadlineIsOver = true
            case .gathering, .lined:
                stopGathering()
                fail(.deadline)
            case .joining, .repeating:
                stopRepeating()
                fail(.deadline)
            case .deciding, .connecting, .sending, .answering, .tunnelling, .over: fail(.deadline)
            }
        }
    }
}

extension ProxyExchange.Traits {
    /// Reads them.
    fileprivate init(_ request: borrowing HTTPRequestView) {
        isHead = request.method == .head
        isIdempotent =
            switch request.method {
            case .get, .head, .put, .delete, .options, .trace: true
            case .post, .patch, .connect, .other: false
            }
        hasBody = request.head.framing != .none
        isChunked = request.head.framing == .chunked
        asksUpgrade = ForwardedHead.upgrade(request) == .asked
    }
}
