internal import Admission
internal import Directory
internal import Journal
internal import Policy
package import Vocabulary

/// Makes decisions on one event loop: identify, classify, admit, count, record.
///
/// Holds what belongs to that loop alone, so it needs no lock and is not `Sendable`.
package final class Decider {
    /// What all loops share.
    package let plane: DataPlane
    private(set) var state: DataPlaneState
    private var generation: UInt64
    private var cache = CredentialCache()
    private var clock = Clock()
    private var identifiers = DecisionIDSource()
    private let counters: DecisionCounters

    /// A decider for one event loop.
    package init(plane: DataPlane) {
        self.plane = plane
        generation = plane.generation
        state = plane.state
        counters = plane.metrics.counters()
    }

    /// Finds who has a credential.
    package func identify(_ credential: Span<UInt8>, in state: DataPlaneState, at moment: Moment) -> Identity {
        let match = cache.match(credential, in: state.binding.directory, at: moment.wall)
        return Identity(credential: match, in: state.binding)
    }

    /// Decides one request and records the decision.
    ///
    /// - Parameters:
    ///   - call: what the caller says.
    ///   - identify: finds who calls.
    ///   - target: finds which call it is.
    ///   - describe: the method and the path, for the record; called only if one is kept.
    /// - Returns: the decision.
    func decide(
        _ call: DecisionCall, identify: (DataPlaneState, Moment) -> Identity,
        target: (Snapshot) -> ClassificationRequest.Target, describe: () -> (method: String, path: String)
    ) -> Decision {
        let (moment, id) = begin()
        while true {
            refresh()
            let identity = identify(state, moment)
            let classification = state.policy.classify(
                ClassificationRequest(
                    target: target(state.policy), claim: call.claim, attributes: attributes(call, identity),
                    caller: identity.caller))
            var decision = Decision(
                id: id, state: state, identity: identity, classification: classification, call: call, moment: moment)
            guard decide(&decision) else { continue }
            decision.duration = Clock.monotonic() - moment.monotonic
            finish(decision, describe: describe)
            return decision
        }
    }

    /// Reads the clock and names a decision.
    func begin() -> (Moment, DecisionID) {
        let moment = clock.now()
        return (moment, identifiers.next(at: moment.wall))
    }

    /// - Returns: `false` when another policy was applied meanwhile, and everything has to be looked at again.
    private func decide(_ decision: inout Decision) -> Bool {
        guard let request = request(for: &decision) else { return true }
        guard
            plane.engine.decide(
                request, with: state.blueprint, at: decision.moment, into: &decision.verdict)
        else { return false }
        decision.conclude()
        return true
    }

    /// What the engine is to be asked; `nil` if the decision falls without it, by who or what the request is.
    func request(for decision: inout Decision) -> AdmissionRequest? {
        if let counter = decision.counter { return counterRequest(counter, for: &decision) }
        let classification = decision.classification
        decision.stage = decision.policy.classes[classification.trafficClass].stage(at: decision.moment.wall)
        decision.region = region(of: decision)
        if let refusal = decision.identity.refusal ?? classification.refusal {
            decision.refuse(refusal)
            return nil
        }
        let tenant = decision.identity.tenant.map { state.binding.tenants[$0] }
        guard decision.region < 0 || tenant?.allows(region: decision.region) ?? true else {
            decision.refuse(.regionNotAllowed)
            return nil
        }
        return AdmissionRequest(
            tenant: tenant?.key, plan: tenant?.plan ?? -1, operation: classification.operation,
            trafficClass: classification.trafficClass, tier: classification.tier, region: decision.region,
            cost: decision.cost, bytes: max(0, decision.call.bytes), stage: decision.stage,
            isPeek: decision.call.isPeek)
    }

    /// A counter is asked alone: no class, no tier, no budget that tenants share.
    private func counterRequest(_ counter: DescriptorCounter, for decision: inout Decision) -> AdmissionRequest {
        decision.stage = counter.limit.stage
        return AdmissionRequest(
            tenant: counter.key, plan: counter.limit.plan, operation: -1, trafficClass: -1, tier: -1,
            cost: decision.cost, stage: counter.limit.stage, isPeek: decision.call.isPeek)
    }

    private func region(of decision: Decision) -> Int {
        guard let name = decision.call.region else { return state.homeRegion }
        return state.policy.regions.firstIndex { $0.name == name } ?? state.homeRegion
    }

    /// The attributes that count: all of a trusted caller's, else those that the principal may state.
    func attributes(_ call: DecisionCall, _ identity: Identity) -> [(name: String, value: String)] {
        var attributes = call.attributes
        if !call.isTrusted, !attributes.isEmpty {
            attributes.removeAll { attribute in !identity.caller.attributes.contains(attribute.name) }
        }
        return call.configuredAttributes.isEmpty ? attributes : attributes + call.configuredAttributes
    }

    /// Counts a decision and hands it to the journal.
    func finish(_ decision: Decision, describe: () -> (method: String, path: String)) {
        counters.count(decision)
        let heading = DecisionHeading(
            id: decision.id, trafficClass: decision.className, outcome: decision.outcome, reason: decision.reason,
            wouldBe: decision.wouldBe)
        plane.journal.record(heading) {
            let (method, path) = describe()
            return decision.record(method: method, path: path)
        }
    }

    /// Takes the newest state, if there is a newer one.
    func refresh() {
        let newest = plane.generation
        guard newest != generation else { return }
        generation = newest
        state = plane.state
    }
}
