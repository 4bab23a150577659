internal import Vocabulary

extension Verdict {
    /// Names the reason of an admission: the tenant's budget paid, or nobody is known and the quarantine did.
    mutating func concludeAdmitted() {
        isAdmitted = true
        deciding = readingCount > 0 ? 0 : -1
        reason = deciding == 0 && readings[0].own < readings[0].need ? .borrowed : .withinGuarantee
    }

    /// Names the refusal of a request whose tenant finds no room in memory.
    mutating func concludeUnable(stage: Stage) {
        if case .enforce = stage { isAdmitted = false } else { isAdmitted = true }
        reason = isAdmitted ? .stageNotEnforcing : .tenantsFull
        wouldBe = isAdmitted ? .tenantsFull : nil
    }

    /// Names the reason of a refusal, and when to come again.
    ///
    /// What is the caller's own doing comes before what is ours, so that a caller over its own limit hears 429 also
    /// while the service is short. On each side the budget decides that takes longest. The wait is the longest of all:
    /// budgets only grow while nobody comes, so at that instant every one of them admits, and before it at least
    /// one does not.
    mutating func concludeRefused(stage: Stage) {
        var longest: Int64 = 0
        var isHopeless = false
        deciding = -1
        for index in 0..<readingCount where !readings[index].isSufficient {
            if readings[index].wait < 0 { isHopeless = true } else { longest = max(longest, readings[index].wait) }
            if deciding < 0 || readings[index].decides(over: readings[deciding]) { deciding = index }
        }
        let refusal = readings[deciding].refusal
        retryAfter = isHopeless ? nil : Nanoseconds(longest)
        if case .enforce = stage {
            isAdmitted = false
            reason = refusal
        } else {
            isAdmitted = true
            reason = .stageNotEnforcing
            wouldBe = refusal
        }
    }
}

extension BudgetReading {
    /// Whether this budget is the caller's own doing (throttle, 429); the rest is ours (shed, 503).
    private var isCallersDoing: Bool {
        switch (kind, level) {
        case (.quarantine, _): true
        case (_, .service), (_, .region): false
        default: true
        }
    }

    /// Whether this refusal speaks for the decision rather than another.
    func decides(over other: BudgetReading) -> Bool {
        if isCallersDoing != other.isCallersDoing { return isCallersDoing }
        let own = wait < 0 ? Int64.max : wait
        let others = other.wait < 0 ? Int64.max : other.wait
        return own > others
    }

    /// The reason code of a refusal by this budget.
    var refusal: Reason {
        if wait < 0 { return .costExceedsBurst }
        if kind == .quarantine { return .quarantined }
        return switch level {
        case .service: .serviceSaturated
        case .region: .regionSaturated
        case .tenant: .tenantCeiling
        case .trafficClass: .classBudget
        case .operation: .operationBudget
        case .quota: .quotaExhausted
        case .descriptor: .descriptorLimit
        }
    }
}
