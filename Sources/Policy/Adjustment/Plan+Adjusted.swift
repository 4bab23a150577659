package import Vocabulary

extension Plan {
    /// The plan as it is for a tenant with deviations.
    ///
    /// - Parameters:
    ///   - adjustments: the deviations, at most one for each target.
    ///   - features: what the tenant has beside the plan's own.
    ///   - policy: whose classes and operations the plan's indices mean.
    /// - Returns: a plan whose name says what was changed, so that equal deviations have equal names: budgets are
    ///   carried over by them.
    /// - Throws: the first deviation that the plan cannot have.
    /// - Complexity: O(classes + operations).
    package func adjusted(
        by adjustments: [Adjustment], adding features: [String] = [], in policy: Snapshot
    ) throws(AdjustmentProblem) -> Plan {
        var draft = PlanDraft(self, policy: policy)
        for adjustment in adjustments.sorted(by: { $0.target < $1.target }) { try draft.apply(adjustment) }
        let added = Set(features).subtracting(self.features).sorted()
        let marks = adjustments.sorted { $0.target < $1.target }.map(\.description) + added.map { "feature/\($0)" }
        guard !marks.isEmpty else { return self }
        return try draft.plan(
            name: "\(name) with \(marks.joined(separator: ", "))", features: (self.features + added).sorted())
    }
}

/// A plan while it is changed.
private struct PlanDraft {
    private let original: Plan
    private let policy: Snapshot
    private var rates: [Rate]
    private var burst: Int64
    private var lanes: [Budget.LaneRequest]
    private var meters: [Meter]
    private var quotas: [Plan.Quota]

    init(_ plan: Plan, policy: Snapshot) {
        original = plan
        self.policy = policy
        rates = plan.tenant.rates
        burst = plan.tenant.burst
        lanes = plan.tenant.lanes.map { lane in
            Budget.LaneRequest(
                guarantee: lane.guarantee, guaranteeBurst: lane.guarantee.map { _ in lane.guaranteeBurst },
                isolated: !lane.borrows, ceiling: lane.ceiling)
        }
        meters = plan.operationMeters
        quotas = plan.quotas
    }

    mutating func apply(_ adjustment: Adjustment) throws(AdjustmentProblem) {
        switch adjustment.target {
        case .tenant: try changeTenant(adjustment)
        case .trafficClass(let name): try changeLane(name, adjustment)
        case .operation(let name): try changeMeter(name, adjustment)
        case .quota(let unit, let period): try changeQuota(unit, period, adjustment)
        }
    }

    func plan(name: String, features: [String]) throws(AdjustmentProblem) -> Plan {
        let tenant: Budget
        do throws(Budget.Problem) {
            tenant = try Budget(rates: rates, burst: burst, lanes: lanes)
        } catch {
            switch error {
            case .guaranteesExceedCeiling:
                throw AdjustmentProblem(
                    "the guarantees of the classes add up to more than the tenant's rate \(rates[0]); adjust `tenant` too"
                )
            case .laneBurstsExceedBurst(let sum):
                throw AdjustmentProblem(
                    "the bursts of the guarantees add up to \(sum), more than the tenant's burst \(burst); "
                        + "adjust `tenant` too")
            case .tooFine: throw PlanDraft.tooFine
            }
        }
        return Plan(
            name: name, base: original.base, tenant: tenant, laneOfClass: original.laneOfClass, operationMeters: meters,
            meterOfOperation: original.meterOfOperation, quotas: quotas, features: features, weight: original.weight,
            zone: original.zone)
    }

    private mutating func changeTenant(_ adjustment: Adjustment) throws(AdjustmentProblem) {
        let norm = rates[0]
        var changed: [Rate] = []
        for rate in rates { changed.append(try rate.adjusted(by: adjustment, norm: norm)) }
        burst = try burst.adjusted(by: adjustment, norm: norm)
        rates = changed
    }

    private mutating func changeLane(_ name: String, _ adjustment: Adjustment) throws(AdjustmentProblem) {
        guard let index = policy.classes.firstIndex(where: { $0.name == name }) else {
            throw AdjustmentProblem("the policy has no class \(name.quoted)")
        }
        let lane = index < original.laneOfClass.count ? original.laneOfClass[index] : -1
        guard lane >= 0, let norm = lanes[lane].guarantee ?? lanes[lane].ceiling?.rate else {
            throw AdjustmentProblem(
                "the plan \(original.name.quoted) gives the class \(name.quoted) no budget of its own; adjust `tenant`")
        }
        if let guarantee = lanes[lane].guarantee {
            let guaranteeBurst = lanes[lane].guaranteeBurst ?? guarantee.amount
            lanes[lane].guarantee = try guarantee.adjusted(by: adjustment, norm: norm)
            lanes[lane].guaranteeBurst = try guaranteeBurst.adjusted(by: adjustment, norm: norm)
        }
        if let ceiling = lanes[lane].ceiling {
            lanes[lane].ceiling = try ceiling.adjusted(by: adjustment, norm: norm)
        }
    }

    private mutating func changeMeter(_ name: String, _ adjustment: Adjustment) throws(AdjustmentProblem) {
        guard let index = policy.operations.firstIndex(where: { $0.name == name }) else {
            throw AdjustmentProblem("the policy has no operation \(name.quoted)")
        }
        let meter = index < original.meterOfOperation.count ? original.meterOfOperation[index] : -1
        guard meter >= 0 else {
            throw AdjustmentProblem(
                "the plan \(original.name.quoted) gives the operation \(name.quoted) no budget of its own")
        }
        meters[meter] = try meters[meter].adjusted(by: adjustment, norm: meters[meter].rate)
    }

    private mutating func changeQuota(
        _ unit: QuotaUnit, _ period: CalendarPeriod, _ adjustment: Adjustment
    ) throws(AdjustmentProblem) {
        guard let index = quotas.firstIndex(where: { $0.unit == unit && $0.period == period }) else {
            throw AdjustmentProblem(
                "the plan \(original.name.quoted) has no quota of \(unit.name) a \(period.name)")
        }
        let amount: Int64
        switch adjustment.change {
        case .amount(let stated): amount = stated
        case .factor(let thousandths): amount = try quotas[index].amount.scaled(thousandths)
        case .rate: throw AdjustmentProblem("a quota has an amount and no rate: write a number or a factor")
        }
        guard amount > 0 else { throw AdjustmentProblem("a quota is at least 1") }
        quotas[index] = Plan.Quota(
            unit: unit, amount: amount, period: period, warnings: quotas[index].warnings)
    }

    static var tooFine: AdjustmentProblem {
        AdjustmentProblem("the numbers have no common unit that 64 bits count exactly; use rounder ones")
    }
}

extension Rate {
    /// What becomes of one of several rates of a part, of which `norm` is the one that a stated rate replaces.
    fileprivate func adjusted(by adjustment: Adjustment, norm: Rate) throws(AdjustmentProblem) -> Rate {
        switch adjustment.change {
        case .factor(let thousandths): return try times(thousandths, over: Adjustment.one)
        case .rate(let stated, _):
            if self == norm { return stated }
            // In proportion: stated × self / norm, in lowest terms.
            let share = try times(stated.amount, over: norm.amount)
            return try share.times(norm.period.count, over: stated.period.count)
        case .amount:
            throw AdjustmentProblem("`\(adjustment.target)` has a rate: write one, such as `500/s`, or a factor")
        }
    }

    /// The rate times a fraction, exactly.
    private func times(_ numerator: Int64, over denominator: Int64) throws(AdjustmentProblem) -> Rate {
        guard numerator > 0, denominator > 0 else { throw AdjustmentProblem("a factor is above 0") }
        let (whole, rest) = (Int128(amount) * Int128(numerator)).quotientAndRemainder(dividingBy: Int128(denominator))
        if rest == 0, let amount = Int64(exactly: whole), amount > 0 { return Rate(amount: amount, period: period) }
        let first = greatestCommonDivisor(amount, denominator)
        let second = greatestCommonDivisor(numerator, period.count)
        let (amount, amountOverflow) = (amount / first).multipliedReportingOverflow(by: numerator / second)
        let (length, lengthOverflow) = (period.count / second).multipliedReportingOverflow(by: denominator / first)
        guard !amountOverflow, !lengthOverflow, amount > 0, length <= Nanoseconds.day.count else {
            throw PlanDraft.tooFine
        }
        return Rate(amount: amount, period: Nanoseconds(length))
    }
}

extension Rate {
    /// The rate times a factor; where 64 bits cannot say that exactly, the next one below that they can.
    package func times(thousandths: Int64) -> Rate {
        if let exact = try? times(thousandths, over: Adjustment.one) { return exact }
        let amount = Int64(clamping: Int128(amount) * Int128(max(0, thousandths)) / Int128(Adjustment.one))
        return Rate(amount: max(1, amount), period: period)
    }
}

extension Int64 {
    /// The number times a factor, rounded up: what somebody is granted is never less than the factor says.
    fileprivate func scaled(_ thousandths: Int64) throws(AdjustmentProblem) -> Int64 {
        guard thousandths > 0 else { throw AdjustmentProblem("a factor is above 0") }
        let product = (Int128(self) * Int128(thousandths) + 999) / 1_000
        guard let result = Int64(exactly: product) else { throw PlanDraft.tooFine }
        return result
    }

    /// What becomes of a burst.
    fileprivate func adjusted(by adjustment: Adjustment, norm: Rate) throws(AdjustmentProblem) -> Int64 {
        switch adjustment.change {
        case .factor(let thousandths): return try scaled(thousandths)
        case .rate(_, let burst?): return burst
        case .rate(let stated, nil):
            let product = Int128(self) * Int128(stated.amount) * Int128(norm.period.count)
            let divisor = Int128(norm.amount) * Int128(stated.period.count)
            guard let result = Int64(exactly: (product + divisor - 1) / divisor) else { throw PlanDraft.tooFine }
            return Swift.max(1, result)
        case .amount:
            throw AdjustmentProblem("`\(adjustment.target)` has a rate: write one, such as `500/s`, or a factor")
        }
    }
}

extension Meter {
    /// What becomes of a plain bucket.
    fileprivate func adjusted(by adjustment: Adjustment, norm: Rate) throws(AdjustmentProblem) -> Meter {
        let burst = try burst.adjusted(by: adjustment, norm: norm)
        guard burst > 0, let meter = Meter(rate: try rate.adjusted(by: adjustment, norm: norm), burst: burst) else {
            throw PlanDraft.tooFine
        }
        return meter
    }
}
