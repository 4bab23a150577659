internal import Vocabulary

extension Compilation {
    /// Checks the plans and lowers those whose parts could be resolved.
    mutating func lowerPlans() -> [Plan?] {
        plans.map { lower($0) }
    }

    private mutating func lower(_ plan: PolicyDocument.Plan) -> Plan? {
        let lanes = resolveLanes(of: plan)
        checkIsolation(in: plan, lanes)
        let operations = lowerOperationBudgets(of: plan)
        guard let tenant = plan.tenant else { return nil }
        var requests: [Budget.LaneRequest] = []
        var laneOfClass = [Int](repeating: -1, count: classes.count)
        for (index, trafficClass) in classes.enumerated() where lanes[index] != nil || trafficClass.isIsolated {
            laneOfClass[index] = requests.count
            requests.append(request(for: lanes[index], isolated: trafficClass.isIsolated, tenant: tenant))
        }
        guard checkSums(of: plan, tenant, lanes.compactMap { $0 }),
            let budget = budget(tenant, of: "the plan \(plan.name.value.quoted)", lanes: requests)
        else { return nil }
        return Plan(
            name: plan.name.value, tenant: budget, laneOfClass: laneOfClass,
            operationMeters: operations.meters, meterOfOperation: operations.indices,
            quotas: plan.quotas.map(\.value).sorted {
                ($0.unit.rawValue, $0.period.rawValue) < ($1.unit.rawValue, $1.period.rawValue)
            },
            features: plan.features.map(\.value).sorted(), weight: plan.weight?.value ?? 1,
            zone: plan.zone ?? document.zone ?? .utc)
    }

    /// The lane that the plan states for each class, by class index.
    private mutating func resolveLanes(of plan: PolicyDocument.Plan) -> [PolicyDocument.Plan.Lane?] {
        var lanes = [PolicyDocument.Plan.Lane?](repeating: nil, count: classes.count)
        for lane in plan.lanes {
            if let index = resolve(lane.trafficClass, in: classNames) { lanes[index] = lane }
        }
        return lanes
    }

    /// An isolated class lives from its guarantee alone; protected ones should have one.
    private mutating func checkIsolation(in plan: PolicyDocument.Plan, _ lanes: [PolicyDocument.Plan.Lane?]) {
        for (trafficClass, lane) in zip(classes, lanes) where lane?.guarantee == nil {
            let name = trafficClass.name.value
            if trafficClass.isIsolated {
                log.error(
                    .isolatedWithoutGuarantee,
                    "the class \(name.quoted) is isolated, but the plan \(plan.name.value.quoted) gives it no guarantee, so "
                        + "it has nothing to spend", at: lane?.trafficClass.span ?? plan.name.span,
                    suggestion: "add `\(name): { guarantee: 10/s }` to the classes of the plan",
                    notes: trafficClass.isolated.map { [Diagnostic.Note("it is isolated here", at: $0.span)] } ?? [])
            } else if let consequence = trafficClass.consequence, consequence.value.isProtected {
                log.warning(
                    .protectedWithoutGuarantee,
                    "the class \(name.quoted) is for \(consequence.value.name), but the plan \(plan.name.value.quoted) "
                        + "guarantees it nothing", at: lane?.trafficClass.span ?? plan.name.span,
                    suggestion: "add `\(name): { guarantee: 10/s }` to the classes of the plan")
            }
        }
    }

    /// What a lane asks for; reports a ceiling below its guarantee.
    private mutating func request(
        for lane: PolicyDocument.Plan.Lane?, isolated: Bool, tenant: BudgetSpecification
    ) -> Budget.LaneRequest {
        var request = Budget.LaneRequest(isolated: isolated)
        request.guarantee = lane?.guarantee?.value
        request.guaranteeBurst = lane?.burst?.value
        guard let lane, let ceiling = lane.ceiling else { return request }
        let guaranteeBurst = lane.guaranteeBurst
        let ceilingBurst = lane.ceilingBurst?.value ?? max(ceiling.value.amount, guaranteeBurst)
        if let guarantee = lane.guarantee, guarantee.value.isFaster(than: ceiling.value) {
            log.error(
                .ceilingBelowGuarantee,
                "the ceiling \(ceiling.value) of \(lane.trafficClass.value.quoted) is below its guarantee "
                    + "\(guarantee.value)", at: ceiling.span, suggestion: "raise the ceiling or lower the guarantee",
                notes: [Diagnostic.Note("the guarantee is here", at: guarantee.span)])
        } else if let stated = lane.ceilingBurst, stated.value < guaranteeBurst {
            log.error(
                .ceilingBelowGuarantee,
                "the burst \(stated.value) of the ceiling of \(lane.trafficClass.value.quoted) is below the burst "
                    + "\(guaranteeBurst) of its guarantee", at: stated.span,
                suggestion: "write at least `\(guaranteeBurst)`")
        } else if !tenant.rates.contains(where: { $0.value.isFaster(than: ceiling.value) }) {
            log.warning(
                .noEffect,
                "the ceiling \(ceiling.value) of \(lane.trafficClass.value.quoted) limits nothing: the whole tenant gets "
                    + "no more than \(tenant.rates.last?.value.description ?? "")", at: ceiling.span,
                suggestion: "lower the ceiling, or remove it",
                notes: [Diagnostic.Note("the tenant's rate is here", at: tenant.span)])
        }
        request.ceiling = meter(ceiling, burst: ceilingBurst)
        return request
    }

    /// Whether the guarantees fit into every ceiling and the lanes' bursts into the tenant's.
    private mutating func checkSums(
        of plan: PolicyDocument.Plan, _ tenant: BudgetSpecification, _ lanes: [PolicyDocument.Plan.Lane]
    ) -> Bool {
        let guaranteed = lanes.filter { $0.guarantee != nil }
        var fits = true
        let exceeded = RateSum(guaranteed.compactMap(\.guarantee?.value)).flatMap { sum in
            tenant.rates.first { sum.exceeds($0.value) == true }.map { (sum: sum, rate: $0) }
        }
        if let exceeded {
            fits = false
            log.error(
                .guaranteesExceedCeiling,
                "the guarantees of the plan \(plan.name.value.quoted) add up to "
                    + "\(exceeded.sum.description(inPeriodOf: exceeded.rate.value)), but the tenant's ceiling is "
                    + "\(exceeded.rate.value)", at: exceeded.rate.span,
                suggestion: "raise the ceiling, or lower a guarantee",
                notes: guaranteed.notes { "is guaranteed \($0.guarantee?.value.description ?? "")" })
        }
        if exceeded == nil { checkService(plan, guaranteed) }
        let sum = guaranteed.reduce(Int128(0)) { $0 + Int128($1.guaranteeBurst) }
        if sum > Int128(tenant.burst) {
            fits = false
            log.error(
                .burstsExceedBurst,
                "the bursts of the guarantees of the plan \(plan.name.value.quoted) add up to \(sum), but the tenant's "
                    + "burst is \(tenant.burst)", at: tenant.statedBurst?.span ?? tenant.span,
                suggestion: "write `burst: \(sum)` or more for the tenant, or give the guarantees smaller bursts",
                notes: guaranteed.notes { "has a burst of \($0.guaranteeBurst)" })
        }
        return fits
    }

    /// What a single tenant is guaranteed should fit into the service, or it cannot be kept even if nobody else comes.
    ///
    /// A warning: the promise is bounded by what the service has, and a service that is small for once, in a rehearsal,
    /// needs no other plans.
    private mutating func checkService(_ plan: PolicyDocument.Plan, _ guaranteed: [PolicyDocument.Plan.Lane]) {
        guard let service = document.service, let sum = RateSum(guaranteed.compactMap(\.guarantee?.value)),
            let rate = service.rates.first(where: { sum.exceeds($0.value) == true })
        else { return }
        log.warning(
            .guaranteesExceedService,
            "the guarantees of the plan \(plan.name.value.quoted) add up to "
                + "\(sum.description(inPeriodOf: rate.value)) for one tenant, but the whole service gets \(rate.value)",
            at: guaranteed[0].trafficClass.span, suggestion: "lower a guarantee, or raise the service's rate",
            notes: [Diagnostic.Note("the service's rate is here", at: rate.span)])
    }

    private mutating func lowerOperationBudgets(of plan: PolicyDocument.Plan) -> (meters: [Meter], indices: [Int]) {
        var byOperation: [Int: Meter] = [:]
        for budget in plan.operations {
            guard let index = resolve(budget.operation, in: operationNames) else { continue }
            byOperation[index] = meter(budget.rate, burst: budget.burst)
        }
        var meters: [Meter] = []
        var indices = [Int](repeating: -1, count: operations.count)
        for index in byOperation.keys.sorted() {
            guard let meter = byOperation[index] else { continue }
            indices[index] = meters.count
            meters.append(meter)
        }
        return (meters, indices)
    }
}

extension [PolicyDocument.Plan.Lane] {
    /// Notes at the first few lanes, with something about each.
    fileprivate func notes(_ words: (Element) -> String) -> [Diagnostic.Note] {
        prefix(8).map { Diagnostic.Note("\($0.trafficClass.value.quoted) \(words($0)) here", at: $0.trafficClass.span) }
    }
}
