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
            let tightest = own.tightest
            field("X-RateLimit-Limit") { own.writeLimits(tightest, into: &$0) }
            field("X-RateLimit-Remaining", tightest.remaining)
            field("X-RateLimit-Reset", tightest.seconds)
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
        for index in decision.firstOwnReading..<decision.verdict.readingCount {
            let reading = decision.verdict.readings[index]
            guard reading.kind == .quota || reading.level != .service && reading.level != .region,
                reading.kind != .quarantine, let facts = decision.facts(of: reading)
            else { continue }
            let time = facts.isSufficient ? facts.fullAfter : facts.availableAfter
            let window = decision.window(of: reading)
            budgets[count] = OwnBudget(
                reading: index, limit: facts.limit, window: window,
                remaining: facts.remaining(hasSpent: decision.hasSpent),
                seconds: time.map { max(0, $0.secondsRoundedUp) } ?? window, isSufficient: facts.isSufficient)
            count += 1
        }
    }

    /// The budget of which the smallest share is left.
    ///
    /// - Precondition: there is one.
    var tightest: OwnBudget {
        var tightest = budgets[0]
        for index in 1..<max(1, count) where budgets[index].isTighter(than: tightest) { tightest = budgets[index] }
        return tightest
    }

    /// Writes the value of `RateLimit-Policy`: `"tenant";q=600;w=2, "quota-requests-month";q=5000000;w=2678400`.
    func writePolicies(_ decision: borrowing Decision, into output: inout ByteWriter) {
        for index in 0..<count {
            if index > 0 { output.write(literal: ", ") }
            output.write(ASCII.quote)
            decision.writeHeaderName(of: decision.verdict.readings[budgets[index].reading], into: &output)
            output.write(literal: "\";q=")
            output.write(decimal: budgets[index].limit)
            output.write(literal: ";w=")
            output.write(decimal: budgets[index].window)
        }
    }

    /// Writes the value of `RateLimit`: `"tenant";r=57;t=1`.
    func writeStates(_ decision: borrowing Decision, into output: inout ByteWriter) {
        for index in 0..<count {
            if index > 0 { output.write(literal: ", ") }
            output.write(ASCII.quote)
            decision.writeHeaderName(of: decision.verdict.readings[budgets[index].reading], into: &output)
            output.write(literal: "\";r=")
            output.write(decimal: budgets[index].isSufficient ? budgets[index].remaining : 0)
            output.write(literal: ";t=")
            output.write(decimal: budgets[index].seconds)
        }
    }

    /// Writes the value of `X-RateLimit-Limit`: the tightest limit, then all of them with their windows.
    func writeLimits(_ tightest: OwnBudget, into output: inout ByteWriter) {
        output.write(decimal: tightest.limit)
        for index in 0..<count {
            output.write(literal: ", ")
            output.write(decimal: budgets[index].limit)
            output.write(literal: ";w=")
            output.write(decimal: budgets[index].window)
        }
    }
}

/// One budget of the caller's own.
struct OwnBudget {
    /// Which reading of the decision it is.
    var reading = 0
    /// What it can give at most.
    var limit: Int64 = 0
    /// In how many seconds the whole limit flows in.
    var window: Int64 = 0
    /// What is left after the decision, also of a budget that refused.
    var remaining: Int64 = 0
    /// Seconds until there is enough again, after a refusal; else until the budget is full.
    var seconds: Int64 = 0
    /// Whether there was enough.
    var isSufficient = true

    /// Whether less is left here, as a share of the limit, than in another budget.
    fileprivate func isTighter(than other: OwnBudget) -> Bool {
        UInt128(remaining) * UInt128(max(1, other.limit)) < UInt128(other.remaining) * UInt128(max(1, limit))
    }
}

extension Decision {
    /// Whether the decision is about budgets of somebody's own: a tenant's, or those of a descriptor.
    var isOfSomebody: Bool { identity.tenant != nil || limit != nil }

    /// The first reading worth showing: a calendar limit of a descriptor is a quota beside a budget that is never short.
    var firstOwnReading: Int { limit == nil ? 0 : max(0, verdict.readingCount - 1) }

    /// The names of the caller's own budgets that refused.
    var violatedPolicies: [String] {
        (firstOwnReading..<verdict.readingCount).compactMap { index in
            guard !verdict.readings[index].isSufficient else { return nil }
            var name = ByteWriter()
            writeHeaderName(of: verdict.readings[index], into: &name)
            return name.withBytes { $0.string(0..<$0.count) }
        }
    }

    /// Writes the name by which headers and problems call a budget: `tenant`, `class`, `class-ceiling`, `operation`,
    /// `quota-requests-month`.
    func writeHeaderName(of reading: BudgetReading, into output: inout ByteWriter) {
        if let limit { return limit.name.map { output.write(quoted: $0) } ?? output.write(literal: "limit") }
        switch reading.kind {
        case .quarantine: output.write(literal: "quarantine")
        case .ceiling: output.write(literal: "class-ceiling")
        case .operation: output.write(literal: "operation")
        case .quota:
            output.write(literal: "quota-")
            output.write(policy.enginePlans[planIndex].quotas[reading.index].unit.name)
            output.write(UInt8(ascii: "-"))
            output.write(policy.enginePlans[planIndex].quotas[reading.index].period.name)
        case .lanes: output.write(reading.level == .trafficClass ? "class" : reading.level.name)
        }
    }

    /// Seconds in which a budget's whole limit flows in, at least 1, as the draft wants it.
    func window(of reading: BudgetReading) -> Int64 {
        guard planIndex >= 0 else { return 1 }
        switch reading.kind {
        case .quota: return policy.enginePlans[planIndex].quotas[reading.index].period.secondsMax
        case .operation: return policy.enginePlans[planIndex].operationMeters[reading.index].window
        case .ceiling: return policy.enginePlans[planIndex].tenant.lanes[reading.index].ceiling?.window ?? 1
        case .lanes, .quarantine:
            if reading.index >= 0, !policy.enginePlans[planIndex].tenant.lanes[reading.index].borrows,
                let guarantee = policy.enginePlans[planIndex].tenant.lanes[reading.index].guarantee
            {
                return guarantee.window(
                    of: policy.enginePlans[planIndex].tenant.lanes[reading.index].guaranteeBurst)
            }
            return policy.enginePlans[planIndex].tenant.rates[0].window(
                of: policy.enginePlans[planIndex].tenant.burst)
        }
    }
}

extension ByteWriter {
    /// Writes what may stand between the quotation marks of a structured field's string (RFC 9651 §3.3.3).
    fileprivate mutating func write(quoted text: String) {
        for byte in text.utf8 {
            if byte == ASCII.quote || byte == ASCII.backslash { write(ASCII.backslash) }
            write((0x20..<0x7F).contains(byte) ? byte : UInt8(ascii: "?"))
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
        let (product, overflow) = burst.multipliedReportingOverflow(by: period.count)
        if !overflow { return max(1, Nanoseconds(product / amount).secondsRoundedUp) }
        let nanoseconds = UInt128(burst) * UInt128(period.count) / UInt128(amount)
        return max(1, Nanoseconds(Int64(clamping: nanoseconds)).secondsRoundedUp)
    }
}
