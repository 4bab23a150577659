internal import Policy
internal import Vocabulary

/// The budgets that all tenants share, under one lock: quarantine, regions, service.
struct SharedState {
    /// The blueprint whose layout the words have.
    var blueprint: Blueprint
    /// Quarantine (level, stamp), service (stamp, pool, lanes), then each region likewise.
    var words: [Int64]
    /// The envelope that system health allows now.
    var envelope = Envelope.baseline

    /// Where the service's words begin.
    static let serviceBase = MeterParameters.wordCount

    /// All budgets full.
    init(blueprint: Blueprint, now: Int64) {
        self.blueprint = blueprint
        words = [Int64](repeating: 0, count: SharedState.wordCount(blueprint))
        fill(now: now)
    }

    private static func wordCount(_ blueprint: Blueprint) -> Int {
        var count = serviceBase + BudgetParameters.wordCount(lanes: blueprint.service?.laneCount ?? 0)
        for region in 0..<blueprint.counts.regions {
            count += BudgetParameters.wordCount(lanes: blueprint.region(region).laneCount)
        }
        return count
    }

    private mutating func fill(now: Int64) {
        let blueprint = blueprint
        words[0] = blueprint.quarantine.capacity
        words[1] = now
        var span = words.mutableSpan
        let lanes = blueprint.lanes
        blueprint.service?.fill(&span, at: SharedState.serviceBase, now: now, lanes: lanes)
        for region in 0..<blueprint.counts.regions {
            blueprint.region(region).fill(&span, at: blueprint.regionBase(region), now: now, lanes: lanes)
        }
    }

    /// Looks at quarantine, region and service, notes each, and takes from all of them if everything so far suffices
    /// and the request does not only look.
    ///
    /// - Returns: whether everything suffices.
    /// - Complexity: O(tiers); no allocation.
    mutating func decide(_ request: AdmissionRequest, at now: Int64, into verdict: inout Verdict) -> Bool {
        let blueprint = blueprint
        let envelope = envelope
        var span = words.mutableSpan
        let isQuarantined = request.tier == blueprint.snapshot.quarantineTier
        if isQuarantined {
            let meter = blueprint.quarantine
            let reading = meter.reading(
                .service, .quarantine, index: -1, level: meter.level(span, at: 0, now: now),
                need: units(ofCost: request.cost, unitsPerCost: meter.unitsPerCost))
            verdict.append(reading)
        }
        var region: BudgetLook?
        if request.region >= 0 {
            region = BudgetLook(
                blueprint.region(request.region), base: blueprint.regionBase(request.region), level: .region,
                request: request, now: now, envelope: envelope, blueprint: blueprint, words: span, into: &verdict)
        }
        var service: BudgetLook?
        if let budget = blueprint.service {
            service = BudgetLook(
                budget, base: SharedState.serviceBase, level: .service, request: request, now: now,
                envelope: envelope, blueprint: blueprint, words: span, into: &verdict)
        }
        guard verdict.isSufficient else { return false }
        guard !request.isPeek else { return true }
        if isQuarantined {
            let meter = blueprint.quarantine
            meter.spend(
                units(ofCost: request.cost, unitsPerCost: meter.unitsPerCost), in: &span, at: 0, now: now)
        }
        region?.spend(lane: request.tier, blueprint: blueprint, words: &span)
        service?.spend(lane: request.tier, blueprint: blueprint, words: &span)
        return true
    }
}
