extension Compilation {
    /// Warns of callers' own classes in which a call costs more than there can ever be.
    ///
    /// Only where the operation leaves the class to the caller, only in plans that have the feature it needs, and only
    /// for classes that are open to everybody: who lists a governed one is chosen for its work.
    mutating func checkClassCosts(_ check: CostCheck) {
        for (index, trafficClass) in check.classes.enumerated() where index != check.defaultClass {
            guard let trafficClass, !trafficClass.governed else { continue }
            let budgets = check.smallestBudgets(of: index).sorted { $0.smallest.holds < $1.smallest.holds }
            for (number, operation) in check.operations.enumerated() {
                guard let operation, operation.trafficClass == nil else { continue }
                let obstacle = budgets.first { budget in
                    guard budget.smallest.holds < operation.cost, let feature = operation.feature else { return true }
                    return budget.plan.features.contains(feature)
                }
                guard let obstacle = obstacle?.smallest, obstacle.holds < operation.cost else { continue }
                warn(operation, trafficClass, obstacle, at: operations[number])
            }
        }
    }

    private mutating func warn(
        _ operation: Operation, _ trafficClass: TrafficClass, _ obstacle: CostCheck.Obstacle,
        at source: PolicyDocument.Operation
    ) {
        log.warning(
            .costExceedsClass,
            "a call of \(operation.name.quoted) by a caller of the class \(trafficClass.name.quoted) costs "
                + "\(operation.cost), but \(obstacle.budget) never holds more than \(obstacle.holds): it is always refused",
            at: source.cost?.span ?? source.name.span,
            suggestion: "lower the cost, raise the burst of that budget, or give the operation a class of its own")
    }
}
