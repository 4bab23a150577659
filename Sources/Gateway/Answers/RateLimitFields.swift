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
    mutating func limitFields(of decision: Decision, profile: HeaderProfile) {
        if !decision.isAdmitted, let retry = decision.retryAfter {
            field("Retry-After", max(1, retry.secondsRoundedUp))
        }
        guard decision.showsOwnBudgets else { return }
        switch profile {
        case .ietf11:
            field("RateLimit-Policy") { decision.writePolicies(to: &$0) }
            field("RateLimit") { decision.writeStates(to: &$0) }
        case .xRateLimit:
            guard let tightest = decision.tightestOwnBudget else { return }
            field("X-RateLimit-Limit") { decision.writeLimits(tightest, to: &$0) }
            field("X-RateLimit-Remaining", tightest.remaining)
            let seconds = decision.seconds(of: tightest, hasSpent: decision.hasSpent)
            field("X-RateLimit-Reset", seconds ?? decision.state.labels[tightest.label].window)
        case .off: break
        }
    }
}

/// One budget of the caller's own: what of it is this request's.
struct OwnBudget {
    /// Which reading it is of.
    let reading: Int
    /// The number of its label.
    let label: Int
    /// What is left after the decision, also of a budget that refused.
    let remaining: Int64
    /// Whether there was enough.
    let isSufficient: Bool

    /// What is left times the limit of another budget: of two budgets the one with the smaller product has the smaller
    /// share of its own limit left.
    fileprivate func leftTimes(_ limit: Int64) -> (high: UInt64, low: UInt64) {
        UInt64(remaining).multipliedFullWidth(by: UInt64(max(1, limit)))
    }
}

/// The caller's own budgets that were looked at, in the order of the hierarchy, as header fields show them.
extension Decision {
    /// Whether the decision is about budgets of somebody's own, a tenant's or those of a descriptor, and shows them.
    fileprivate var showsOwnBudgets: Bool {
        guard planIndex >= 0, identity.tenant != nil || isOfLimit else { return false }
        switch stage {
        case .observe, .shadow: return false
        case .advise, .enforce: break
        }
        for index in firstOwnReading..<readingCount where reading(at: index).isOfTenant { return true }
        return false
    }

    /// Puts a reading of an own budget into what is shown of it.
    private func ownBudget(_ index: Int, _ labels: BudgetLabels, hasSpent: Bool) -> OwnBudget {
        let reading = reading(at: index)
        let number = labels.number(of: reading, plan: planIndex, envelope: envelope)
        let (before, needed) =
            switch labels[number].count {
            case .shape(let shape): (shape.before(reading), cost)
            case .calendar: (reading.own, reading.need)
            }
        return OwnBudget(
            reading: index, label: number, remaining: max(0, before - (hasSpent ? needed : 0)),
            isSufficient: reading.wait == 0)
    }

    /// Seconds until there is enough again of an own budget, after a refusal; else until it is full; `nil` where that
    /// cannot be said.
    fileprivate func seconds(of budget: OwnBudget, hasSpent: Bool) -> Int64? {
        let reading = reading(at: budget.reading)
        guard budget.isSufficient else {
            return reading.wait < 0 ? nil : max(0, Nanoseconds(reading.wait).secondsRoundedUp)
        }
        let time: Nanoseconds? =
            switch state.labels[budget.label].count {
            case .shape(let shape): shape.fullAfter(reading, hasSpent: hasSpent)
            case .calendar(let period):
                .milliseconds(periodEnds.end(of: period).milliseconds - moment.wall.milliseconds)
            }
        return time.map { max(0, $0.secondsRoundedUp) }
    }

    /// What was read of the budget that speaks where there is room for one only: of a refusal that which decided, of an
    /// admission that of the caller's own of which the smallest share is left, because it is the first to refuse.
    var speakingFacts: BudgetFacts? {
        guard isAdmitted, wouldBe == nil, !isOfLimit, readingCount > 1, identity.tenant != nil, planIndex >= 0,
            let tightest = tightestOwnBudget, tightest.reading != deciding
        else { return decidingFacts }
        return facts(of: reading(at: tightest.reading))
    }

    /// The budget of which the smallest share is left.
    fileprivate var tightestOwnBudget: OwnBudget? {
        let (labels, hasSpent) = (state.labels, hasSpent)
        var tightest: OwnBudget?
        for index in firstOwnReading..<readingCount where reading(at: index).isOfTenant {
            let budget = ownBudget(index, labels, hasSpent: hasSpent)
            guard let least = tightest else {
                tightest = budget
                continue
            }
            let isTighter =
                budget.leftTimes(labels[least.label].limit) < least.leftTimes(labels[budget.label].limit)
            if isTighter { tightest = budget }
        }
        return tightest
    }

    /// Writes the value of `RateLimit-Policy`: `"tenant";q=600;w=2, "quota-requests-month";q=5000000;w=2678400`.
    fileprivate func writePolicies(to output: inout ByteWriter) {
        let labels = state.labels
        let text = labels.text
        var isFirst = true
        for index in firstOwnReading..<readingCount where reading(at: index).isOfTenant {
            let number = labels.number(of: reading(at: index), plan: planIndex, envelope: envelope)
            output.write(text.span.extracting(labels.policyItem(of: number, isFirst: isFirst)))
            isFirst = false
        }
    }

    /// Writes the value of `RateLimit`: `"tenant";r=57;t=1`.
    fileprivate func writeStates(to output: inout ByteWriter) {
        let (labels, hasSpent) = (state.labels, hasSpent)
        let text = labels.text
        var isFirst = true
        for index in firstOwnReading..<readingCount where reading(at: index).isOfTenant {
            let budget = ownBudget(index, labels, hasSpent: hasSpent)
            output.write(text.span.extracting(labels.stateStart(of: budget.label, isFirst: isFirst)))
            output.write(decimal: min(budget.isSufficient ? budget.remaining : 0, BudgetLabels.integerMax))
            output.write(literal: ";t=")
            output.write(decimal: seconds(of: budget, hasSpent: hasSpent) ?? labels[budget.label].window)
            isFirst = false
        }
    }

    /// Writes the value of `X-RateLimit-Limit`: the tightest limit, then all of them with their windows.
    fileprivate func writeLimits(_ tightest: OwnBudget, to output: inout ByteWriter) {
        let labels = state.labels
        output.write(decimal: labels[tightest.label].limit)
        for index in firstOwnReading..<readingCount where reading(at: index).isOfTenant {
            let label = labels[labels.number(of: reading(at: index), plan: planIndex, envelope: envelope)]
            output.write(literal: ", ")
            output.write(decimal: label.limit)
            output.write(literal: ";w=")
            output.write(decimal: label.window)
        }
    }
}

extension Decision {
    /// The first reading worth showing: a calendar limit of a descriptor is a quota beside a budget that is never
    /// short.
    var firstOwnReading: Int { isOfLimit ? max(0, readingCount - 1) : 0 }

    /// Whether any of the budgets worth showing refused.
    var violatesPolicies: Bool {
        for index in firstOwnReading..<readingCount where reading(at: index).wait != 0 { return true }
        return false
    }

    /// Calls back with the names of the budgets that refused.
    func forEachViolatedPolicy(_ body: (String) -> Void) {
        for index in firstOwnReading..<readingCount where reading(at: index).wait != 0 {
            body(headerName(of: reading(at: index)))
        }
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
    fileprivate var isOfTenant: Bool {
        switch (kind, level) {
        case (.quarantine, _), (_, .service), (_, .region): false
        default: true
        }
    }
}
