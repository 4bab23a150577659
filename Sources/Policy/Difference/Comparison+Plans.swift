internal import Vocabulary

extension Comparison {
    /// Compares the plans.
    mutating func comparePlans() {
        for pair in Comparison.pairs(old.plans, new.plans, name: \.name) {
            let subject = Subject(.plan, pair.name)
            switch pair.members {
            case (let first?, let second?):
                comparePlan(PlanView(old, first), PlanView(new, second), subject)
            case (let first?, nil):
                addPresence(subject, PlanView(old, first).words, nil, .loses)
            case (nil, let second?):
                addPresence(subject, nil, PlanView(new, second).words, .gains)
            case (nil, nil): break
            }
        }
    }

    private mutating func comparePlan(_ first: PlanView, _ second: PlanView, _ subject: Subject) {
        compareBudgets(first.plan.tenant, second.plan.tenant, subject)
        compareQuotas(first.plan, second.plan, subject)
        add(subject, .timeZone, .text(first.plan.zone.name), .text(second.plan.zone.name), .changes)
        addCount(subject, .weight, first.plan.weight, second.plan.weight)
        for name in Set(first.plan.features).symmetricDifference(second.plan.features).sorted() {
            let isNew = second.plan.features.contains(name)
            add(subject, .feature(name), .flag(!isNew), .flag(isNew), isNew ? .gains : .loses)
        }
        for pair in Comparison.pairs(old.classes, new.classes, name: \.name) {
            compareLanes(first, second, trafficClass: pair.indices, subject.part(.trafficClass, pair.name))
        }
        for pair in Comparison.pairs(old.operations, new.operations, name: \.name) {
            guard let before = pair.indices.0, let after = pair.indices.1 else { continue }
            compareOperation(first, before, second, after, subject.part(.operation, pair.name))
        }
    }

    private mutating func compareQuotas(_ first: Plan, _ second: Plan, _ subject: Subject) {
        for unit in QuotaUnit.allCases {
            for period in CalendarPeriod.allCases {
                let amounts = [first, second].map { plan in
                    plan.quotas.filter { $0.unit == unit && $0.period == period }.map(\.amount).min()
                }
                let noun = unit == .cost ? "cost units" : unit.name
                let name = "\(noun) per \(period.name)"
                addCount(subject, .quota(name), amounts[0], amounts[1], missing: .max)
                let warnings = [first, second].compactMap { plan in
                    plan.quotas.first { $0.unit == unit && $0.period == period }?.warningWords
                }
                guard warnings.count == 2 else { continue }
                add(subject, .quotaWarnings(name), .text(warnings[0]), .text(warnings[1]), .changes)
            }
        }
    }

    private mutating func compareLanes(
        _ first: PlanView, _ second: PlanView, trafficClass index: (Int?, Int?), _ subject: Subject
    ) {
        let lanes = (first.lane(of: index.0), second.lane(of: index.1))
        addAmount(subject, .guarantee, lanes.0?.guarantee, lanes.1?.guarantee)
        if !Comparison.areImplied(lanes.0?.burstOfGuarantee, lanes.1?.burstOfGuarantee) {
            addCount(subject, .guaranteeBurst, lanes.0?.burstOfGuarantee?.burst, lanes.1?.burstOfGuarantee?.burst)
        }
        compareMeters(subject, (.classCeiling, .classCeilingBurst), lanes.0?.ceiling, lanes.1?.ceiling)
        guard let before = index.0, let after = index.1 else { return }
        let least = (first.least(trafficClass: before), second.least(trafficClass: after))
        let guarantees = (lanes.0?.guarantee.map(Pace.init) ?? .zero, lanes.1?.guarantee.map(Pace.init) ?? .zero)
        if least != guarantees { addPace(subject, .atLeast, least.0, least.1) }
        let most = (first.most(trafficClass: before), second.most(trafficClass: after))
        if most != guarantees { addPace(subject, .atMost, most.0, most.1) }
    }

    /// Compares two limits with their bursts; a burst that is what flows in during one period goes without saying.
    private mutating func compareMeters(
        _ subject: Subject, _ aspects: (rate: Aspect, burst: Aspect), _ first: Meter?, _ second: Meter?
    ) {
        addLimit(subject, aspects.rate, first?.rate, second?.rate)
        let bursts = (first.map { ($0.rate, $0.burst) }, second.map { ($0.rate, $0.burst) })
        guard !Comparison.areImplied(bursts.0, bursts.1) else { return }
        addCount(subject, aspects.burst, first?.burst, second?.burst, missing: .max)
    }

    /// Whether both bursts are what a rate brings in one period, and the period is the same, so that the rates say all.
    static func areImplied(
        _ first: (rate: Rate, burst: Int64)?, _ second: (rate: Rate, burst: Int64)?
    ) -> Bool {
        let stated = [first, second].compactMap(\.self)
        return stated.allSatisfy { $0.burst == $0.rate.amount && $0.rate.period == stated[0].rate.period }
    }

    /// Compares what a plan lets its tenants do with one operation.
    ///
    /// The number of calls is said where the operation itself differs: its cost, its class or its own budget. Where
    /// only the tenant's or the class's budget differs, the lines about these say it once for all operations.
    private mutating func compareOperation(
        _ first: PlanView, _ before: Int, _ second: PlanView, _ after: Int, _ subject: Subject
    ) {
        let meters = (first.meter(of: before), second.meter(of: after))
        compareMeters(subject, (.operationBudget, .operationBurst), meters.0, meters.1)
        let entitled = (first.isEntitled(to: before), second.isEntitled(to: after))
        add(
            subject, .entitled, .flag(entitled.0), .flag(entitled.1), entitled.1 ? .gains : .loses,
            note: entitled.1 ? nil : new.operations[after].feature.map { "the plan lacks the feature \($0)" })
        let operations = (old.operations[before], new.operations[after])
        let classNames = (
            operations.0.trafficClass.map { old.classes[$0].name },
            operations.1.trafficClass.map { new.classes[$0].name }
        )
        guard operations.0.cost != operations.1.cost || meters.0 != meters.1 || classNames.0 != classNames.1
        else { return }
        addPace(
            subject, .callsAtMost, first.calls(of: before), second.calls(of: after),
            note: operations.0.cost == operations.1.cost
                ? nil
                : "one call costs \(NumberText.grouped(operations.1.cost)) instead of "
                    + NumberText.grouped(operations.0.cost))
    }
}
