internal import Admission
internal import Directory
internal import Policy
internal import Vocabulary

extension Decider {
    /// Counts the bytes of the bodies of a request that was passed on, and of its answer, and charges them to quotas.
    ///
    /// - Parameters:
    ///   - bytesIn: bytes of the request's body.
    ///   - bytesOut: bytes of the answer's.
    ///   - decision: the decision on the request, which was admitted.
    func noteBytes(in bytesIn: Int, out bytesOut: Int, of decision: Decision) {
        consumption?.count(bytesIn: bytesIn, bytesOut: bytesOut, of: decision)
        guard decision.hasSpent, let tenant = decision.identity.tenant, decision.planIndex >= 0,
            decision.policy.enginePlans[decision.planIndex].quotas.contains(where: { $0.unit == .bytes })
        else { return }
        let (moment, _) = begin()
        plane.engine.chargeBytes(
            Int64(bytesIn) + Int64(bytesOut) - decision.call.bytes, to: decision.state.binding.tenants[tenant].key,
            at: moment)
    }
}
