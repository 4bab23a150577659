internal import Admission
internal import Policy
internal import Vocabulary

/// How the budgets of a plan are shown in header fields: what of them never changes under one policy.
///
/// Made once per policy, and flat: one array of labels without references, and one of the texts that they point into.
/// A request copies texts and adds the two numbers that are its own.
///
/// A class, so that taking it along retains one thing and not each of its tables.
final class BudgetLabels: Sendable {
    /// All labels, plan after plan.
    private let labels: [Label]
    /// Where those of each plan begin.
    private let plans: [Starts]
    /// All texts, one behind the other.
    let text: [UInt8]

    /// The largest integer of a structured field (RFC 9651 §3.3.1).
    static let integerMax: Int64 = 999_999_999_999_999

    /// One budget.
    struct Label: Sendable {
        /// What it can give at most.
        let limit: Int64
        /// In how many seconds the whole limit flows in.
        let window: Int64
        /// How it is counted.
        let count: Count
        /// A comma and its item of `RateLimit-Policy`: `, "tenant";q=600;w=2`.
        fileprivate let policyItem: ByteRange
        /// A comma, and how its item of `RateLimit` begins: `, "tenant";r=`.
        fileprivate let stateStart: ByteRange
    }

    /// How a budget is counted.
    enum Count: Sendable {
        /// With a bucket, and a pool perhaps.
        case shape(BudgetShape)
        /// By the calendar.
        case calendar(CalendarPeriod)
    }

    /// Where the labels of one plan begin.
    private struct Starts {
        /// The tenant's budget for a class without a lane, then for each lane; and that for each ceiling.
        var lanes = 0
        /// How many labels each ceiling has.
        var perEnvelope = 0
        /// The ceilings of lanes, by lane; those without one have a label that nobody reads.
        var ceilings = 0
        /// Budgets of operations.
        var operations = 0
        /// Quotas.
        var quotas = 0
    }

    /// Labels all budgets of a policy's plans, those of descriptors' limits included.
    ///
    /// - Complexity: O(plans × (classes + operations)).
    init(_ policy: Snapshot) {
        var names: [Int: String] = [:]
        for limit in policy.descriptors.all where limit.plan >= 0 { names[limit.plan] = limit.name ?? "limit" }
        var builder = Builder()
        plans = policy.enginePlans.enumerated().map { index, plan in
            var starts = Starts()
            starts.lanes = builder.labels.count
            starts.perEnvelope = plan.tenant.lanes.count + 1
            for envelope in Envelope.allCases {
                for lane in -1..<plan.tenant.lanes.count {
                    builder.add(plan.tenant, lane: lane, envelope: envelope, name: names[index])
                }
            }
            starts.ceilings = builder.labels.count
            for lane in plan.tenant.lanes { builder.add(lane.ceiling, named: names[index] ?? "class-ceiling") }
            starts.operations = builder.labels.count
            for meter in plan.operationMeters { builder.add(meter, named: names[index] ?? "operation") }
            starts.quotas = builder.labels.count
            for quota in plan.quotas { builder.add(quota, name: names[index]) }
            return starts
        }
        labels = builder.labels
        text = builder.text.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    /// The number of the label of the budget that a reading is about.
    ///
    /// - Precondition: the reading is one of a tenant of the plan, under the policy that was labelled.
    func number(of reading: BudgetReading, plan: Int, envelope: Envelope) -> Int {
        switch reading.kind {
        case .lanes: plans[plan].lanes + Int(envelope.rawValue) * plans[plan].perEnvelope + reading.index + 1
        case .ceiling: plans[plan].ceilings + reading.index
        case .operation: plans[plan].operations + reading.index
        case .quota: plans[plan].quotas + reading.index
        case .quarantine: preconditionFailure("quarantine is no budget of a tenant's own")
        }
    }

    /// The label with a number.
    subscript(number: Int) -> Label { labels[number] }

    /// Where a budget's item of `RateLimit-Policy` stands in `text`.
    func policyItem(of number: Int, isFirst: Bool) -> Range<Int> {
        labels[number].policyItem.range.dropFirst(isFirst ? 2 : 0)
    }

    /// Where it stands how a budget's item of `RateLimit` begins.
    func stateStart(of number: Int, isFirst: Bool) -> Range<Int> {
        labels[number].stateStart.range.dropFirst(isFirst ? 2 : 0)
    }
}

extension BudgetLabels {
    /// Labels one budget after the other.
    private struct Builder: ~Copyable {
        var labels: [Label] = []
        var text = ByteWriter()

        /// Labels a budget under a name, which holds nothing that a structured field's string would escape.
        ///
        /// `unit` is what is counted, where that is not requests or what stands for them (draft -11, §3.1.2).
        mutating func add(
            _ name: String, _ limit: Int64, _ window: Int64, _ count: Count, unit: String? = nil
        ) {
            let limit = min(limit, BudgetLabels.integerMax)
            let policyItem = text.range {
                $0.write(", \"\(name)\";q=\(limit)\(unit.map { ";qu=\"\($0)\"" } ?? "");w=\(window)")
            }
            let stateStart = text.range { $0.write(", \"\(name)\";r=") }
            labels.append(
                Label(limit: limit, window: window, count: count, policyItem: policyItem, stateStart: stateStart))
        }

        /// Labels a tenant's budget as a lane finds it; -1 is a class without a lane.
        mutating func add(_ budget: Budget, lane: Int, envelope: Envelope, name: String?) {
            let shape = BudgetShape(budget, lane: lane, envelope: envelope)
            var window = budget.rates[Int(envelope.rawValue)].window(of: budget.burst)
            if lane >= 0, !shape.borrows, let guarantee = budget.lanes[lane].guarantee {
                window = guarantee.window(of: budget.lanes[lane].guaranteeBurst)
            }
            add(name ?? (shape.borrows ? "tenant" : "class"), shape.limit, window, .shape(shape))
        }

        /// Labels a bucket; none gets a label all the same, so that numbers follow from places.
        mutating func add(_ meter: Meter?, named name: String) {
            guard let meter else { return add(name, 0, 1, .calendar(.day)) }
            add(name, meter.burst, meter.rate.window(of: meter.burst), .shape(BudgetShape(meter)))
        }

        /// Labels a quota.
        mutating func add(_ quota: Plan.Quota, name: String?) {
            add(
                name ?? "quota-\(quota.unit.name)-\(quota.period.name)", quota.amount, quota.period.secondsMax,
                .calendar(quota.period), unit: quota.unit == .bytes ? "content-bytes" : nil)
        }
    }
}

extension Rate {
    /// Seconds in which an amount flows in, rounded up, at least 1, as the draft wants it.
    fileprivate func window(of burst: Int64) -> Int64 {
        let nanoseconds = UInt128(burst) * UInt128(period.count) / UInt128(amount)
        return max(1, Nanoseconds(Int64(clamping: nanoseconds)).secondsRoundedUp)
    }
}
