internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Domains with limits of their own.
extension RateLimitCall {
    /// Finds the limits that the descriptors lead to, and turns them into decisions that are to be taken.
    func prepareLimits(
        in domain: Int, _ decider: Decider, _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID,
        _ outcomes: inout [DescriptorOutcome], _ decisions: inout [Decision]
    ) {
        let policy = state.policy
        let nodes = request.descriptors.map { node(of: $0, in: domain, policy) }
        var replaced: Set<Int> = []
        if policy.descriptors.replacesLimits(in: domain) {
            for node in nodes where node >= 0 { replaced.formUnion(policy.descriptors.limit(at: node)?.replaces ?? []) }
        }
        var naming = CounterNaming(hash: decider.plane.hash)
        for (descriptor, node) in zip(request.descriptors, nodes) {
            guard node >= 0, !replaced.contains(node), let limit = policy.descriptors.limit(at: node) else {
                outcomes.append(.unmatched)
                continue
            }
            guard limit.plan >= 0 else {
                outcomes.append(.unlimited)
                continue
            }
            naming.begin(limit, in: policy)
            for (position, entry) in request.entries[descriptor.entries].enumerated()
            where !limit.isShared(entry: position) {
                withBytes(entry.value) { naming.add($0) }
            }
            let counter = DescriptorCounter(
                node: node, plan: limit.plan, stage: limit.stage, key: naming.key)
            let decision = decision(of: descriptor, counter, decider, state, moment, id)
            outcomes.append(.decided(decision))
            decisions.append(decision)
        }
    }

    private func node(of descriptor: RateLimitRequest.Descriptor, in domain: Int, _ policy: Snapshot) -> Int {
        var node = policy.descriptors.root(of: domain)
        for (key, value) in request.entries[descriptor.entries] {
            node = withBytes(key) { key in
                withBytes(value) { policy.descriptors.step(from: node, key: key, value: $0) }
            }
            if node < 0 { return -1 }
        }
        return descriptor.entries.isEmpty ? -1 : node
    }

    private func decision(
        of descriptor: RateLimitRequest.Descriptor, _ counter: DescriptorCounter, _ decider: Decider,
        _ state: DataPlaneState, _ moment: Moment, _ id: DecisionID
    ) -> Decision {
        var call = DecisionCall(source: .rateLimit)
        call.isTrusted = isTrusted
        let hits = request.hits(of: descriptor)
        call.hits = max(1, hits)
        call.isPeek = hits == 0
        let classification = Classification(
            operation: -1, trafficClass: state.policy.defaultClass, tier: state.policy.quarantineTier, cost: 1)
        return Decision(
            id: id, state: state, identity: .stranger, classification: classification, call: call, counter: counter,
            moment: moment, periodEnds: decider.periodEnds(ofPlan: counter.plan, in: state, at: moment.wall))
    }
}
