internal import Policy
internal import Vocabulary

/// Units of one budget expressed in units of another, rounded down: nothing grows on the way.
///
/// No bucket holds more than `Meter.capacityMax`, so the result stops there and two of them can be added.
func rescaled(_ units: Int64, from older: Int64, to newer: Int64) -> Int64 {
    let product = UInt128(units.magnitude) * UInt128(newer.magnitude) / UInt128(older.magnitude)
    return Int64(min(product, UInt128(Meter.capacityMax.magnitude)))
}

/// What a budget with lanes holds at one moment, by the lanes' names, on its way from one layout to another.
///
/// What is there is carried over and capped, never refilled: the sum of all buckets does not grow by a change of rates,
/// bursts, lanes or plan, so an edit is not a free burst. What a lane can no longer hold, or held before it went,
/// goes to the pool; what the pool can no longer hold goes to lanes that are new, which for the rest start empty.
struct CarriedBudget {
    /// Units in one cost unit, in which the levels are given.
    let unitsPerCost: Int64
    /// What the pool holds.
    let pool: Int64
    /// What each lane's own bucket holds.
    let levels: [(name: String, level: Int64)]

    /// States what a budget holds.
    init(unitsPerCost: Int64, pool: Int64, levels: [(name: String, level: Int64)]) {
        self.unitsPerCost = unitsPerCost
        self.pool = pool
        self.levels = levels
    }

    /// Reads a budget as of `now`; `names` are those of its lanes, in their order.
    init(
        _ budget: BudgetParameters, lanes: Table<LaneParameters>, names: [String], envelope: Envelope,
        words: borrowing MutableSpan<Int64>, at base: Int, now: Int64
    ) {
        let elapsed = max(0, now - words[base])
        unitsPerCost = budget.unitsPerCost
        pool =
            budget.standing(
                lane: -1, after: elapsed, envelope: envelope, lanes: lanes, words: words, at: base
            ).pool
        var levels: [(name: String, level: Int64)] = []
        for lane in 0..<budget.laneCount {
            let standing = budget.standing(
                lane: lane, after: elapsed, envelope: envelope, lanes: lanes, words: words, at: base)
            levels.append((names[lane], standing.own))
        }
        self.levels = levels
    }

    /// Writes what was carried into a budget; `names` are those of its lanes, in their order.
    func pour(
        into budget: BudgetParameters, lanes: Table<LaneParameters>, names: [String], words: inout MutableSpan<Int64>,
        at base: Int, now: Int64
    ) {
        var rest = rescaled(pool, from: unitsPerCost, to: budget.unitsPerCost)
        var newcomers: [Int] = []
        for (lane, name) in names.enumerated() {
            guard let before = levels.first(where: { $0.name == name }) else {
                newcomers.append(lane)
                continue
            }
            let level = rescaled(before.level, from: unitsPerCost, to: budget.unitsPerCost)
            let kept = min(level, lanes[budget.laneStart + lane].capacity)
            words[base + 2 + lane] = kept
            rest = min(rest + level - kept, Meter.capacityMax)
        }
        for gone in levels where !names.contains(gone.name) {
            rest = min(
                rest + rescaled(gone.level, from: unitsPerCost, to: budget.unitsPerCost), Meter.capacityMax)
        }
        for lane in newcomers {
            let given = min(lanes[budget.laneStart + lane].capacity, max(0, rest - budget.poolCapacity))
            words[base + 2 + lane] = given
            rest -= given
        }
        words[base + 1] = min(rest, budget.poolCapacity)
        words[base] = now
    }
}
