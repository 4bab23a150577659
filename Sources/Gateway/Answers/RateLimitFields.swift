internal import Admission
internal import Policy
internal import Vocabulary

/// The fields that tell a caller what it may do next.
///
/// Only budgets of the caller's own are shown: what others leave of service and region is none of its business (draft
/// -11, §8.2), and it hears of those as 503 with `Retry-After`.
extension FieldSink where Self: ~Copyable {
    /// Writes `RateLimit-Policy` and `RateLimit`, or what the profile has instead, and `Retry-After` after a refusal.
    mutating func limitFields(of decision: borrowing Decision, profile: HeaderProfile) {
        if !decision.isAdmitted, let retry = decision.verdict.retryAfter {
            field("Retry-After", max(1, retry.secondsRoundedUp))
        }
        guard profile != .off, decision.stage >= .advise, decision.isOfSomebody else { return }
        let own = decision.ownBudgets
        guard let tightest = own.min(by: { $0.facts.isTighter(than: $1.facts, hasSpent: decision.hasSpent) }) else {
            return
        }
        switch profile {
        case .ietf11:
            field("RateLimit-Policy", own.map { $0.policyItem }.joined(separator: ", "))
            field("RateLimit", own.map { $0.stateItem(hasSpent: decision.hasSpent) }.joined(separator: ", "))
        case .xRateLimit:
            let limit = tightest.facts.limit
            field(
                "X-RateLimit-Limit",
                "\(limit), \(own.map { "\($0.facts.limit);w=\($0.window)" }.joined(separator: ", "))")
            field("X-RateLimit-Remaining", tightest.facts.remaining(hasSpent: decision.hasSpent))
            field("X-RateLimit-Reset", tightest.seconds)
        case .off: break
        }
    }
}

/// A budget of the caller's own, under the name by which headers and problems call it.
struct OwnBudget {
    /// The policy's name: `tenant`, `class`, `class-ceiling`, `operation`, `quota-requests-month`.
    let name: String
    /// What is known of it.
    let facts: BudgetFacts
    /// In how many seconds the whole limit flows in.
    let window: Int64

    /// The item of `RateLimit-Policy`: `"tenant";q=600;w=2`.
    var policyItem: String { "\"\(name)\";q=\(facts.limit);w=\(window)" }

    /// The item of `RateLimit`: `"tenant";r=57;t=1`.
    func stateItem(hasSpent: Bool) -> String {
        "\"\(name)\";r=\(facts.isSufficient ? facts.remaining(hasSpent: hasSpent) : 0);t=\(seconds)"
    }

    /// Seconds until there is enough again, after a refusal; else until the budget is full.
    var seconds: Int64 {
        let time = facts.isSufficient ? facts.fullAfter : facts.availableAfter
        return time.map { max(0, $0.secondsRoundedUp) } ?? window
    }
}

extension Decision {
    /// The caller's own budgets that were looked at, in the order of the hierarchy.
    var ownBudgets: [OwnBudget] {
        // A calendar limit of a descriptor is a quota beside a budget that is never short, and not worth showing.
        ((limit == nil ? 0 : max(0, verdict.readingCount - 1))..<verdict.readingCount).compactMap { index in
            let reading = verdict.readings[index]
            guard reading.kind == .quota || reading.level != .service && reading.level != .region,
                reading.kind != .quarantine, let facts = facts(of: reading)
            else { return nil }
            return OwnBudget(name: headerName(of: reading), facts: facts, window: window(of: reading))
        }
    }

    /// The names of the caller's own budgets that refused.
    var violatedPolicies: [String] {
        let refusing = (0..<verdict.readingCount).filter { !verdict.readings[$0].isSufficient }
        return refusing.map { headerName(of: verdict.readings[$0]) }
    }

    /// Whether the decision is about budgets of somebody's own: a tenant's, or those of a descriptor.
    var isOfSomebody: Bool { identity.tenant != nil || limit != nil }

    private func headerName(of reading: BudgetReading) -> String {
        if let limit { return limit.name ?? "limit" }
        switch reading.kind {
        case .quarantine: return "quarantine"
        case .ceiling: return "class-ceiling"
        case .operation: return "operation"
        case .quota:
            guard let quota = plan?.quotas[reading.index] else { return "quota" }
            return "quota-\(quota.unit.name)-\(quota.period.name)"
        case .lanes: return reading.level == .trafficClass ? "class" : reading.level.name
        }
    }

    /// Seconds in which a budget's whole limit flows in, at least 1, as the draft wants it.
    private func window(of reading: BudgetReading) -> Int64 {
        guard let plan else { return 1 }
        switch reading.kind {
        case .quota: return plan.quotas[reading.index].period.secondsMax
        case .operation: return plan.operationMeters[reading.index].window
        case .ceiling: return plan.tenant.lanes[reading.index].ceiling?.window ?? 1
        case .lanes, .quarantine:
            let lane = reading.index >= 0 ? plan.tenant.lanes[reading.index] : nil
            if let lane, !lane.borrows, let guarantee = lane.guarantee {
                return guarantee.window(of: lane.guaranteeBurst)
            }
            return plan.tenant.rates[0].window(of: plan.tenant.burst)
        }
    }
}

extension Meter {
    /// Seconds in which the burst flows in, rounded up, at least 1.
    fileprivate var window: Int64 { rate.window(of: burst) }
}

extension Rate {
    /// Seconds in which an amount flows in, rounded up, at least 1.
    fileprivate func window(of burst: Int64) -> Int64 {
        let nanoseconds = UInt128(burst) * UInt128(period.count) / UInt128(amount)
        return max(1, Nanoseconds(Int64(clamping: nanoseconds)).secondsRoundedUp)
    }
}

extension BudgetFacts {
    /// Whether less is left here, as a share of the limit, than in another budget.
    fileprivate func isTighter(than other: BudgetFacts, hasSpent: Bool) -> Bool {
        let own = UInt128(remaining(hasSpent: hasSpent)) * UInt128(max(1, other.limit))
        let others = UInt128(other.remaining(hasSpent: hasSpent)) * UInt128(max(1, limit))
        return own < others
    }
}
