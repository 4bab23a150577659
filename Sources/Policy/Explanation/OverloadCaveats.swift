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
        let treatment =
            snapshot.unknown.credential == .block
            ? UnknownWords(snapshot).strangersAre : "quarantined with everything unknown"
        var sentences = [
            "Only callers with a known credential are protected; others are \(treatment), whatever they ask for."
        ]
        if facts.protected.flatMap(\.operations).contains(where: { !$0.condition.isAlways }) {
            sentences.append(
                "Conditions look at attributes that somebody trusted has stated. A request without them is treated "
                    + "as if no condition held; one that contradicts itself counts as read in two ways.")
        }
        return sentences
    }

    private var tenants: [String] {
        let own =
            "A tenant's own limits come first: protected requests beyond what the plan gives the tenant, the class "
            + "or the operation, or beyond a quota, are refused (429) even while the service is idle."
        return [own] + facts.protected.filter { !$0.isEmpty }.flatMap(tenantsThatSuffice)
    }

    /// Which single tenants can use up a reserve that all share.
    private func tenantsThatSuffice(for tier: OverloadFacts.TierFacts) -> [String] {
        let suffices = tier.reserves.map { reserve in
            Wording.list(
                snapshot.plans.filter { Pace($0.tenant.rates[0]) >= Pace(reserve.rate) }.map(\.name), "or")
        }
        return suffices.unique.filter { !$0.isEmpty }.map { plans in
            let places = zip(tier.reserves, suffices).filter { $0.1 == plans }.map(\.0.place)
            return
                "All tenants share a reserve: one tenant of plan \(plans) alone can use up that of tier "
                + "\(snapshot.tiers[tier.index].name) \(Wording.list(places, "or"))."
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
        sentences.append(
            "Requests that name no region, or another than \(Wording.list(names, "or")), meet no region limit.")
        return sentences
    }
}
