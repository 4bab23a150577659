package import Vocabulary

/// A policy compiled to an immutable, flat form: arrays and integer indices, read without locks.
///
/// Data plane and engine hold one reference and swap it whole; a request uses one snapshot from start to end. Names are
/// kept for answers and records only.
package final class Snapshot: Sendable {
    /// The digest of what the policy means; formatting and key order do not change it.
    package let version: PolicyVersion
    /// The policy's name.
    package let name: String
    /// Who answers for the policy.
    package let owner: String
    /// The tiers in protection order: 0 is protected longest, the last one is the built-in `quarantine`.
    package let tiers: [Tier]
    /// The traffic classes, sorted by name.
    package let classes: [TrafficClass]
    /// The operations, sorted by name.
    package let operations: [Operation]
    /// The plans, sorted by name.
    package let plans: [Plan]
    /// The regions, sorted by name.
    package let regions: [Region]
    /// The service's budget, whose lanes are the tiers, quarantine included; `nil`: the service is not limited.
    package let service: Budget?
    /// How many requests run and wait where Headgate holds them.
    package let seats: Seats
    /// What happens to requests that the policy does not know.
    package let unknown: UnknownTreatment
    /// What happens to requests that repeat an idempotency key.
    package let repeats: RepeatTreatment
    /// The class of a request for which neither claim, operation nor principal names one; an index into `classes`.
    package let defaultClass: Int
    /// The order in which classes graduate to stricter stages, indices into `classes`; classes that are not in it may
    /// graduate at any time.
    package let stageOrder: [Int]
    /// Finds the operation of a method and a path.
    package let matcher: OperationMatcher
    /// What the descriptors of Envoy's rate limit protocol mean.
    package let descriptors: DescriptorIndex
    /// How far tenants may be let deviate from their plans.
    package let bounds: GrantBounds
    /// The domains of Envoy's rate limit protocol, as compiled.
    let domains: [DescriptorDomain]
    /// The attributes that descriptors name.
    let descriptorAttributes: [String]
    /// What is done about traffic that looks like abuse; `nil`: the policy has no rules about it.
    package let abuse: AbusePolicy?
    /// What is known of the health of the system behind; `nil`: the policy does not ask, and the lowest ceilings hold.
    package let health: HealthPolicy?
    /// The plans of descriptors' limits, which only the engine sees: their tenants are counters.
    ///
    /// Their names begin with `/`, are unique, and follow from the domain and the place of the limit in it.
    package let limitPlans: [Plan]
    /// All plans that the engine keeps state for: those that tenants have, then those of descriptors' limits.
    package let enginePlans: [Plan]
    /// What classification looks up by name or by plan.
    let classificationIndex: ClassificationIndex

    /// Freezes the parts.
    ///
    /// - Precondition: the indices they hold lie inside the arrays given here.
    package init(
        version: PolicyVersion, name: String, owner: String, tiers: [Tier], classes: [TrafficClass],
        operations: [Operation], plans: [Plan], regions: [Region], service: Budget?, seats: Seats = Seats(),
        unknown: UnknownTreatment, repeats: RepeatTreatment = RepeatTreatment(), defaultClass: Int,
        stageOrder: [Int] = [], matcher: OperationMatcher, domains: [DescriptorDomain] = [],
        descriptorAttributes: [String] = [], abuse: AbusePolicy? = nil, health: HealthPolicy? = nil,
        bounds: GrantBounds = GrantBounds()
    ) {
        self.version = version
        self.name = name
        self.owner = owner
        self.tiers = tiers
        self.classes = classes
        self.operations = operations
        self.plans = plans
        self.regions = regions
        self.service = service
        self.seats = seats
        self.unknown = unknown
        self.repeats = repeats
        self.defaultClass = defaultClass
        self.stageOrder = stageOrder
        self.matcher = matcher
        self.abuse = abuse
        self.health = health
        self.bounds = bounds
        self.domains = domains
        self.descriptorAttributes = descriptorAttributes
        var freeze = DescriptorFreeze(domains, attributes: descriptorAttributes, planBase: plans.count)
        descriptors = freeze.run()
        limitPlans = freeze.plans
        enginePlans = plans + freeze.plans
        classificationIndex = ClassificationIndex(
            classes: classes, operations: operations, plans: plans, unknown: unknown)
    }

    /// The index of the built-in tier for the unknown and the abusive.
    package var quarantineTier: Int { tiers.count - 1 }
}
