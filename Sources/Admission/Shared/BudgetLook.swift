internal import Vocabulary

/// A look at one budget whose lanes are tiers, kept for the spend that may follow.
struct BudgetLook {
    private let budget: BudgetParameters
    private let base: Int
    /// What the request needs.
    let need: Int64
    private let elapsed: Int64
    /// What its lane finds.
    let standing: Standing

    /// Looks, and notes what was found.
    init(
        _ budget: BudgetParameters, base: Int, level: BudgetLevel, request: AdmissionRequest, now: Int64,
        envelope: Envelope, blueprint: Blueprint, words: borrowing MutableSpan<Int64>, into verdict: inout Verdict
    ) {
        let lanes = blueprint.lanes
        let lane = lanes[budget.laneStart + request.tier]
        self.budget = budget
        self.base = base
        need = units(ofCost: request.cost, unitsPerCost: budget.unitsPerCost)
        elapsed = max(0, now - words[base])
        standing = budget.standing(
            lane: request.tier, after: elapsed, envelope: envelope, lanes: lanes, words: words, at: base)
        var reading = BudgetReading()
        reading.level = level
        reading.index = request.tier
        reading.own = standing.own
        reading.pool = standing.pool
        reading.need = need
        reading.unitsPerCost = budget.unitsPerCost
        if standing.available(to: lane) < need {
            reading.wait =
                budget.wait(
                    for: need, lane: request.tier, standing: standing, from: elapsed, envelope: envelope, lanes: lanes,
                    words: words,
                    at: base) ?? -1
        }
        verdict.append(reading)
    }

    /// Takes what the look found sufficient.
    func spend(lane: Int, blueprint: Blueprint, words: inout MutableSpan<Int64>) {
        let lanes = blueprint.lanes
        budget.spend(
            need, lane: lane, standing: standing, elapsed: elapsed, lanes: lanes, words: &words, at: base)
    }
}
