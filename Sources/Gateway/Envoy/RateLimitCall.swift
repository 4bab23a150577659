internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// One call of the rate limit service, and what its descriptors mean under a policy.
///
/// Not copied: it has the tables of the request, and the message.
struct RateLimitCall: ~Copyable {
    /// What was asked.
    let request: RateLimitRequest
    /// The bytes that it was read from.
    let source: ByteBuffer
    /// Whether the caller may name tenants and state facts about others.
    let isTrusted: Bool

    /// Lends the bytes of a range.
    func withBytes<Result>(_ range: Range<Int>, _ read: (Span<UInt8>) -> Result) -> Result {
        read(source.readableBytesUInt8Span.extracting(range))
    }

    /// Turns the descriptors into decisions that are still to be taken, and says of each what it is.
    ///
    /// - Throws: what is wrong with a value.
    func prepare(
        _ decider: Decider, _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID,
        _ outcomes: inout [DescriptorOutcome]
    ) throws(Unreadable) -> [Decision] {
        let policy = state.policy
        let domain = withBytes(request.domain) { policy.descriptors.domain(named: $0) }
        guard domain >= 0 else {
            outcomes = request.descriptors.map { _ in .unmatched }
            return []
        }
        var decisions: [Decision] = []
        if policy.descriptors.isMapped(domain) {
            for descriptor in request.descriptors {
                guard let facts = try facts(of: descriptor, in: domain, policy) else {
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
