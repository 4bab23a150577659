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
    /// What is lent to shards.
    var lending: Lending
    /// Whether anything may be.
    let isLeasing: Bool

    /// Where the service's words begin.
    static let serviceBase = MeterParameters.wordCount

    /// All budgets full.
    init(blueprint: Blueprint, now: Int64, isLeasing: Bool) {
        self.blueprint = blueprint
        self.isLeasing = isLeasing
        lending = Lending(pairs: (blueprint.counts.regions + 1) * blueprint.counts.tiers)
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
}
