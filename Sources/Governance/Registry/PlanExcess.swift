package import Directory
package import Policy
internal import Vocabulary

/// By how much a tenant has more than its plan says: what reports show and bounds limit.
package struct PlanExcess: Hashable, Sendable {
    /// Each target that is more than the plan's, sorted.
    package let parts: [Part]

    /// One target.
    package struct Part: Hashable, Sendable {
        /// Which.
        package let target: Adjustment.Target
        /// How many times what the plan says, in thousandths, rounded up.
        package let thousandths: Int64
    }

    /// The target that exceeds the plan most.
    package var largest: Part? { parts.max { $0.thousandths < $1.thousandths } }

    /// Compares what holds for a tenant with its plan.
    package init(of entitlement: Entitlement, in policy: Snapshot) {
        guard let plan = policy.plans.first(where: { $0.name == entitlement.plan }) else {
            parts = []
            return
        }
        parts = entitlement.adjustments.compactMap { adjustment in
            let thousandths = PlanExcess.thousandths(of: adjustment, in: plan, policy)
            return thousandths > Adjustment.one ? Part(target: adjustment.target, thousandths: thousandths) : nil
        }
    }

    private static func thousandths(of adjustment: Adjustment, in plan: Plan, _ policy: Snapshot) -> Int64 {
        switch adjustment.change {
        case .factor(let thousandths): return thousandths
        case .amount(let amount):
            guard case .quota(let unit, let period) = adjustment.target,
                let quota = plan.quotas.first(where: { $0.unit == unit && $0.period == period })
            else { return Adjustment.one }
            return ratio(Int128(amount), to: Int128(quota.amount))
        case .rate(let rate, let burst):
            guard let norm = norm(of: adjustment.target, in: plan, policy) else { return Adjustment.one }
            let rates = ratio(
                Int128(rate.amount) * Int128(norm.rate.period.count),
                to: Int128(norm.rate.amount) * Int128(rate.period.count))
            return max(rates, burst.map { ratio(Int128($0), to: Int128(norm.burst)) } ?? 0)
        }
    }

    private static func ratio(_ part: Int128, to whole: Int128) -> Int64 {
        Int64(clamping: (part * 1_000 + whole - 1) / max(1, whole))
    }

    /// What the plan says of a target.
    private static func norm(
        of target: Adjustment.Target, in plan: Plan, _ policy: Snapshot
    ) -> (rate: Rate, burst: Int64)? {
        switch target {
        case .tenant: return (plan.tenant.rates[0], plan.tenant.burst)
        case .trafficClass(let name):
            guard let index = policy.classes.firstIndex(where: { $0.name == name }), plan.laneOfClass[index] >= 0
            else { return nil }
            let lane = plan.tenant.lanes[plan.laneOfClass[index]]
            if let guarantee = lane.guarantee { return (guarantee, lane.guaranteeBurst) }
            return lane.ceiling.map { ($0.rate, $0.burst) }
        case .operation(let name):
            guard let index = policy.operations.firstIndex(where: { $0.name == name }),
                plan.meterOfOperation[index] >= 0
            else { return nil }
            let meter = plan.operationMeters[plan.meterOfOperation[index]]
            return (meter.rate, meter.burst)
        case .quota: return nil
        }
    }
}
