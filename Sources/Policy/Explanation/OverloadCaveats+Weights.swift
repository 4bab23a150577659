internal import Vocabulary

extension OverloadCaveats {
    /// What reserves come to where requests do not all cost 1.
    var weights: [String] {
        facts.protected.filter { $0.operations.contains { $0.costs != [1] } }.flatMap { tier in
            [division(of: tier)] + tier.operations.flatMap { excess(of: $0, in: tier) }
        }
    }

    /// How many requests of each cost the widest reserve of a tier pays for.
    private func division(of tier: OverloadFacts.TierFacts) -> String {
        let name = snapshot.tiers[tier.index].name
        let reserve = tier.reserves[0]
        let costs = Set(tier.operations.flatMap(\.costs)).subtracting([1]).sorted()
        let shares = costs.map { cost in
            let names = tier.operations.filter { $0.costs.contains(cost) }.map {
                snapshot.operations[$0.operation].name
            }
            return "\(Pace(reserve.rate).divided(by: cost).words()) that count as \(NumberText.grouped(cost)) each "
                + "(\(Wording.list(names)))"
        }
        let elsewhere = tier.reserves.count > 1 ? "; the reserves of regions are divided in the same way" : ""
        return "Reserves are divided by cost: \(reserve.place), that of tier \(name) pays for "
            + "\(Wording.list(shares, "or"))\(elsewhere)."
    }

    /// Requests that are dearer than what a reserve holds at once.
    private func excess(of placement: OperationPlacements.Placement, in tier: OverloadFacts.TierFacts) -> [String] {
        let name = snapshot.tiers[tier.index].name
        let operation = snapshot.operations[placement.operation].name
        guard let cost = placement.costs.last else { return [] }
        let request = "One request of \(operation) counts as \(NumberText.grouped(cost))"
        return tier.reserves.compactMap { reserve in
            if cost <= reserve.burst { return nil }
            if cost > reserve.burst + reserve.borrowable {
                return "\(request), more than tier \(name) can ever find \(reserve.place): it is always refused."
            }
            return "\(request), and the reserve of tier \(name) \(reserve.place) holds "
                + "\(NumberText.grouped(reserve.burst)) at once: while the shared pool is empty, it is refused."
        }
    }
}
