internal import Policy
internal import Vocabulary

/// What of the words of a plan's tenants survives a restart: quotas, and the buckets that are slow to fill.
///
/// A bucket that is full again within `Blueprint.durableFillNanoseconds` is not kept: a restart gives no more of it
/// than that time gives.
struct DurableLayout {
    /// What is kept, by names, in the order of `append`.
    let shape: UsageShape
    private let plan: PlanParameters
    private let isBudgetKept: Bool
    private let meters: [(index: Int, base: Int)]

    /// Chooses what is kept of a plan's tenants.
    init(ofPlan index: Int, in blueprint: Blueprint) {
        let snapshot = blueprint.snapshot
        let plan = snapshot.plansOfEngine[index]
        let parameters = blueprint.plan(index)
        var slots = plan.quotas.map { UsageShape.Slot.quota(unit: $0.unit, period: $0.period) }
        if plan.tenant.isDurable {
            let unit = plan.tenant.unitsPerCost
            slots.append(.level(bucket: "pool", unitsPerCost: unit))
            slots += CarriedTenant.laneNames(plan, snapshot).map { .level(bucket: "lane/\($0)", unitsPerCost: unit) }
        }
        var meters: [(index: Int, base: Int)] = []
        for (name, index, base) in CarriedTenant.meters(of: parameters, plan, snapshot) {
            let meter = blueprint.tables.meter(index)
            guard meter.isDurable else { continue }
            slots.append(.level(bucket: name.bucket, unitsPerCost: meter.unitsPerCost))
            meters.append((index, base))
        }
        shape = UsageShape(plan: plan.name, slots: slots)
        self.plan = parameters
        isBudgetKept = plan.tenant.isDurable
        self.meters = meters
    }

    /// Adds the numbers of a tenant as of `now`.
    ///
    /// - Complexity: O(lanes + meters + quotas).
    func append(
        _ words: borrowing MutableSpan<Int64>, at now: Int64, of blueprint: Blueprint, to batch: inout UsageBatch
    ) {
        for index in 0..<(plan.quotaCount * 2) { batch.append(words[plan.quotaBase + index]) }
        if isBudgetKept { append(plan.budget, words, at: now, of: blueprint, to: &batch) }
        for meter in meters { batch.append(blueprint.tables.meter(meter.index).level(words, at: meter.base, now: now)) }
    }

    private func append(
        _ budget: BudgetParameters, _ words: borrowing MutableSpan<Int64>, at now: Int64, of blueprint: Blueprint,
        to batch: inout UsageBatch
    ) {
        let base = PlanParameters.budgetBase
        let elapsed = max(0, now - words[base])
        for lane in -1..<budget.laneCount {
            let standing = budget.standing(
                lane: lane, after: elapsed, envelope: .baseline, lanes: blueprint.tables.lanes, words: words, at: base)
            batch.append(lane < 0 ? standing.pool : standing.own)
        }
    }
}

/// The layouts of a blueprint's plans, made when first needed.
struct DurableLayouts {
    /// The shapes of all layouts since the last `prepare`.
    private(set) var shapes: [UsageShape] = []
    private var blueprint: Blueprint?
    private var layouts: [(layout: DurableLayout, shape: Int)?] = []

    /// No layouts yet.
    init() {}

    /// Makes what follows about a blueprint; what was about another one is forgotten, but for its shapes.
    mutating func prepare(for newer: Blueprint) {
        guard blueprint !== newer else { return }
        blueprint = newer
        layouts = Array(repeating: nil, count: newer.snapshot.plansOfEngine.count)
    }

    /// Forgets the shapes of blueprints that are gone.
    mutating func forgetShapes(ifNot current: Blueprint) {
        guard blueprint !== current else { return }
        self = DurableLayouts()
    }

    /// The layout of a plan, and which shape it is.
    mutating func layout(ofPlan index: Int, in blueprint: Blueprint) -> (layout: DurableLayout, shape: Int) {
        if let known = layouts[index] { return known }
        let layout = DurableLayout(ofPlan: index, in: blueprint)
        let made = (layout: layout, shape: shapes.count)
        shapes.append(layout.shape)
        layouts[index] = made
        return made
    }
}

extension MeterParameters {
    /// Whether what the bucket holds must survive a restart.
    fileprivate var isDurable: Bool { quotientRoundedUp(capacity, inflow) > Blueprint.durableFillNanoseconds }
}
