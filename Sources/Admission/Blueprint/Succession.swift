internal import Policy

/// Where tenants go when one blueprint follows another.
struct Succession: Sendable {
    /// The generation of the blueprint that is followed.
    let generation: UInt64
    private let steps: [Step]

    /// What becomes of the tenants of one plan.
    struct Step: Sendable {
        /// The plan of the same name; else the one that it deviated from; the first one if there is none.
        var plan: Int
        /// Whether layout, numbers and names are the same, so that the words can stay as they are.
        var isSame: Bool
    }

    /// Compares two snapshots.
    ///
    /// - Complexity: O(plans × (classes + operations)).
    init(from older: Snapshot, generation: UInt64, to newer: Snapshot) {
        self.generation = generation
        let plans = newer.plansOfEngine
        let indices = Dictionary(plans.indices.map { (plans[$0].name, $0) }) { first, _ in first }
        let hasSameNames =
            older.classes.map(\.name) == newer.classes.map(\.name)
            && older.operations.map(\.name) == newer.operations.map(\.name)
        steps = older.plansOfEngine.map { plan in
            let index = indices[plan.name] ?? indices[plan.base] ?? 0
            return Step(plan: index, isSame: hasSameNames && plans[index].hasSameBudgets(as: plan))
        }
    }

    /// What becomes of the tenants of a plan.
    subscript(plan: Int) -> Step { steps[plan] }
}

extension Plan {
    /// Whether another plan limits the same in the same layout.
    fileprivate func hasSameBudgets(as other: Plan) -> Bool {
        tenant == other.tenant && laneOfClass == other.laneOfClass && operationMeters == other.operationMeters
            && meterOfOperation == other.meterOfOperation && quotas == other.quotas && zone == other.zone
    }
}
