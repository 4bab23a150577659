internal import Vocabulary

/// What is needed to check costs against budgets, as far as it could be lowered.
struct CostCheck {
    /// The classes, by index.
    var classes: [TrafficClass?]
    /// The operations, by index.
    var operations: [Operation?]
    /// The class of requests for which nothing else names one.
    var defaultClass: Int?
    /// The service's budget.
    var service: Budget?
    /// The regions.
    var regions: [Region?]
    /// The plans.
    var plans: [Plan?]
    /// The treatment of the unknown.
    var unknown: UnknownTreatment?
    /// The tiers, quarantine included.
    var tiers: [Tier]

    /// The smallest budget that a cost does not fit into.
    struct Obstacle {
        /// The budget in words.
        var budget: String
        /// The most cost units that it can ever hold.
        var holds: Int64
        /// How many budgets are too small in all.
        var count = 1

        /// Keeps the smaller one of two.
        static func merged(_ first: Obstacle?, _ second: Obstacle) -> Obstacle {
            guard let first else { return second }
            var smaller = second.holds < first.holds ? second : first
            smaller.count = first.count + second.count
            return smaller
        }
    }

    /// The smallest of the budgets that a call must pass and that can never hold its cost.
    func obstacle(cost: Int64, operation: Int, trafficClass: Int, tier: Int) -> Obstacle? {
        var obstacle = obstacle(cost: cost, tier: tier)
        for plan in plans {
            guard let plan else { continue }
            for limit in limits(in: plan, operation: operation, trafficClass: trafficClass) where limit.holds < cost {
                let budget = "\(limit.words) of the plan \(plan.name.quoted)"
                obstacle = Obstacle.merged(obstacle, Obstacle(budget: budget, holds: limit.holds))
            }
        }
        return obstacle
    }

    /// The smallest of the budgets with tiers for lanes that can never hold a cost.
    func obstacle(cost: Int64, tier: Int) -> Obstacle? {
        var budgets: [(String, Budget)] = []
        if let service { budgets.append(("the service", service)) }
        for region in regions {
            if let region { budgets.append(("the region \(region.name.quoted)", region.budget)) }
        }
        var obstacle: Obstacle?
        for (name, budget) in budgets {
            let units = budget.lanes[tier].reachable(poolCapacity: budget.poolCapacity)
            let holds = units / budget.unitsPerCost
            guard holds < cost else { continue }
            let lane = "the lane of the tier \(tiers[tier].name.quoted) in \(name)"
            obstacle = Obstacle.merged(obstacle, Obstacle(budget: lane, holds: holds))
        }
        return obstacle
    }

    /// The smallest budget that each plan has for the work of a class, whatever the operation.
    ///
    /// - Complexity: O(plans).
    func smallestBudgets(of trafficClass: Int) -> [(plan: Plan, smallest: Obstacle)] {
        plans.compactMap { plan in
            guard let plan else { return nil }
            let smallest = limits(in: plan, trafficClass: trafficClass).min { $0.holds < $1.holds }
            return smallest.map {
                (plan, Obstacle(budget: "\($0.words) of the plan \(plan.name.quoted)", holds: $0.holds))
            }
        }
    }

    private func limits(in plan: Plan, trafficClass: Int) -> [(words: StaticString, holds: Int64)] {
        let tenant = plan.tenant
        let lane = plan.laneOfClass[trafficClass]
        guard lane >= 0 else { return [("the shared pool", tenant.poolCapacity / tenant.unitsPerCost)] }
        let own = tenant.lanes[lane].reachable(poolCapacity: tenant.poolCapacity) / tenant.unitsPerCost
        var limits: [(StaticString, Int64)] = [("the budget of this class", own)]
        if let ceiling = tenant.lanes[lane].ceiling { limits.append(("the ceiling of this class", ceiling.burst)) }
        return limits
    }

    private func limits(
        in plan: Plan, operation: Int, trafficClass: Int
    ) -> [(words: StaticString, holds: Int64)] {
        var limits = limits(in: plan, trafficClass: trafficClass)
        let meter = plan.meterOfOperation[operation]
        if meter >= 0 { limits.append(("the budget of this operation", plan.operationMeters[meter].burst)) }
        for quota in plan.quotas where quota.unit == .cost {
            limits.append((quota.period.words, quota.amount))
        }
        return limits
    }
}

extension CalendarPeriod {
    /// A quota of cost units in this period, in words.
    fileprivate var words: StaticString {
        switch self {
        case .day: "the daily quota of cost"
        case .week: "the weekly quota of cost"
        case .month: "the monthly quota of cost"
        case .year: "the yearly quota of cost"
        }
    }
}

extension Compilation {
    /// Finds calls that cost more than a budget they must pass can ever hold: they would be refused for ever.
    mutating func checkCosts(_ check: CostCheck) {
        for (index, operation) in check.operations.enumerated() {
            guard let operation else { continue }
            let source = operations[index]
            report(check, index, operation, nil, at: source.cost?.span ?? source.name.span)
            for (rule, written) in zip(operation.rules, source.rules)
            where rule.cost != nil || rule.tier != nil || rule.trafficClass != nil {
                report(check, index, operation, rule, at: written.cost?.span ?? written.span)
            }
        }
        checkUnknownCost(check)
        checkClassCosts(check)
    }

    private mutating func report(
        _ check: CostCheck, _ index: Int, _ operation: Operation, _ rule: Operation.ContextRule?, at span: SourceSpan
    ) {
        guard let trafficClass = rule?.trafficClass ?? operation.trafficClass ?? check.defaultClass,
            let lowered = check.classes[trafficClass]
        else { return }
        let cost = rule?.cost ?? operation.cost
        let tier = rule?.tier ?? operation.tier ?? lowered.tier
        let obstacle = check.obstacle(cost: cost, operation: index, trafficClass: trafficClass, tier: tier)
        guard let obstacle else { return }
        let others = obstacle.count > 1 ? " (and \(obstacle.count - 1) more budgets are too small)" : ""
        log.error(
            .costExceedsBudget,
            "a call of \(operation.name.quoted) in the class \(lowered.name.quoted) costs \(cost), but \(obstacle.budget) "
                + "never holds more than \(obstacle.holds)\(others)", at: span,
            suggestion: "lower the cost, or raise the burst of that budget")
    }

    private mutating func checkUnknownCost(_ check: CostCheck) {
        guard let unknown = check.unknown else { return }
        let section = document.unknown
        let place = section.cost?.span ?? section.span ?? document.service?.span ?? document.start
        let reason = section.cost?.value != unknown.cost ? " (as much as the most expensive operation)" : ""
        if unknown.cost > unknown.quarantine.burst {
            log.error(
                .costExceedsBudget,
                "an unknown request costs \(unknown.cost)\(reason), but the quarantine never holds more than "
                    + "\(unknown.quarantine.burst)", at: section.burst?.span ?? section.span ?? document.start,
                suggestion: "write `burst: \(unknown.cost)` or more, or a lower `cost`")
        }
        guard unknown.credential == .quarantine || unknown.operation == .quarantine,
            let obstacle = check.obstacle(cost: unknown.cost, tier: check.tiers.count - 1)
        else { return }
        log.error(
            .costExceedsBudget,
            "an unknown request costs \(unknown.cost)\(reason), but \(obstacle.budget) never holds more than "
                + "\(obstacle.holds)", at: place,
            suggestion: (reason.isEmpty ? "lower `cost`, " : "")
                + "reserve less, raise the burst, or write `unknown: { operation: block }`")
    }
}
