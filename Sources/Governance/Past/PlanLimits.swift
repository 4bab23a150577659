package import Policy
internal import Vocabulary

/// The numbers of a plan, by the names of what they limit.
package struct PlanLimits: Sendable {
    /// What the plan is called; a deviating one says in what it deviates.
    package let plan: String
    /// The tenant's budget first, then classes and operations that have one of their own.
    package let budgets: [Line]
    /// The calendar allowances.
    package let quotas: [Plan.Quota]
    /// The features.
    package let features: [String]

    /// One budget.
    package struct Line: Sendable {
        /// `tenant`, `class/NAME` or `operation/NAME`.
        package let name: String
        /// Its rate, or what is guaranteed to a class.
        package let rate: String?
        /// How much may come at once.
        package let burst: Int64?
        /// The most that a class gets, borrowed included, if the policy says so.
        package let ceiling: String?
    }

    /// Takes a plan apart.
    ///
    /// - Complexity: O(classes + operations).
    package init(_ plan: Plan, in policy: Snapshot) {
        self.plan = plan.name
        quotas = plan.quotas
        features = plan.features
        let tenant = Line(
            name: "tenant", rate: "\(plan.tenant.rates[0])", burst: plan.tenant.burst, ceiling: nil)
        let classes = zip(plan.classOfLane, plan.tenant.lanes).map { index, lane in
            Line(
                name: "class/\(policy.classes[index].name)", rate: lane.guarantee.map { "\($0)" },
                burst: lane.guarantee.map { _ in lane.guaranteeBurst }, ceiling: lane.ceiling.map { "\($0.rate)" })
        }
        let operations = plan.meterOfOperation.enumerated().filter { $0.element >= 0 }.map { index, meter in
            Line(
                name: "operation/\(policy.operations[index].name)", rate: "\(plan.operationMeters[meter].rate)",
                burst: plan.operationMeters[meter].burst, ceiling: nil)
        }
        budgets = [tenant] + classes + operations
    }
}
