package import Policy
package import Vocabulary

/// What holds for a tenant at a moment: plan, overrides of its contract, trials, exemptions.
///
/// `Entitlement.init` is the one function that computes it (design §2). Requests use what it has computed in advance
/// for each stretch of time in which nothing begins or ends (`EntitlementTimeline`); commands, reports and portals call
/// it. Whether something has begun or is over is decided by the moment of the question, and never by a sweeper that may
/// be late.
package struct Entitlement: Hashable, Sendable {
    /// The plan that tenants buy, by name.
    package let plan: String
    /// Whether the plan is a trial.
    package let isTrial: Bool
    /// In what the tenant deviates from the plan, at most one deviation for each target, sorted by target.
    package let adjustments: [Adjustment]
    /// The features beside the plan's own, sorted.
    package let features: [String]
    /// The grants that hold, by id, in the order in which they were given.
    package let grants: [String]
    /// The first moment at which anything of this may be otherwise; `nil`: never by itself.
    package let until: WallTime?

    /// Computes what holds for a tenant.
    ///
    /// - A trial that holds comes before what was bought; of several plans that hold, the one that began last.
    /// - An override replaces the plan's number; of several for one target, the one that was given last.
    /// - An exemption multiplies what is then there. Several for one target are not multiplied with each other: the
    ///   largest counts, so that the bound of the policy is a bound.
    ///
    /// - Complexity: O(n log n) in the tenant's assignments and grants.
    package init(of tenant: Tenant, at now: WallTime) {
        let holding = tenant.assignments.filter { $0.holds(at: now) }
        let trial = holding.filter(\.isTrial).latest
        let assignment = trial ?? holding.latest
        plan = assignment?.plan ?? tenant.plan
        isTrial = trial != nil
        let grants = tenant.grants.filter { $0.holds(at: now) }
        self.grants = grants.map(\.id)
        features = Set(grants.flatMap(\.features)).sorted()
        adjustments = Entitlement.combined(grants)
        until = tenant.changes(after: now).min()
    }

    private static func combined(_ grants: [Grant]) -> [Adjustment] {
        var changes: [Adjustment.Target: Adjustment.Change] = [:]
        for grant in grants where grant.kind == .override {
            for adjustment in grant.adjustments { changes[adjustment.target] = adjustment.change }
        }
        var factors: [Adjustment.Target: Int64] = [:]
        for grant in grants where grant.kind == .exemption {
            for adjustment in grant.adjustments {
                guard case .factor(let thousandths) = adjustment.change else { continue }
                factors[adjustment.target] = max(factors[adjustment.target] ?? 0, thousandths)
            }
        }
        for (target, factor) in factors { changes[target] = changes[target].times(factor) }
        return changes.map { Adjustment($0.key, $0.value) }.sorted { $0.target < $1.target }
    }

    /// The plan as it is for this tenant under a policy.
    ///
    /// - Throws: why the policy cannot give it what it was granted.
    package func effectivePlan(in policy: Snapshot) throws(AdjustmentProblem) -> Plan {
        guard let plan = policy.plans.first(where: { $0.name == plan }) else {
            throw AdjustmentProblem("the policy has no plan \(plan.quoted)")
        }
        return try plan.adjusted(by: adjustments, adding: features, in: policy)
    }
}

extension [PlanAssignment] {
    /// The one that began last; of several, the one that was given last.
    fileprivate var latest: PlanAssignment? {
        indices.max { (self[$0].from, $0) < (self[$1].from, $1) }.map { self[$0] }
    }
}

extension Adjustment.Change? {
    /// What an exemption makes of what is there: of the plan's number, or of that of a contract.
    fileprivate func times(_ factor: Int64) -> Adjustment.Change {
        switch self {
        case nil: .factor(thousandths: factor)
        case .factor(let own): .factor(thousandths: Int64(clamping: Int128(own) * Int128(factor) / 1_000))
        case .amount(let amount): .amount(Int64(clamping: Int128(amount) * Int128(factor) / 1_000))
        case .rate(let rate, let burst):
            .rate(
                rate.times(thousandths: factor),
                burst: burst.map { Int64(clamping: Int128($0) * Int128(factor) / 1_000) })
        }
    }
}

extension Tenant {
    /// The moments after a given one at which something begins or ends.
    func changes(after now: WallTime) -> [WallTime] {
        let beginnings = assignments.map(\.from) + grants.map(\.from)
        let ends = assignments.compactMap(\.until) + grants.compactMap(\.until)
        return (beginnings + ends).filter { now < $0 }
    }

    /// Whether what holds may differ from its plan, now or later.
    var hasTerms: Bool { !assignments.isEmpty || !grants.isEmpty }
}
