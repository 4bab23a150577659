package import Vocabulary

/// What the engine needs to know of one request: integers only; names died at the edge.
package struct AdmissionRequest {
    /// The tenant; `nil`: nobody is known, only quarantine, region and service are asked.
    package var tenant: TenantKey?
    /// The tenant's plan, an index into the snapshot's plans.
    package var plan: Int
    /// The operation, an index into the snapshot's operations; -1: unknown.
    package var operation: Int
    /// The class, an index into the snapshot's classes.
    package var trafficClass: Int
    /// The tier, an index into the snapshot's tiers; -1: no budget that tenants share is asked, only the tenant's own.
    package var tier: Int
    /// The region, an index into the snapshot's regions; -1: none.
    package var region: Int
    /// Cost units; at least 1, or 0 for a look.
    package var cost: Int64
    /// Bytes, where a quota counts them.
    package var bytes: Int64
    /// The highest envelope that the system's health and a low error rate of its own allow the tenant now.
    package var envelope: Envelope
    /// How the snapshot is applied to the class now.
    package var stage: Stage
    /// Whether the request only looks: it is told what a decision would say, and nothing is written.
    package var isPeek: Bool

    /// States a request.
    ///
    /// - Precondition: `cost` is at least 1 (a look's: at least 0) and `bytes` is not negative; indices lie inside
    ///   their tables.
    package init(
        tenant: TenantKey?, plan: Int, operation: Int, trafficClass: Int, tier: Int, region: Int = -1,
        cost: Int64 = 1, bytes: Int64 = 0, envelope: Envelope = .baseline, stage: Stage = .enforce,
        isPeek: Bool = false
    ) {
        precondition(
            cost >= (isPeek ? 0 : 1) && bytes >= 0, "a request costs at least 1 (cost \(cost), bytes \(bytes))")
        self.tenant = tenant
        self.plan = plan
        self.operation = operation
        self.trafficClass = trafficClass
        self.tier = tier
        self.region = region
        self.cost = cost
        self.bytes = bytes
        self.envelope = envelope
        self.stage = stage
        self.isPeek = isPeek
    }
}
