internal import Admission
internal import Policy
internal import Vocabulary

/// The fields that tell a caller what it may do next.
///
/// Only budgets of the caller's own are shown: what others leave of service and region is none of its business (draft
/// -11, §8.2), and it hears of those as 503 with `Retry-After`.
extension FieldSink where Self: ~Copyable {
    /// Writes `RateLimit-Policy` and `RateLimit`, or what the profile has instead, and `Retry-After` after a refusal.
    ///
    /// - Complexity: O(budgets), no allocation.
    mutating func limitFields(of decision: borrowing Decision, profile: HeaderProfile) {
        if !decision.isAdmitted, let retry = decision.verdict.retryAfter {
            field("Retry-After", max(1, retry.secondsRoundedUp))
        }
        guard profile != .off, decision.stage >= .advise, decision.isOfSomebody else { return }
        let own = OwnBudgets(decision)
        guard own.count > 0 else { return }
        switch profile {
        case .ietf11:
            field("RateLimit-Policy") { own.writePolicies(decision, into: &$0) }
            field("RateLimit") { own.writeStates(decision, into: &$0) }
        case .xRateLimit:
            let tightest = own.tightest(decision)
            field("X-RateLimit-Limit") { own.writeLimits(tightest, decision, into: &$0) }
            field("X-RateLimit-Remaining", tightest.remaining)
            field("X-RateLimit-Reset", tightest.seconds ?? decision.label(of: tightest).window)
        case .off: break
        }
    }
}

/// The caller's own budgets that were looked at, in the order of the hierarchy, as header fields show them.
struct OwnBudgets {
    /// How many there are.
    private(set) var count = 0
    private var budgets = InlineArray<12, OwnBudget>(repeating: OwnBudget())

    /// Looks at the readings of a decision.
    init(_ decision: borrowing Decision) {
        let plan = decision.planIndex
        guard plan >= 0 else { return }
        let hasSpent = decision.hasSpent
        for index in decision.firstOwnReading..<decision.verdict.readingCount {
            guard decision.verdict.readings[index].isOfTenant, let facts = decision.facts(ofReading: index) else {
                continue
            }
            let isSufficient = facts.isSufficient
            let time = isSufficient ? facts.fullAfter : facts.availableAfter
            budgets[count] = OwnBudget(
                reading: index, remaining: facts.remaining(hasSpent: hasSpent),
                seconds: time.map { max(0, $0.secondsRoundedUp) }, isSufficient: isSufficient)
            count += 1
        }
    }

    /// The budget of which the smallest share is left.
    ///
    /// - Precondition: there is one.
    func tightest(_ decision: borrowing Decision) -> OwnBudget {
        var tightest = budgets[0]
        for index in 1..<max(1, count) {
            let budget = budgets[index]
            let (limit, least) = (decision.label(of: budget).limit, decision.label(of: tightest).limit)
            let isTighter =
                UInt128(budget.remaining) * UInt128(max(1, least)) < UInt128(tightest.remaining)
                * UInt128(max(1, limit))
            if isTighter { tightest = budget }
        }
        return tightest
    }

    /// Writes the value of `RateLimit-Policy`: `"tenant";q=600;w=2, "quota-requests-month";q=5000000;w=2678400`.
    func writePolicies(_ decision: borrowing Decision, into output: inout ByteWriter) {
        for index in 0..<count {
            if index > 0 { output.write(literal: ", ") }
            output.write(decision.label(of: budgets[index]).policyItem)
        }
    }

    /// Writes the value of `RateLimit`: `"tenant";r=57;t=1`.
    func writeStates(_ decision: borrowing Decision, into output: inout ByteWriter) {
        for index in 0..<count {
            if index > 0 { output.write(literal: ", ") }
            let label = decision.label(of: budgets[index])
            output.write(label.stateStart)
            let left = budgets[index].isSufficient ? budgets[index].remaining : 0
            output.write(decimal: min(left, BudgetLabels.integerMax))
            output.write(literal: ";t=")
            output.write(decimal: budgets[index].seconds ?? label.window)
        }
    }

    /// Writes the value of `X-RateLimit-Limit`: the tightest limit, then all of them with their windows.
    func writeLimits(_ tightest: OwnBudget, _ decision: borrowing Decision, into output: inout ByteWriter) {
        output.write(decimal: decision.label(of: tightest).limit)
        for index in 0..<count {
            let label = decision.label(of: budgets[index])
            output.write(literal: ", ")
            output.write(decimal: label.limit)
            output.write(literal: ";w=")
            output.write(decimal: label.window)
        }
    }
}

/// One budget of the caller's own: what of it is this request's.
struct OwnBudget {
    /// Which reading of the decision it is.
    var reading = 0
    /// What is left after the decision, also of a budget that refused.
    var remaining: Int64 = 0
    /// Seconds until there is enough again, after a refusal; else until the budget is full; `nil` where that cannot be
    /// said.
    var seconds: Int64?
    /// Whether there was enough.
    var isSufficient = true
}

extension Decision {
    /// Whether the decision is about budgets of somebody's own: a tenant's, or those of a descriptor.
    var isOfSomebody: Bool { identity.tenant != nil || limit != nil }

    /// The first reading worth showing: a calendar limit of a descriptor is a quota beside a budget that is never
    /// short.
    var firstOwnReading: Int { limit == nil ? 0 : max(0, verdict.readingCount - 1) }

    /// The names of the caller's own budgets that refused.
    var violatedPolicies: [String] {
        (firstOwnReading..<verdict.readingCount).compactMap { index in
            verdict.readings[index].isSufficient ? nil : headerName(of: verdict.readings[index])
        }
    }

    /// How header fields show a budget.
    func label(of budget: OwnBudget) -> BudgetLabels.Label {
        state.labels.label(of: verdict.readings[budget.reading], plan: planIndex)
    }

    /// The name by which headers and problems call a budget: `tenant`, `class`, `class-ceiling`, `operation`,
    /// `quota-requests-month`, the name of a descriptor's limit.
    private func headerName(of reading: BudgetReading) -> String {
        if let limit { return limit.name ?? "limit" }
        switch reading.kind {
        case .quarantine: return "quarantine"
        case .ceiling: return "class-ceiling"
        case .operation: return "operation"
        case .quota:
            guard planIndex >= 0 else { return "quota" }
            let quota = policy.enginePlans[planIndex].quotas[reading.index]
            return "quota-\(quota.unit.name)-\(quota.period.name)"
        case .lanes: return reading.level == .trafficClass ? "class" : reading.level.name
        }
    }
}

extension BudgetReading {
    /// Whether it is about a budget of the tenant's, or of a descriptor's counter: not shared with others.
    fileprivate var isOfTenant: Bool { kind != .quarantine && level != .service && level != .region }
}
