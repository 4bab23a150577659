internal import Vocabulary

extension Narrator {
    /// The plans.
    var plans: [Section] {
        snapshot.plans.map { plan in
            let view = PlanView(snapshot, plan)
            var sentences = ["A tenant of plan \(plan.name) may make \(ceiling(of: plan.tenant))."]
            sentences += snapshot.classes.indices.compactMap { lane(of: $0, in: view) }
            sentences += shared(in: view) + operationBudgets(in: view)
            sentences += quotas(of: plan)
            if let feature = plan.features.first {
                let noun = plan.features.count == 1 ? "feature \(feature)" : "features \(Wording.list(plan.features))"
                sentences.append("It has the \(noun).")
            }
            if plan.weight > 1 {
                let weight = NumberText.grouped(plan.weight)
                sentences.append("Among tenants that want seats, one of this plan counts \(weight) times.")
            }
            return Section(kind: "plan", name: plan.name, sentences: sentences)
        }
    }

    private func quotas(of plan: Plan) -> [String] {
        guard !plan.quotas.isEmpty else { return [] }
        let zone = plan.zone == .utc ? "" : ", by the calendar of \(plan.zone.name)"
        let stated = plan.quotas.filter { $0.warnings != Plan.Quota.warningsStandard }
        return ["Its quota is \(Wording.list(plan.quotas.map(\.words)))\(zone)."]
            + stated.map { "Of \($0.words), somebody is told \($0.warningWords)." }
    }

    private func lane(of index: Int, in view: PlanView) -> String? {
        guard let lane = view.lane(of: index) else { return nil }
        let name = snapshot.classes[index].name
        var clauses: [String] = []
        if let guarantee = lane.guarantee {
            clauses.append(
                "Work of class \(name) has its own \(Wording.rate(guarantee)) in plan \(view.plan.name), "
                    + "\(NumberText.grouped(lane.guaranteeBurst)) at once.")
            clauses.append(
                lane.borrows
                    ? "What it leaves unused others may borrow, and it may borrow from others, up to "
                        + "\(view.most(trafficClass: index).words()) in all."
                    : "Nobody can borrow them and it borrows from nobody.")
        } else {
            clauses.append(
                "Work of class \(name) has nothing of its own in plan \(view.plan.name)"
                    + (lane.borrows ? " and shares what others leave." : ", and borrows from nobody."))
        }
        if let ceiling = lane.ceiling {
            clauses.append(
                "It never gets more than \(Wording.rate(ceiling.rate)), and \(NumberText.grouped(ceiling.burst)) at "
                    + "once."
            )
        }
        return clauses.joined(separator: " ")
    }

    private func shared(in view: PlanView) -> [String] {
        let without = snapshot.classes.indices.filter { view.lane(of: $0) == nil }
        guard let first = without.first else { return [] }
        let names = without.map { snapshot.classes[$0].name }
        return [
            "Work of \(Wording.classes(names)) has nothing of its own in plan "
                + "\(view.plan.name): it shares what others leave, at most \(view.most(trafficClass: first).words())."
        ]
    }

    private func operationBudgets(in view: PlanView) -> [String] {
        snapshot.operations.indices.compactMap { index in
            guard let meter = view.meter(of: index) else { return nil }
            let operation = snapshot.operations[index]
            let pace = Pace(meter.rate).divided(by: operation.cost)
            let calls = operation.cost > 1 ? ", which is \(pace.words("call", "calls"))" : ""
            return "Calls of \(operation.name) may use \(Wording.rate(meter.rate)) of that\(calls)."
        }
    }
}

extension Plan.Quota {
    /// The allowance in words: `5,000,000 requests per calendar month`.
    fileprivate var words: String {
        let noun = unit == .cost ? "cost units" : unit.name
        return "\(NumberText.grouped(amount)) \(noun) per calendar \(period.name)"
    }

    /// The shares at which somebody is told, in words: `at 80% and 95%`.
    var warningWords: String {
        warnings.isEmpty ? "never" : "at \(Wording.list(warnings.map(UnitText.percentage)))"
    }
}
