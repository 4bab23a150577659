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
        let moment = clock.now()
        let id = identifiers.next(at: moment.wall)
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

    /// - Returns: `false` when another policy was applied meanwhile, and everything has to be looked at again.
    private func decide(_ decision: inout Decision) -> Bool {
        let classification = decision.classification
        decision.stage = decision.policy.classes[classification.trafficClass].stage(at: decision.moment.wall)
        decision.region = region(of: decision)
        if let refusal = decision.identity.refusal ?? classification.refusal {
            decision.refuse(refusal)
            return true
        }
        let tenant = decision.identity.tenant.map { state.binding.tenants[$0] }
        guard decision.region < 0 || tenant?.allows(region: decision.region) ?? true else {
            decision.refuse(.regionNotAllowed)
            return true
        }
        let request = AdmissionRequest(
            tenant: tenant?.key, plan: tenant?.plan ?? -1, operation: classification.operation,
            trafficClass: classification.trafficClass, tier: classification.tier, region: decision.region,
            cost: max(1, decision.call.cost ?? classification.cost), bytes: max(0, decision.call.bytes),
            stage: decision.stage)
        guard
            plane.engine.decide(
                request, with: state.blueprint, at: decision.moment, into: &decision.verdict)
        else { return false }
        decision.conclude()
        return true
    }

    private func region(of decision: Decision) -> Int {
        guard let name = decision.call.region else { return state.homeRegion }
        return state.policy.regions.firstIndex { $0.name == name } ?? state.homeRegion
    }

    /// The attributes that count: all of a trusted caller's, else those that the principal may state.
    private func attributes(_ call: DecisionCall, _ identity: Identity) -> [(name: String, value: String)] {
        guard !call.isTrusted, !call.attributes.isEmpty else { return call.attributes }
        return call.attributes.filter { identity.caller.attributes.contains($0.name) }
    }

    private func finish(_ decision: Decision, describe: () -> (method: String, path: String)) {
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
