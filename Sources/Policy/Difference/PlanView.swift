internal import Vocabulary

/// What a plan gives, looked up in its snapshot.
struct PlanView {
    /// The snapshot.
    let snapshot: Snapshot
    /// The plan.
    let plan: Plan
    private let reach: BudgetReach

    /// Looks at a plan.
    init(_ snapshot: Snapshot, _ plan: Plan) {
        self.snapshot = snapshot
        self.plan = plan
        reach = BudgetReach(budget: plan.tenant)
    }

    /// The plan in a few words, for one that only one policy has.
    var words: String {
        let quotas = plan.quotas.map { "\(NumberText.grouped($0.amount)) \($0.unit.name) per \($0.period.name)" }
        let budget = "\(Wording.shortRate(plan.tenant.rates[0])), \(NumberText.grouped(plan.tenant.burst)) at once"
        return Wording.list([budget] + quotas)
    }

    /// The lane of a class, if it has one.
    func lane(of trafficClass: Int?) -> Budget.Lane? {
        guard let trafficClass, plan.laneOfClass[trafficClass] >= 0 else { return nil }
        return plan.tenant.lanes[plan.laneOfClass[trafficClass]]
    }

    /// What a class is sure of.
    func least(trafficClass: Int) -> Pace { reach.least(lane: plan.laneOfClass[trafficClass]) }

    /// The most a class can have.
    func most(trafficClass: Int) -> Pace { reach.most(lane: plan.laneOfClass[trafficClass]) }

    /// The budget of an operation, if the plan gives it one of its own.
    func meter(of operation: Int) -> Meter? {
        let index = plan.meterOfOperation[operation]
        return index >= 0 ? plan.operationMeters[index] : nil
    }

    /// Whether the plan has the feature that an operation needs.
    func isEntitled(to operation: Int) -> Bool {
        snapshot.operations[operation].feature.map(plan.features.contains) ?? true
    }

    /// How many calls of an operation per second a tenant can make when it does nothing else: by the operation's own
    /// budget, by the class it names (else by the tenant's ceiling, since a caller may have any), and by its cost.
    func calls(of index: Int) -> Pace {
        let operation = snapshot.operations[index]
        var pace = operation.trafficClass.map { most(trafficClass: $0) } ?? reach.ceiling
        if let meter = meter(of: index) { pace = min(pace, Pace(meter.rate)) }
        return pace.divided(by: operation.cost)
    }
}

extension Budget.Lane {
    /// The guarantee with its burst; `nil` where nothing is guaranteed.
    var burstOfGuarantee: (rate: Rate, burst: Int64)? { guarantee.map { ($0, guaranteeBurst) } }
}
