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
        var sentences = [
            "Only callers with a known credential are protected; others are \(treatment), whatever they ask for."
        ]
        if facts.protected.flatMap(\.operations).contains(where: { !$0.condition.isAlways }) {
            sentences.append(
                "Conditions look at attributes that somebody trusted has stated. A request without them is treated "
                    + "as if no condition held; one that contradicts itself is unknown.")
        }
        return sentences
    }

    private var tenants: [String] {
        let own =
            "A tenant's own limits come first: protected requests beyond what the plan gives the tenant, the class "
            + "or the operation, or beyond a quota, are refused (429) even while the service is idle."
        let shared = facts.protected.filter { !$0.isEmpty }.flatMap { tier in
            tier.reserves.compactMap { reserve -> String? in
                let plans = snapshot.plans.filter { Pace($0.tenant.rates[0]) >= Pace(reserve.rate) }.map(\.name)
                guard !plans.isEmpty else { return nil }
                return
                    "All tenants share a reserve: one tenant of plan \(Wording.list(plans, "or")) alone can use up "
                    + "that of tier \(snapshot.tiers[tier.index].name) \(reserve.place)."
            }
        }
        return [own] + shared
    }

    private var weights: [String] {
        facts.protected.flatMap { tier in
            tier.operations.filter { $0.costs != [1] }.flatMap { sentences(about: $0, reserves: tier.reserves) }
        }
    }

    private func sentences(
        about placement: OperationPlacements.Placement, reserves: [Reserves.Reserve]
    ) -> [String] {
        let name = snapshot.operations[placement.operation].name
        let tier = snapshot.tiers[placement.tier].name
        guard let cost = placement.costs.last else { return [] }
        let counted = NumberText.grouped(cost)
        let paid = reserves.map { "\(Pace($0.rate).divided(by: cost).words()) \($0.place)" }
        let never = reserves.filter { cost > $0.burst + $0.borrowable }
        let sometimes = reserves.filter { cost > $0.burst && cost <= $0.burst + $0.borrowable }
        var sentences = [
            "Reserves are divided by cost: at \(counted) for one request of \(name), that of tier \(tier) pays for "
                + "\(Wording.list(paid))."
        ]
        if !never.isEmpty {
            sentences.append(
                "One request of \(name) counts as \(counted), more than tier \(tier) can ever find "
                    + "\(Wording.list(never.map(\.place))): it is always refused.")
        }
        for reserve in sometimes {
            sentences.append(
                "One request of \(name) counts as \(counted), and the reserve of tier \(tier) \(reserve.place) holds "
                    + "\(NumberText.grouped(reserve.burst)) at once: while the shared pool is empty, it is refused.")
        }
        return sentences
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
        sentences.append(
            "Requests that name no region, or another than \(Wording.list(names, "or")), meet no region limit.")
        return sentences
    }
}
