internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Envoy's rate limit service.
extension GatewayResponder {
    /// `envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit`.
    mutating func shouldRateLimit(
        _ call: borrowing GRPCCall, from peer: HTTPPeer, _ message: inout ByteWriter
    ) -> GRPCAnswer {
        let isTrusted = trusts(call, from: peer)
        let source = call.message
        do { try rateLimit.decode(source.readableBytesUInt8Span) } catch {
            switch error {
            case .malformed: return .failed(.invalidArgument, "The message is no RateLimitRequest.")
            case .tooManyDescriptors:
                return .failed(
                    .invalidArgument, "One call has at most \(RateLimitRequest.descriptorCountMax) descriptors.")
            }
        }
        let call = RateLimitCall(request: rateLimit, source: source, isTrusted: isTrusted)
        let decider = decider
        if let decision = call.decideAlone(decider) {
            message.rateLimit(decision, profile: decider.plane.headers)
            return .written
        }
        var outcomes: [DescriptorOutcome] = []
        let decisions = decider.decideTogether { state, moment, id in
            outcomes.removeAll(keepingCapacity: true)
            return call.prepare(decider, state, moment, id, &outcomes)
        } describe: {
            call.description(of: $0)
        }
        var next = decisions.makeIterator()
        for index in outcomes.indices {
            if case .decided = outcomes[index], let decision = next.next() { outcomes[index] = .decided(decision) }
        }
        message.rateLimit(
            outcomes, strictest: Decision.strictest(of: decisions), profile: decider.plane.headers)
        return .written
    }
}

/// One call of the rate limit service, and what its descriptors mean under a policy.
struct RateLimitCall {
    /// What was asked.
    let request: RateLimitRequest
    /// The bytes that it was read from.
    let source: ByteBuffer
    /// Whether the caller may name tenants and state facts about others.
    let isTrusted: Bool

    /// Lends the bytes of a range.
    private func withBytes<Result>(_ range: Range<Int>, _ read: (Span<UInt8>) -> Result) -> Result {
        read(source.readableBytesUInt8Span.extracting(range))
    }

    /// Turns the descriptors into decisions that are still to be taken, and says of each what it is.
    func prepare(
        _ decider: Decider, _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID,
        _ outcomes: inout [DescriptorOutcome]
    ) -> [Decision] {
        let index = state.policy.descriptors
        let domain = withBytes(request.domain) { index.domain(named: $0) }
        guard domain >= 0 else {
            outcomes = request.descriptors.map { _ in .unmatched }
            return []
        }
        var decisions: [Decision] = []
        if index.isMapped(domain) {
            for descriptor in request.descriptors {
                guard let facts = facts(of: descriptor, in: domain, index) else {
                    outcomes.append(.unmatched)
                    continue
                }
                let decision = decision(of: facts, decider, state, moment, id)
                outcomes.append(.decided(decision))
                decisions.append(decision)
            }
        } else {
            prepareLimits(in: domain, decider, state, moment, id, &outcomes, &decisions)
        }
        return decisions
    }

    /// What the record of a decision says was asked for.
    func description(of decision: Decision) -> (method: String, path: String) {
        if let limit = decision.limit { return ("", limit.label) }
        return (decision.call.method ?? "", decision.call.path ?? "")
    }
}

/// Domains whose keys have meanings.
extension RateLimitCall {
    /// Decides the call if it is one descriptor of such a domain: what nearly every call is.
    ///
    /// - Returns: the decision; `nil`: it is something else.
    func decideAlone(_ decider: Decider) -> Decision? {
        guard request.descriptors.count == 1 else { return nil }
        decider.refresh()
        let index = decider.state.policy.descriptors
        let domain = withBytes(request.domain) { index.domain(named: $0) }
        guard domain >= 0, index.isMapped(domain), let facts = facts(of: request.descriptors[0], in: domain, index)
        else { return nil }
        // Should a new policy come in between, the facts are those of the older one: the call was read under it.
        return decider.decide(facts.call) { state, moment in
            identity(of: facts, decider, state, moment)
        } target: { policy in
            target(of: facts, policy)
        } describe: {
            (facts.method.map { text($0) } ?? "", facts.path.map { text($0) } ?? "")
        }
    }

    /// What the entries of one descriptor say.
    struct Facts {
        var credential: Range<Int>?
        var tenant: Range<Int>?
        var principal: Range<Int>?
        var operation: Range<Int>?
        var method: Range<Int>?
        var path: Range<Int>?
        var call = DecisionCall(source: .rateLimit)
    }

    /// Reads the entries of a descriptor; `nil` if none of them means anything here.
    private func facts(of descriptor: RateLimitRequest.Descriptor, in domain: Int, _ index: DescriptorIndex) -> Facts? {
        var facts = Facts()
        var isKnown = false
        for (key, value) in request.entries[descriptor.entries] {
            guard let meaning = withBytes(key, { index.meaning(of: $0, in: domain) }), meaning != .ignored else {
                continue
            }
            isKnown = true
            switch meaning {
            case .tenant: facts.tenant = value
            case .principal: facts.principal = value
            // Of two credentials neither counts: which one the API believes cannot be told.
            case .credential: facts.credential = facts.credential == nil ? bare(value) : value.prefix(0)
            case .operation: facts.operation = value
            case .method: facts.method = value
            case .path: facts.path = value
            case .trafficClass: facts.call.claim = text(value)
            case .region: facts.call.region = text(value)
            case .cost: facts.call.cost = Int64(text(value)).map { max(1, $0) }
            case .attribute(let name): facts.call.attributes.append((index.attributeName(name), text(value)))
            case .ignored: continue
            }
        }
        guard isKnown else { return nil }
        facts.call.isTrusted = isTrusted
        if !isTrusted { facts.call.cost = nil }
        let hits = request.hits(of: descriptor)
        facts.call.hits = max(1, hits)
        facts.call.isPeek = hits == 0
        facts.call.method = facts.method.map { text($0) }
        facts.call.path = facts.path.map { text($0) }
        return facts
    }

    /// A credential without the word `Bearer` in front of it.
    private func bare(_ value: Range<Int>) -> Range<Int> {
        Credentials.bearer(in: source.readableBytesUInt8Span, value) ?? value
    }

    private func text(_ range: Range<Int>) -> String { source.readableBytesUInt8Span.string(range) }

    private func decision(
        of facts: Facts, _ decider: Decider, _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID
    ) -> Decision {
        let identity = identity(of: facts, decider, state, moment)
        let classification = state.policy.classify(
            ClassificationRequest(
                target: target(of: facts, state.policy), claim: facts.call.claim,
                attributes: decider.attributes(facts.call, identity), caller: identity.caller))
        return Decision(
            id: id, state: state, identity: identity, classification: classification, call: facts.call, moment: moment)
    }

    /// Who calls: the one with the credential, else the one that a trusted proxy names, else nobody.
    private func identity(
        of facts: Facts, _ decider: Decider, _ state: DataPlaneState, _ moment: Moment
    ) -> Identity {
        if let credential = facts.credential {
            return withBytes(credential) { decider.identify($0, in: state, at: moment) }
        }
        let directory = state.binding.directory
        guard isTrusted, let name = facts.tenant, let tenant = withBytes(name, { directory.tenantIndex(named: $0) })
        else {
            return .stranger
        }
        guard let name = facts.principal else { return Identity(tenant: tenant, in: state.binding) }
        let principal = withBytes(name) { directory.principalIndex(named: $0, tenant: tenant) }
        return principal.map { Identity(principal: $0, in: state.binding) } ?? .stranger
    }

    private func target(of facts: Facts, _ policy: Snapshot) -> ClassificationRequest.Target {
        if let operation = facts.operation, isTrusted { return .operation(named: text(operation)) }
        guard let method = facts.method, let path = facts.path else { return .matched(.none) }
        return withBytes(method) { method in
            withBytes(path) { .matched(policy.matcher.match(method: method, path: $0)) }
        }
    }
}

/// Domains with limits of their own.
extension RateLimitCall {
    private func prepareLimits(
        in domain: Int, _ decider: Decider, _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID,
        _ outcomes: inout [DescriptorOutcome], _ decisions: inout [Decision]
    ) {
        let index = state.policy.descriptors
        let nodes = request.descriptors.map { node(of: $0, in: domain, index) }
        var replaced: Set<Int> = []
        if index.replacesLimits(in: domain) {
            for node in nodes where node >= 0 { replaced.formUnion(index.limit(at: node)?.replaces ?? []) }
        }
        var naming = CounterNaming(hash: decider.plane.hash)
        for (descriptor, node) in zip(request.descriptors, nodes) {
            guard node >= 0, !replaced.contains(node), let limit = index.limit(at: node) else {
                outcomes.append(.unmatched)
                continue
            }
            guard limit.plan >= 0 else {
                outcomes.append(.unlimited)
                continue
            }
            naming.begin(limit, in: state.policy)
            for (position, entry) in request.entries[descriptor.entries].enumerated()
            where !limit.isShared(entry: position) {
                withBytes(entry.value) { naming.add($0) }
            }
            let counter = DescriptorCounter(limit: limit, key: naming.key)
            let decision = decision(of: descriptor, counter, state, moment, id)
            outcomes.append(.decided(decision))
            decisions.append(decision)
        }
    }

    private func node(of descriptor: RateLimitRequest.Descriptor, in domain: Int, _ index: DescriptorIndex) -> Int {
        var node = index.root(of: domain)
        for (key, value) in request.entries[descriptor.entries] {
            node = withBytes(key) { key in withBytes(value) { index.step(from: node, key: key, value: $0) } }
            if node < 0 { return -1 }
        }
        return descriptor.entries.isEmpty ? -1 : node
    }

    private func decision(
        of descriptor: RateLimitRequest.Descriptor, _ counter: DescriptorCounter, _ state: DataPlaneState,
        _ moment: Moment, _ id: DecisionID
    ) -> Decision {
        var call = DecisionCall(source: .rateLimit)
        let hits = request.hits(of: descriptor)
        call.hits = max(1, hits)
        call.isPeek = hits == 0
        let classification = Classification(
            operation: -1, trafficClass: state.policy.defaultClass, tier: state.policy.quarantineTier, cost: 1)
        var decision = Decision(
            id: id, state: state, identity: .stranger, classification: classification, call: call, moment: moment)
        decision.counter = counter
        return decision
    }
}
