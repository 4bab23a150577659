internal import Admission
internal import Vocabulary

/// Health, where decisions are made.
extension Decider {
    /// The highest ceiling that may hold for the tenant of a decision, and for what tenants share.
    @inline(__always)
    func envelope(of key: TenantKey?, for decision: Decision) -> Envelope {
        let envelope = health.envelope(of: key)
        decision.envelope = envelope
        decision.sharedEnvelope = health.health.envelope
        return envelope
    }

    /// A request that was let through has ended; counts for its tenant unless the API itself was at fault.
    func noteEnd(_ outcome: UpstreamOutcome, of decision: Decision) {
        guard outcome != .failed, !decision.isOfLimit, let key = decision.tenantKey else { return }
        noteEnd(isFailure: outcome == .faulted, of: key)
    }

    /// A request of a tenant has ended.
    func noteEnd(isFailure: Bool, of tenant: TenantKey) {
        refresh()
        guard let watch = health.watch else { return }
        if plane.health.note(isFailure, of: tenant, by: watch, at: Clock.monotonic()) { plane.healthChanged() }
    }
}
