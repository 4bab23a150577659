internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Domains whose keys have meanings.
extension RateLimitCall {
    /// Decides the call if it is one descriptor of such a domain: what nearly every call is.
    ///
    /// - Returns: the decision; `nil`: it is something else.
    /// - Throws: what is wrong with a value.
    func decideAlone(_ decider: Decider) throws(Unreadable) -> Decision? {
        guard request.descriptors.count == 1 else { return nil }
        decider.refresh()
        let policy = decider.state.policy
        let domain = withBytes(request.domain) { policy.descriptors.domain(named: $0) }
        guard domain >= 0, policy.descriptors.isMapped(domain),
            let facts = try facts(of: request.descriptors[0], in: domain, policy)
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

    /// A value that cannot be what its key means.
    ///
    /// As in a check call it is an error of whoever wrote the proxy's configuration, and told as one: to read it as the
    /// cheapest value there is would hide it for ever.
    struct Unreadable: Error {
        /// One sentence for whoever made the call.
        let description: String
    }

    /// What the entries of one descriptor say; not copied, for it holds a whole call.
    struct Facts: ~Copyable {
        /// Where the credential stands; empty if there are two.
        var credential: Range<Int>?
        /// Where the tenant's name stands.
        var tenant: Range<Int>?
        /// Where the principal's name stands.
        var principal: Range<Int>?
        /// Where the operation's name stands.
        var operation: Range<Int>?
        /// Where the method stands.
        var method: Range<Int>?
        /// Where the path stands.
        var path: Range<Int>?
        /// Everything else.
        var call = DecisionCall(source: .rateLimit)
    }

    /// Reads the entries of a descriptor; `nil` if none of them means anything here.
    ///
    /// What only a trusted caller may state is not looked at where a stranger does.
    ///
    /// - Throws: what is wrong with a value.
    func facts(
        of descriptor: RateLimitRequest.Descriptor, in domain: Int, _ policy: Snapshot
    ) throws(Unreadable) -> Facts? {
        var facts = Facts()
        var isKnown = false
        for (key, value) in request.entries[descriptor.entries] {
            guard let meaning = withBytes(key, { policy.descriptors.meaning(of: $0, in: domain) }), meaning != .ignored
            else {
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
            case .region: facts.call.region = isTrusted ? try region(key, value, policy) : text(value)
            case .cost where isTrusted: facts.call.cost = max(facts.call.cost ?? 1, try cost(key, value))
            case .attribute(let name):
                facts.call.attributes.append((policy.descriptors.attributeName(name), text(value)))
            case .ignored, .cost: continue
            }
        }
        guard isKnown else { return nil }
        facts.call.isTrusted = isTrusted
        let hits = request.hits(of: descriptor)
        facts.call.hits = max(1, hits)
        facts.call.isPeek = hits == 0
        return facts
    }

    private func cost(_ key: Range<Int>, _ value: Range<Int>) throws(Unreadable) -> Int64 {
        guard let cost = Int64(text(value)), cost >= 1 else {
            throw unreadable(key, value, "is no whole number from 1 to \(Int64.max)")
        }
        return cost
    }

    private func region(_ key: Range<Int>, _ value: Range<Int>, _ policy: Snapshot) throws(Unreadable) -> String {
        let name = text(value)
        guard policy.regions.isEmpty || policy.regions.contains(where: { $0.name == name }) else {
            throw unreadable(key, value, "is no region of the policy")
        }
        return name
    }

    private func unreadable(_ key: Range<Int>, _ value: Range<Int>, _ problem: String) -> Unreadable {
        Unreadable(description: "The descriptor's '\(text(key).prefix(100))': '\(text(value).prefix(100))' \(problem).")
    }

    /// A credential without the word `Bearer` in front of it.
    private func bare(_ value: Range<Int>) -> Range<Int> {
        Credentials.bearer(in: source.readableBytesUInt8Span, value) ?? value
    }

    /// The text of a range; bytes that are not UTF-8 become U+FFFD.
    private func text(_ range: Range<Int>) -> String { source.readableBytesUInt8Span.string(range) }

    /// The decision that is to be taken by what a descriptor says.
    func decision(
        of facts: borrowing Facts, _ decider: Decider, _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID
    ) -> Decision {
        let identity = identity(of: facts, decider, state, moment)
        let classification = decider.classify(target(of: facts, state.policy), facts.call, identity, in: state)
        var call = facts.call
        call.method = facts.method.map { text($0) }
        call.path = facts.path.map { text($0) }
        return Decision(
            id: id, state: state, identity: identity, classification: classification, call: call, moment: moment,
            periodEnds: decider.periodEnds(ofPlan: identity.plan, in: state, at: moment.wall))
    }

    /// Who calls: the one with the credential, else the one that a trusted proxy names, else nobody.
    private func identity(
        of facts: borrowing Facts, _ decider: Decider, _ state: DataPlaneState, _ moment: Moment
    ) -> Identity {
        if let credential = facts.credential {
            return withBytes(credential) { decider.identify($0, in: state, at: moment) }
        }
        let directory = state.binding.directory
        guard isTrusted, let name = facts.tenant, let tenant = withBytes(name, { directory.tenantIndex(named: $0) })
        else {
            return .stranger
        }
        guard let name = facts.principal else { return Identity(tenant: tenant, in: state.binding, at: moment.wall) }
        let principal = withBytes(name) { directory.principalIndex(named: $0, tenant: tenant) }
        return principal.map { Identity(principal: $0, in: state.binding, at: moment.wall) } ?? .stranger
    }

    private func target(of facts: borrowing Facts, _ policy: Snapshot) -> ClassificationRequest.Target {
        if let operation = facts.operation, isTrusted { return .operation(named: text(operation)) }
        guard let method = facts.method, let path = facts.path else { return .matched(.none) }
        return withBytes(method) { method in
            withBytes(path) { .matched(policy.matcher.match(method: method, path: $0)) }
        }
    }
}
