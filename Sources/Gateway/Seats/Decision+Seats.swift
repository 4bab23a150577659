internal import Directory
internal import Policy
internal import Vocabulary

extension Decision {
    /// What to ask the gate for.
    ///
    /// In stages milder than enforce it asks for seats that are free now and never waits: work that is not enforced
    /// must not suffer, but what runs should be counted.
    func seatRequest(waitMax: Nanoseconds?) -> SeatRequest {
        SeatRequest(
            policy: policy, tenant: tenantKey, tier: classification.tier, weight: weight, seats: seats,
            waitMax: stage == .enforce ? waitMax : .zero)
    }

    /// The engine's key of the tenant; `nil`: nobody is known.
    var tenantKey: TenantKey? { identity.tenant.map { state.binding.key(ofTenant: $0) } }
    /// How much of its tier's seats the tenant is to have beside others.
    var weight: Int { planIndex < 0 ? 1 : Int(policy.enginePlans[planIndex].weight) }
    /// How many seats the request takes.
    var seats: Int { classification.operation < 0 ? 1 : Int(policy.operations[classification.operation].seats) }
}
