internal import Vocabulary

/// What a lane finds in a budget at one moment, in units of that budget.
struct Standing {
    /// What is in the lane's own bucket.
    var own: Int64
    /// What is in the pool, with all that the lanes have overflowed into it.
    var pool: Int64

    /// How much a request of the lane can take.
    func available(to lane: LaneParameters) -> Int64 {
        own + (lane.borrows ? max(0, pool - lane.holdback) : 0)
    }
}

/// The arithmetic of guarantee, borrow and lend.
///
/// State of one budget: a stamp, the level of the pool, the level of each lane, all as of the stamp. Between two spends
/// nothing is taken, so the levels at any later moment follow from the stamp alone: a lane has grown by its inflow
/// times what elapsed, what exceeds its capacity has overflowed into the pool, and because min(b, min(b, x + a) + c) =
/// min(b, x + a + c), collecting all overflow late gives the same pool as a continuous flow. A look writes nothing;
/// only a spend settles.
extension BudgetParameters {
    /// What lane `lane` (-1: none) finds `elapsed` nanoseconds after the stamp.
    ///
    /// - Complexity: O(lanes), no allocation.
    func standing(
        lane: Int, after elapsed: Int64, envelope: Envelope, lanes: Table<LaneParameters>,
        words: borrowing MutableSpan<Int64>, at base: Int
    ) -> Standing {
        var pool = min(poolCapacity, words[base + 1] + inflowUnits(poolInflow[envelope.index], over: elapsed))
        var own: Int64 = 0
        for index in 0..<laneCount {
            let parameters = lanes[laneStart + index]
            var level = words[base + 2 + index] + inflowUnits(parameters.inflow, over: elapsed)
            if level > parameters.capacity {
                if parameters.lends { pool = min(poolCapacity, pool + (level - parameters.capacity)) }
                level = parameters.capacity
            }
            if index == lane { own = level }
        }
        return Standing(own: own, pool: pool)
    }

    /// Takes `need` units for a lane, its own first, and writes all levels as of `now`.
    ///
    /// - Precondition: `standing` is what `standing(lane:after:…)` says for this `elapsed`, and covers `need`.
    /// - Complexity: O(lanes), no allocation.
    func spend(
        _ need: Int64, lane: Int, standing: Standing, elapsed: Int64, lanes: Table<LaneParameters>,
        words: inout MutableSpan<Int64>, at base: Int
    ) {
        for index in 0..<laneCount {
            let parameters = lanes[laneStart + index]
            let level = words[base + 2 + index] + inflowUnits(parameters.inflow, over: elapsed)
            words[base + 2 + index] = min(level, parameters.capacity)
        }
        let fromOwn = min(standing.own, need)
        if lane >= 0 { words[base + 2 + lane] = standing.own - fromOwn }
        words[base + 1] = standing.pool - (need - fromOwn)
        words[base] += elapsed
    }

    /// Fills a new state: every bucket full, as of `now`.
    func fill(_ words: inout MutableSpan<Int64>, at base: Int, now: Int64, lanes: Table<LaneParameters>) {
        words[base] = now
        words[base + 1] = poolCapacity
        for index in 0..<laneCount { words[base + 2 + index] = lanes[laneStart + index].capacity }
    }
}

extension BudgetParameters {
    /// Writes all levels as of `now` without taking anything.
    func settle(
        _ words: inout MutableSpan<Int64>, at base: Int, now: Int64, envelope: Envelope, lanes: Table<LaneParameters>
    ) {
        let elapsed = max(0, now - words[base])
        let standing = standing(
            lane: -1, after: elapsed, envelope: envelope, lanes: lanes, words: words, at: base)
        spend(0, lane: -1, standing: standing, elapsed: elapsed, lanes: lanes, words: &words, at: base)
    }
}
