internal import Vocabulary

/// What the one sentence does not promise: every caveat that the snapshot gives reason for, and no other.
struct OverloadCaveats {
    /// What is explained.
    let facts: OverloadFacts
    /// The snapshot it comes from.
    let snapshot: Snapshot

    /// Prepares the caveats.
    init(_ facts: OverloadFacts) {
        self.facts = facts
        snapshot = facts.snapshot
    }

    /// The caveats, the weightiest first.
    var sentences: [String] {
        guard facts.protected.contains(where: { !$0.isEmpty }) else { return stages }
        return callers + tenants + weights + stages + regions + classes + demands + tiers
    }

    private var callers: [String] {
        let treatment = snapshot.unknown.credential == .block ? "refused" : "quarantined with everything unknown"
        var sentences = ["Only callers with a known credential are protected; others are \(treatment), whatever they ask for."]
        if facts.protected.flatMap(\.operations).contains(where: { !$0.condition.isAlways }) {
            sentences.append(
                "Conditions look at attributes that somebody trusted has stated. A request without them is treated as if no "
                    + "condition held; one that contradicts itself is unknown.")
        }
        return sentences
    }

    private var tenants: [String] {
        var sentences = [
            "A tenant's own limits come first: protected requests beyond the ceiling, class, operation or quota of their "
                + "plan are refused (429) even while the service is idle."
        ]
        for tier in facts.protected where !tier.isEmpty {
            for reserve in tier.reserves {
                let plans = snapshot.plans.filter { Pace($0.tenant.rates[0]) >= Pace(reserve.rate) }.map(\.name)
                guard !plans.isEmpty else { continue }
                sentences.append(
                    "All tenants share the reserve of tier \(snapshot.tiers[tier.index].name) \(reserve.place), and one "
                        + "tenant of plan \(Wording.list(plans, "or")) alone may make as many requests as it holds.")
            }
        }
        return sentences
    }

    private var weights: [String] {
        facts.protected.flatMap { tier in
            tier.operations.filter { $0.costs != [1] }.flatMap { placement in
                tier.reserves.flatMap { sentences(about: placement, reserve: $0) }
            }
        }
    }

    private func sentences(about placement: OperationPlacements.Placement, reserve: Reserves.Reserve) -> [String] {
        let name = snapshot.operations[placement.operation].name
        let tier = snapshot.tiers[placement.tier].name
        guard let cost = placement.costs.last else { return [] }
        let counted = NumberText.grouped(cost)
        var sentences = [
            "Reserves are divided by cost: at \(counted) for one request of \(name), the reserve of tier \(tier) "
                + "\(reserve.place) pays for \(Pace(reserve.rate).divided(by: cost).words())."
        ]
        if cost > reserve.burst + reserve.borrowable {
            sentences.append(
                "One request of \(name) counts as \(counted), more than tier \(tier) can ever find \(reserve.place): "
                    + "it is always refused.")
        } else if cost > reserve.burst {
            sentences.append(
                "One request of \(name) counts as \(counted), and the reserve of tier \(tier) \(reserve.place) holds "
                    + "\(NumberText.grouped(reserve.burst)) at once: when the shared pool is empty, it is refused.")
        }
        return sentences
    }

    private var stages: [String] {
        snapshot.classes.flatMap { trafficClass -> [String] in
            let name = trafficClass.name
            let always =
                trafficClass.stage == .enforce
                ? []
                : [
                    "Work of class \(name) is in stage \(trafficClass.stage.name): budgets shed nothing of it, whatever its "
                        + "tier, and what it takes beyond them is missing elsewhere."
                ]
            let milder = trafficClass.blackouts.filter { $0.stage < trafficClass.stage }
            guard !milder.isEmpty else { return always }
            let windows = milder.map {
                "\(WeekTime.words($0.startMinute)) to \(WeekTime.words($0.endMinute)) (\($0.stage.name))"
            }
            return always + [
                "Work of class \(name) is in a milder stage in these hours of every week, UTC, and is not shed by budgets "
                    + "then: \(Wording.list(windows))."
            ]
        }
    }

    private var regions: [String] {
        guard !snapshot.regions.isEmpty else { return [] }
        let names = snapshot.regions.map(\.name)
        var sentences: [String] = []
        if snapshot.service != nil {
            let kept = facts.protected.filter { !$0.isEmpty }.flatMap { tier in
                tier.reserves.filter { $0.region != nil }.map {
                    "\(Wording.rate($0.rate)) for tier \(snapshot.tiers[tier.index].name) \($0.place)"
                }
            }
            sentences.append(
                "A request that names a region needs room there as well as in the service. "
                    + (kept.isEmpty ? "Nothing is kept in a region." : "Kept there: \(Wording.list(kept))."))
        }
        sentences.append("Requests that name no region, or another than \(Wording.list(names, "or")), meet no region limit.")
        return sentences
    }
}
