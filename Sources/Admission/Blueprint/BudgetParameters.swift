internal import Policy
internal import Vocabulary

/// What the arithmetic of one budget with lanes needs, flat and trivially copyable; from `Policy.Budget`.
struct BudgetParameters {
    /// Units in one cost unit.
    var unitsPerCost: Int64
    /// Units that flow into the pool per nanosecond, by envelope.
    var poolInflow: InlineArray<3, Int64>
    /// Units in the full pool.
    var poolCapacity: Int64
    /// Where this budget's lanes begin in the blueprint's table of lanes.
    var laneStart: Int
    /// How many lanes the budget has.
    var laneCount: Int
    /// The most units that any lane must leave in the pool.
    var holdbackMax: Int64

    /// Words of state a budget with this many lanes needs: stamp, pool, and one level per lane.
    static func wordCount(lanes: Int) -> Int { 2 + lanes }

    /// Flattens a compiled budget whose lanes will stand at `laneStart`.
    init(_ budget: Budget, laneStart: Int) {
        unitsPerCost = budget.unitsPerCost
        poolInflow = [budget.poolInflow[0], budget.poolInflow[1], budget.poolInflow[2]]
        poolCapacity = budget.poolCapacity
        self.laneStart = laneStart
        laneCount = budget.lanes.count
        holdbackMax = budget.lanes.map(\.holdback).max() ?? 0
    }
}

/// What the arithmetic needs of one lane.
struct LaneParameters {
    /// Units that flow in per nanosecond.
    var inflow: Int64
    /// Units in the full bucket.
    var capacity: Int64
    /// Units the lane must leave in the pool.
    var holdback: Int64
    /// The lane's ceiling in its plan's table of ceilings; -1: none.
    var ceiling: Int
    /// Whether overflow goes to the pool.
    var lends: Bool
    /// Whether the lane may draw on the pool.
    var borrows: Bool

    /// A request without a lane: it owns nothing, borrows from the pool and has no ceiling.
    static let none = LaneParameters(
        inflow: 0, capacity: 0, holdback: 0, ceiling: -1, lends: false, borrows: true)

    /// The most units one request can ever find.
    func reachable(poolCapacity: Int64) -> Int64 {
        capacity + (borrows ? max(0, poolCapacity - holdback) : 0)
    }
}

/// What the arithmetic of one plain bucket needs; from `Policy.Meter`.
struct MeterParameters {
    /// Units in one cost unit.
    var unitsPerCost: Int64
    /// Units that flow in per nanosecond.
    var inflow: Int64
    /// Units in the full bucket.
    var capacity: Int64

    /// Words of state: level and stamp.
    static let wordCount = 2

    /// Flattens a compiled meter.
    init(_ meter: Meter) {
        unitsPerCost = meter.unitsPerCost
        inflow = meter.inflow
        capacity = meter.capacity
    }
}
