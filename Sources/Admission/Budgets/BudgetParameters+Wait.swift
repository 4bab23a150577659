internal import Vocabulary

/// When a refused request would be admitted, if nobody else came in between.
///
/// What a lane finds grows with time and is linear between a few breakpoints: a lane (its own or a sibling's) becomes
/// full and starts to overflow, the pool passes the holdback, the pool becomes full. So the earliest moment is found by
/// walking from breakpoint to breakpoint. Breakpoints are rounded up to whole nanoseconds; up to one nanosecond before,
/// growth is exactly linear, and at the breakpoint itself the standing is computed afresh, so the result is exact.
extension BudgetParameters {
    /// Nanoseconds from `elapsed`, at which lane `lane` finds `standing`, until it finds `need` units; `nil` if it
    /// never does.
    ///
    /// - Complexity: O(lanes²) in the worst case, O(lanes) typically; no allocation.
    func wait(
        for need: Int64, lane: Int, standing found: Standing, from elapsed: Int64, envelope: Envelope,
        lanes: Table<LaneParameters>,
        words: borrowing MutableSpan<Int64>, at base: Int
    ) -> Int64? {
        let own = lane >= 0 ? lanes[laneStart + lane] : .none
        guard need <= own.reachable(poolCapacity: poolCapacity) else { return nil }
        guard own.borrows else {
            // Only its own bucket counts, and that grows evenly until it is full.
            return found.own >= need ? 0 : own.inflow > 0 ? quotientRoundedUp(need - found.own, own.inflow) : nil
        }
        var time = elapsed
        var standing = found
        for step in 0..<(laneCount + 4) {
            if step > 0 {
                standing = self.standing(
                    lane: lane, after: time, envelope: envelope, lanes: lanes, words: words, at: base)
            }
            let found = standing.available(to: own)
            if found >= need { return time - elapsed }
            let growth = growth(
                of: standing, lane: own, after: time, envelope: envelope, lanes: lanes, words: words, at: base)
            guard growth.slope > 0 else {
                guard let next = growth.nextBreakpoint else { return nil }
                time = saturatingSum(time, next)
                continue
            }
            let direct = quotientRoundedUp(need - found, growth.slope)
            guard let next = growth.nextBreakpoint, direct >= next else { return saturatingSum(time, direct) - elapsed }
            time = saturatingSum(time, next)
        }
        return nil
    }

    /// How fast what a lane finds grows, and for how long it grows like that.
    private struct Growth {
        /// Units per nanosecond.
        var slope: Int64
        /// Nanoseconds until the next breakpoint, rounded up; `nil`: growth stays as it is.
        var nextBreakpoint: Int64?

        mutating func noteBreakpoint(distance: Int64, speed: Int64) {
            guard speed > 0, distance > 0 else { return }
            let time = quotientRoundedUp(distance, speed)
            nextBreakpoint = min(nextBreakpoint ?? time, time)
        }
    }

    private func growth(
        of standing: Standing, lane own: LaneParameters, after time: Int64, envelope: Envelope,
        lanes: Table<LaneParameters>, words: borrowing MutableSpan<Int64>, at base: Int
    ) -> Growth {
        var growth = Growth(slope: 0, nextBreakpoint: nil)
        var poolSpeed = poolInflow[envelope.index]
        for index in 0..<laneCount {
            let parameters = lanes[laneStart + index]
            let level = words[base + 2 + index] + inflowUnits(parameters.inflow, over: time)
            if level >= parameters.capacity {
                if parameters.lends { poolSpeed += parameters.inflow }
            } else {
                growth.noteBreakpoint(distance: parameters.capacity - level, speed: parameters.inflow)
            }
        }
        if standing.own < own.capacity { growth.slope += own.inflow }
        if own.borrows {
            if standing.pool < own.holdback {
                growth.noteBreakpoint(distance: own.holdback - standing.pool, speed: poolSpeed)
            } else if standing.pool < poolCapacity {
                growth.slope += poolSpeed
                growth.noteBreakpoint(distance: poolCapacity - standing.pool, speed: poolSpeed)
            }
        }
        return growth
    }
}

/// A sum of two times that stays the largest time instead of overflowing.
private func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}
