internal import Admission
internal import Policy
internal import Vocabulary

/// How the budgets of a plan are shown in header fields: what of them never changes under one policy.
///
/// Made once per policy: a request copies texts and adds the two numbers that are its own.
struct BudgetLabels: Sendable {
    private let plans: [OfPlan]

    /// The largest integer of a structured field (RFC 9651 §3.3.1).
    static let integerMax: Int64 = 999_999_999_999_999

    /// One budget.
    struct Label: Sendable {
        /// What it can give at most.
        let limit: Int64
        /// In how many seconds the whole limit flows in.
        let window: Int64
        /// Its item of `RateLimit-Policy`: `"tenant";q=600;w=2`.
        let policyItem: String
        /// How its item of `RateLimit` begins: `"tenant";r=`.
        let stateStart: String
    }

    /// The budgets of one plan.
    fileprivate struct OfPlan: Sendable {
        /// The tenant's budget for a class without a lane, then for each lane.
        var lanes: [Label]
        /// The ceilings of lanes, by lane; those without one have a label that nobody reads.
        var ceilings: [Label]
        /// Budgets of operations.
        var operations: [Label]
        /// Quotas.
        var quotas: [Label]
    }

    /// Labels all budgets of a policy's plans, those of descriptors' limits included.
    ///
    /// - Complexity: O(plans × (classes + operations)).
    init(_ policy: Snapshot) {
        var names: [Int: String] = [:]
        for limit in policy.descriptors.all where limit.plan >= 0 { names[limit.plan] = limit.name ?? "limit" }
        plans = policy.enginePlans.enumerated().map { OfPlan($1, limitName: names[$0]) }
    }

    /// The label of the budget that a reading is about.
    ///
    /// - Precondition: the reading is one of a tenant of the plan, under the policy that was labelled.
    func label(of reading: borrowing BudgetReading, plan: Int) -> Label {
        switch reading.kind {
        case .lanes: plans[plan].lanes[reading.index + 1]
        case .ceiling: plans[plan].ceilings[reading.index]
        case .operation: plans[plan].operations[reading.index]
        case .quota: plans[plan].quotas[reading.index]
        case .quarantine: preconditionFailure("quarantine is no budget of a tenant's own")
        }
    }
}

extension BudgetLabels.OfPlan {
    fileprivate init(_ plan: Plan, limitName: String?) {
        lanes = (-1..<plan.tenant.lanes.count).map { lane in
            BudgetLabels.Label(plan.tenant, lane: lane, name: limitName)
        }
        ceilings = plan.tenant.lanes.map { lane in
            BudgetLabels.Label(limitName ?? "class-ceiling", lane.ceiling?.burst ?? 0, lane.ceiling?.window ?? 1)
        }
        operations = plan.operationMeters.map { BudgetLabels.Label(limitName ?? "operation", $0.burst, $0.window) }
        quotas = plan.quotas.map { quota in
            BudgetLabels.Label(
                limitName ?? "quota-\(quota.unit.name)-\(quota.period.name)", quota.amount, quota.period.secondsMax,
                unit: quota.unit == .bytes ? "content-bytes" : nil)
        }
    }
}

extension BudgetLabels.Label {
    /// Labels a budget under a name, which holds nothing that a structured field's string would escape.
    ///
    /// `unit` is what is counted, where that is not requests or what stands for them (draft -11, §3.1.2).
    fileprivate init(_ name: String, _ limit: Int64, _ window: Int64, unit: String? = nil) {
        self.limit = min(limit, BudgetLabels.integerMax)
        self.window = window
        policyItem = "\"\(name)\";q=\(self.limit)\(unit.map { ";qu=\"\($0)\"" } ?? "");w=\(window)"
        stateStart = "\"\(name)\";r="
    }

    /// Labels a tenant's budget as a lane finds it; -1 is a class without a lane.
    fileprivate init(_ budget: Budget, lane: Int, name: String?) {
        let parameters = lane >= 0 ? budget.lanes[lane] : nil
        let borrows = parameters?.borrows ?? true
        let pool = borrows ? max(0, budget.poolCapacity - (parameters?.holdback ?? 0)) : 0
        let limit = ((parameters?.capacity ?? 0) + pool) / budget.unitsPerCost
        if let parameters, !borrows, let guarantee = parameters.guarantee {
            self.init(name ?? "class", limit, guarantee.window(of: parameters.guaranteeBurst))
        } else {
            self.init(name ?? (borrows ? "tenant" : "class"), limit, budget.rates[0].window(of: budget.burst))
        }
    }
}

extension Meter {
    /// Seconds in which the burst flows in, rounded up, at least 1.
    fileprivate var window: Int64 { rate.window(of: burst) }
}

extension Rate {
    /// Seconds in which an amount flows in, rounded up, at least 1, as the draft wants it.
    fileprivate func window(of burst: Int64) -> Int64 {
        let nanoseconds = UInt128(burst) * UInt128(period.count) / UInt128(amount)
        return max(1, Nanoseconds(Int64(clamping: nanoseconds)).secondsRoundedUp)
    }
}
