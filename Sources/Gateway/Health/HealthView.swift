internal import Admission
internal import Vocabulary

/// What event loops know about health, as one reference that never changes.
final class HealthView: Sendable {
    /// What counts now.
    let health: Health
    /// For whom only the lowest ceilings hold.
    let held: Set<TenantKey>
    /// Watches whose requests fail; `nil`: the policy does not ask about health.
    let watch: TenantErrorWatch?

    /// Joins the parts.
    init(health: Health, held: Set<TenantKey>, watch: TenantErrorWatch?) {
        self.health = health
        self.held = held
        self.watch = watch
    }

    /// The highest ceiling that may hold for a tenant.
    @inline(__always)
    func envelope(of tenant: TenantKey?) -> Envelope {
        guard health < .stressed else { return .baseline }
        guard let tenant, !held.isEmpty, held.contains(tenant) else { return health.envelope }
        return .baseline
    }
}
