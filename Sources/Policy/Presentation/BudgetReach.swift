internal import Vocabulary

/// What a lane of a budget gets for good: the least it is sure of and the most it can ever have.
///
/// Derivation. The least is what is left when everybody else takes all they can: its guarantee. The most is what there
/// is when nobody else comes: its guarantee, the pool's own inflow, and what the idle lanes that lend overflow into
/// the pool (design §4.1). A ceiling caps both. A lane that may not borrow, or that must leave the whole pool to
/// others, has its guarantee and no more. All of it holds in the envelope `baseline`.
struct BudgetReach {
    /// The budget.
    let budget: Budget

    /// The pace at which everything together is admitted.
    var ceiling: Pace { Pace(budget.rates[0]) }

    /// The pace at which the pool fills by itself.
    var pool: Pace { Pace(inflow: budget.poolInflow[0], unitsPerCost: budget.unitsPerCost) }

    /// How many cost units the full pool holds.
    var poolBurst: Int64 { budget.poolCapacity / budget.unitsPerCost }

    /// What a lane is sure of; -1: no lane.
    func least(lane index: Int) -> Pace {
        guard budget.lanes.indices.contains(index) else { return .zero }
        return capped(Pace(inflow: budget.lanes[index].inflow, unitsPerCost: budget.unitsPerCost), lane: index)
    }

    /// The most a lane can have; -1: no lane.
    func most(lane index: Int) -> Pace {
        let own = budget.lanes.indices.contains(index) ? budget.lanes[index] : nil
        var inflow = own?.inflow ?? 0
        let canBorrow = own.map { $0.borrows && $0.holdback < budget.poolCapacity } ?? (budget.poolCapacity > 0)
        if canBorrow {
            inflow += budget.poolInflow[0]
            for (other, lane) in budget.lanes.enumerated() where other != index && lane.lends { inflow += lane.inflow }
        }
        return capped(Pace(inflow: inflow, unitsPerCost: budget.unitsPerCost), lane: index)
    }

    private func capped(_ pace: Pace, lane index: Int) -> Pace {
        guard budget.lanes.indices.contains(index), let ceiling = budget.lanes[index].ceiling else { return pace }
        return min(pace, Pace(ceiling.rate))
    }
}
