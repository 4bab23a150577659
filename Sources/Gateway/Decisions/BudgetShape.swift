internal import Admission
internal import Policy
internal import Vocabulary

/// A budget as one lane finds it, or a bucket: what of it never changes under one policy, flat.
///
/// Turns what the engine read, which counts in the budget's own units, into the cost units that answers show.
struct BudgetShape: Sendable {
    /// Units in one cost unit.
    let unitsPerCost: Int64
    /// Units in the own bucket when it is full.
    let capacity: Int64
    /// Units that flow into the own bucket per nanosecond.
    let inflow: Int64
    /// Whether there is a pool to draw on.
    let borrows: Bool
    /// Units that must stay in the pool.
    let holdback: Int64
    /// Units in the full pool.
    let poolCapacity: Int64
    /// Units that flow into the pool per nanosecond.
    let poolInflow: Int64
    /// Whether this is a plain bucket, of which it can always be said when it is full.
    private let isMeter: Bool

    /// A budget as a lane finds it while a ceiling holds; -1 is whoever has no lane.
    init(_ budget: borrowing Budget, lane: Int, envelope: Envelope = .baseline) {
        let hasLane = lane >= 0
        unitsPerCost = budget.unitsPerCost
        capacity = hasLane ? budget.lanes[lane].capacity : 0
        inflow = hasLane ? budget.lanes[lane].inflow : 0
        borrows = hasLane ? budget.lanes[lane].borrows : true
        holdback = hasLane ? budget.lanes[lane].holdback : 0
        poolCapacity = budget.poolCapacity
        poolInflow = budget.poolInflow[Int(envelope.rawValue)]
        isMeter = false
    }

    /// A plain bucket.
    init(_ meter: Meter) {
        unitsPerCost = meter.unitsPerCost
        capacity = meter.capacity
        inflow = meter.inflow
        borrows = false
        holdback = 0
        poolCapacity = 0
        poolInflow = 0
        isMeter = true
    }

    /// The most that this can give, in cost units.
    var limit: Int64 { (capacity + (borrows ? max(0, poolCapacity - holdback) : 0)) / unitsPerCost }

    /// Units of the pool that there were to draw on.
    func borrowable(_ reading: BudgetReading) -> Int64 { borrows ? max(0, reading.pool - holdback) : 0 }

    /// Cost units that there were before the request.
    func before(_ reading: BudgetReading) -> Int64 { (reading.own + borrowable(reading)) / unitsPerCost }

    /// When this is full again if nobody comes: the own bucket if that is not full, else the pool; `nil` where that
    /// cannot be said.
    func fullAfter(_ reading: BudgetReading, hasSpent: Bool) -> Nanoseconds? {
        let own = max(0, reading.own - (hasSpent ? reading.need : 0))
        if isMeter || inflow > 0 && own < capacity { return time(for: capacity - own, inflow) }
        guard poolInflow > 0, borrows else { return nil }
        let pool = hasSpent ? reading.pool - max(0, reading.need - reading.own) : reading.pool
        return time(for: max(0, poolCapacity - pool), poolInflow)
    }

    /// The quotient rounded up: a budget is not full a moment before it is.
    private func time(for units: Int64, _ inflow: Int64) -> Nanoseconds {
        Nanoseconds((units + inflow - 1) / inflow)
    }
}
