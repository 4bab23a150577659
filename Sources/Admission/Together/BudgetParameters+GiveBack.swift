internal import Policy
internal import Vocabulary

extension BudgetReading {
    /// What of the need the lane's own bucket paid.
    var paidByOwn: Int64 { min(own, need) }
}

extension BudgetParameters {
    /// Puts back what a lane took: into its own bucket what came from there, the rest into the pool.
    ///
    /// Exact at the moment of the spend. Later, what a full bucket cannot hold flows on as it would have: from a lane
    /// that lends into the pool, else nowhere.
    func giveBack(
        own: Int64, pool: Int64, lane: Int, words: inout MutableSpan<Int64>, at base: Int, now: Int64,
        envelope: Envelope, lanes: Table<LaneParameters>
    ) {
        settle(&words, at: base, now: now, envelope: envelope, lanes: lanes)
        var rest = pool
        if lane >= 0 {
            let parameters = lanes[laneStart + lane]
            let level = words[base + 2 + lane] + own
            words[base + 2 + lane] = min(level, parameters.capacity)
            if parameters.lends { rest += max(0, level - parameters.capacity) }
        } else {
            rest += own
        }
        words[base + 1] = min(poolCapacity, words[base + 1] + rest)
    }
}

extension MeterParameters {
    /// Puts back units that were taken.
    func giveBack(_ units: Int64, in words: inout MutableSpan<Int64>, at base: Int, now: Int64) {
        words[base] = min(capacity, level(words, at: base, now: now) + units)
        words[base + 1] = max(now, words[base + 1])
    }
}
