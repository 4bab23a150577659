internal import Crypto
internal import Vocabulary

/// All that a policy means, after defaults, and the digest of it.
///
/// The version of a policy is the SHA-256 digest of a canonical encoding of its meaning. What only people read
/// (formatting, comments, descriptions, the order of keys) and what does not govern requests (tests) is not in it.
/// References are encoded as names, so that an index that shifts changes nothing.
struct PolicyMeaning {
    /// The policy's name.
    var name: String
    /// Who answers for it.
    var owner: String
    /// The tiers, `quarantine` included.
    var tiers: [Tier]
    /// The classes, sorted by name.
    var classes: [TrafficClass]
    /// The operations, sorted by name.
    var operations: [Operation]
    /// The plans, sorted by name.
    var plans: [Plan]
    /// The regions, sorted by name.
    var regions: [Region]
    /// The service's budget.
    var service: Budget?
    /// How many requests run and wait.
    var seats: Seats
    /// The treatment of the unknown.
    var unknown: UnknownTreatment
    /// The treatment of repeats.
    var repeats: RepeatTreatment
    /// The class of requests for which nothing else names one.
    var defaultClass: Int
    /// The order in which classes graduate.
    var stageOrder: [Int]
    /// The patterns of each operation.
    var patterns: [[OperationPattern]]
    /// What descriptors mean, sorted by domain.
    var domains: [DescriptorDomain]
    /// The names of the attributes that keys of descriptors mean.
    var descriptorAttributes: [String]
    /// What is done about abuse, if the policy says so.
    var abuse: AbusePolicy?
    /// What is known of the health of the system behind, if the policy asks.
    var health: HealthPolicy?
    /// How far tenants may be let deviate from their plans.
    var bounds: GrantBounds

    /// Freezes the policy.
    func snapshot(matcher: OperationMatcher) -> Snapshot {
        Snapshot(
            version: version, name: name, owner: owner, tiers: tiers, classes: classes, operations: operations,
            plans: plans, regions: regions, service: service, seats: seats, unknown: unknown, repeats: repeats,
            defaultClass: defaultClass, stageOrder: stageOrder, matcher: matcher, domains: domains,
            descriptorAttributes: descriptorAttributes, abuse: abuse, health: health, bounds: bounds)
    }

    /// The digest of the meaning.
    var version: PolicyVersion {
        var encoding = CanonicalEncoding()
        encoding.text("headgate policy 1")
        encoding.text(name)
        encoding.text(owner)
        encoding.list(tiers) { $0.tier($1) }
        encoding.list(classes) { encode($1, into: &$0) }
        encoding.list(Array(zip(operations, patterns))) { encode($1.0, $1.1, into: &$0) }
        encoding.list(plans) { encode($1, into: &$0) }
        encoding.list(regions) { encoding, region in
            encoding.text(region.name)
            encoding.budget(region.budget)
        }
        encoding.optional(service) { $0.budget($1) }
        encoding.number(unknown.credential.rawValue)
        encoding.number(unknown.operation.rawValue)
        encoding.number(unknown.cost)
        encoding.meter(unknown.quarantine)
        encoding.text(classes[defaultClass].name)
        encoding.list(stageOrder) { $0.text(classes[$1].name) }
        encoding.descriptors(domains, attributes: descriptorAttributes)
        // Policies that do not mention repeats keep the versions that they had before there was anything to say.
        if repeats != RepeatTreatment() { encoding.repeats(repeats) }
        encodeNearMisses(into: &encoding)
        encodeSeats(into: &encoding)
        if let abuse { encoding.abuse(abuse, tiers: tiers, classes: classes) }
        if let health { encoding.health(health) }
        encodeCalendars(into: &encoding)
        if bounds != GrantBounds() { encoding.bounds(bounds) }
        return PolicyVersion(digest: SHA256.hash(data: encoding.bytes))
    }

    /// Near misses, where they are not the standard: policies that do not state them keep the version they had before
    /// there were any.
    private func encodeNearMisses(into encoding: inout CanonicalEncoding) {
        let ofTiers = tiers.map { ($0.name, $0.nearMissBasisPoints) }.filter { $0.1 != Tier.nearMissStandard }
        let ofClasses = classes.map { ($0.name, $0.nearMissBasisPoints) }.filter { $0.1 != Tier.nearMissStandard }
        guard !ofTiers.isEmpty || !ofClasses.isEmpty else { return }
        encoding.text("near misses")
        for shares in [ofTiers, ofClasses] {
            encoding.list(shares) { encoding, share in
                encoding.text(share.0)
                encoding.number(share.1)
            }
        }
    }

    private func encode(_ trafficClass: TrafficClass, into encoding: inout CanonicalEncoding) {
        encoding.text(trafficClass.name)
        encoding.text(tiers[trafficClass.tier].name)
        encoding.text(trafficClass.consequence.name)
        encoding.text(trafficClass.owner)
        encoding.number(trafficClass.isolated ? 1 : 0)
        encoding.number(trafficClass.governed ? 1 : 0)
        encoding.number(trafficClass.advertisesBackoff ? 1 : 0)
        encoding.set(trafficClass.mustNotCompete) { $0.text(classes[$1].name) }
        encoding.optional(trafficClass.onLimit) { encoding, onLimit in
            encoding.optional(onLimit.reschedule) { $0.number($1.count) }
            encoding.optional(onLimit.escalateAfter) { $0.number($1.count) }
            encoding.optional(onLimit.fallback) { $0.text($1) }
        }
        encoding.text(trafficClass.stage.name)
        encoding.set(trafficClass.blackouts) { encoding, blackout in
            encoding.number(blackout.startMinute)
            encoding.number(blackout.endMinute)
            encoding.text(blackout.stage.name)
        }
    }

    private func encode(
        _ operation: Operation, _ patterns: [OperationPattern], into encoding: inout CanonicalEncoding
    ) {
        encoding.text(operation.name)
        encoding.set(patterns) { $0.pattern($1) }
        encoding.number(operation.cost)
        encoding.optional(operation.tier) { $0.text(tiers[$1].name) }
        encoding.optional(operation.trafficClass) { $0.text(classes[$1].name) }
        encoding.optional(operation.feature) { $0.text($1) }
        encoding.number(operation.idempotency.rawValue)
        encoding.list(operation.rules) { encoding, rule in
            encoding.list(rule.conditions) { encoding, condition in
                encoding.text(condition.attribute)
                encoding.list(condition.values) { $0.text($1) }
            }
            encoding.optional(rule.tier) { $0.text(tiers[$1].name) }
            encoding.optional(rule.trafficClass) { $0.text(classes[$1].name) }
            encoding.optional(rule.cost) { $0.number($1) }
        }
    }

    private func encode(_ plan: Plan, into encoding: inout CanonicalEncoding) {
        encoding.text(plan.name)
        encoding.budget(plan.tenant)
        encoding.list(plan.classOfLane) { $0.text(classes[$1].name) }
        let budgeted = operations.indices.filter { plan.meterOfOperation[$0] >= 0 }
        encoding.list(budgeted) { encoding, index in
            encoding.text(operations[index].name)
            encoding.meter(plan.operationMeters[plan.meterOfOperation[index]])
        }
        encoding.list(plan.quotas) { encoding, quota in
            encoding.text(quota.unit.name)
            encoding.text(quota.period.name)
            encoding.number(quota.amount)
        }
        encoding.list(plan.features) { $0.text($1) }
    }
}

extension CanonicalEncoding {
    fileprivate mutating func tier(_ tier: Tier) {
        text(tier.name)
        number(tier.reserveBasisPoints)
        number(tier.holdbackBasisPoints)
        optional(tier.concurrencyBasisPoints) { $0.number($1) }
        optional(tier.queue) { encoding, queue in
            encoding.number(queue.depthMax)
            encoding.number(queue.waitMax.count)
        }
        list(tier.latency) { encoding, target in
            encoding.number(target.permille)
            encoding.number(target.below.count)
        }
    }

    fileprivate mutating func repeats(_ repeats: RepeatTreatment) {
        number(repeats.window.count)
        number(repeats.entriesPerTenantMax)
        number(repeats.bytesPerTenantMax)
        number(repeats.bodyBytesMax)
        number(repeats.freeRepeatsMax)
        text(repeats.concurrent.name)
        text(repeats.interrupted.name)
        text(repeats.stored.name)
    }

    fileprivate mutating func rate(_ rate: Rate) {
        number(rate.amount)
        number(rate.period.count)
    }

    fileprivate mutating func meter(_ meter: Meter) {
        rate(meter.rate)
        number(meter.burst)
    }

    fileprivate mutating func budget(_ budget: Budget) {
        list(budget.rates) { $0.rate($1) }
        number(budget.burst)
        list(budget.lanes) { encoding, lane in
            encoding.optional(lane.guarantee) { $0.rate($1) }
            encoding.number(lane.guaranteeBurst)
            encoding.number(lane.lends ? 1 : 0)
            encoding.number(lane.borrows ? 1 : 0)
            encoding.number(lane.holdback)
            encoding.optional(lane.ceiling) { $0.meter($1) }
        }
    }

    /// A pattern without the names of its parameters, which match anything whatever they are called.
    fileprivate mutating func pattern(_ pattern: OperationPattern) {
        optional(pattern.method) { $0.text($1) }
        list(pattern.segments) { encoding, segment in
            switch segment {
            case .literal(let text):
                encoding.text("literal")
                encoding.text(text)
            case .parameter: encoding.text("parameter")
            case .rest: encoding.text("rest")
            }
        }
    }
}
