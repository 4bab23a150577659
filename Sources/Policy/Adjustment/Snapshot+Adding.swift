extension Snapshot {
    /// The policy with plans beside its own: those of tenants that deviate from theirs.
    ///
    /// It has the same version, since the policy says the same; who deviates, the ledger says. The policy's own plans
    /// keep their indices.
    ///
    /// - Complexity: O(plans × features), and that of preparing descriptors anew.
    package func adding(_ plans: [Plan]) -> Snapshot {
        guard !plans.isEmpty else { return self }
        return Snapshot(
            version: version, name: name, owner: owner, tiers: tiers, classes: classes, operations: operations,
            plans: self.plans + plans, regions: regions, service: service, seats: seats, unknown: unknown,
            repeats: repeats, defaultClass: defaultClass, stageOrder: stageOrder, matcher: matcher, domains: domains,
            descriptorAttributes: descriptorAttributes, abuse: abuse, health: health, bounds: bounds)
    }
}
