internal import Vocabulary

/// Says in sentences what a snapshot states.
struct Narrator {
    typealias Section = PolicyExplanation.Section

    /// What is explained.
    let snapshot: Snapshot
    /// What the service and the regions keep for tiers.
    let reserves: Reserves
    /// In which tiers operations are.
    let placements: OperationPlacements

    /// Prepares to explain a snapshot.
    init(_ snapshot: Snapshot, _ placements: OperationPlacements) {
        self.snapshot = snapshot
        self.placements = placements
        reserves = Reserves(snapshot)
    }

    /// The policy as a whole.
    var policy: Section {
        let tiers = snapshot.tiers.dropLast().map(\.name)
        var sentences = [
            "\(snapshot.owner) answers for this policy.",
            "Work is protected in this order: \(Wording.list(tiers)). What the policy does not know comes last, in the "
                + "built-in tier \(snapshot.tiers[snapshot.quarantineTier].name).",
            "A request whose caller, operation and claim name no class is work of class "
                + "\(snapshot.classes[snapshot.defaultClass].name).",
        ]
        if !snapshot.stageOrder.isEmpty {
            let order = snapshot.stageOrder.map { snapshot.classes[$0].name }
            sentences.append("Classes graduate to stricter stages in this order: \(Wording.list(order)).")
        }
        sentences += CostWords.sentence(about: snapshot).map { [$0] } ?? []
        return Section(kind: "policy", name: snapshot.name, sentences: sentences)
    }

    /// The service as a whole.
    var service: Section {
        guard let budget = snapshot.service else {
            return Section(
                kind: "service", name: nil,
                sentences: [
                    "The policy sets no ceiling for the service as a whole, and so keeps nothing of it for a tier."
                ])
        }
        return Section(
            kind: "service", name: nil,
            sentences: ["All tenants together may make \(ceiling(of: budget))."] + capacity(of: budget))
    }

    /// The regions.
    var regions: [Section] {
        snapshot.regions.map { region in
            Section(
                kind: "region", name: region.name,
                sentences: [
                    "In region \(region.name) all tenants together may make \(ceiling(of: region.budget)). What the "
                        + "service has left must suffice as well."
                ] + capacity(of: region.budget))
        }
    }

    /// How many requests run and wait.
    var seats: Section { Section(kind: "seats", name: nil, sentences: SeatWords(snapshot).sentences) }

    /// What happens to what the policy does not know.
    var unknown: Section {
        Section(kind: "unknown", name: nil, sentences: UnknownWords(snapshot).sentences)
    }

    /// A budget's ceilings: `300 requests per second, and 600 at once`.
    func ceiling(of budget: Budget) -> String {
        let atOnce = "and \(NumberText.grouped(budget.burst)) at once"
        guard !budget.isUniform else { return "\(Wording.rate(budget.rates[0])), \(atOnce)" }
        return
            "\(Wording.rate(budget.rates[0])) at any time, \(Wording.rate(budget.rates[1])) while the system is "
            + "steady, \(Wording.rate(budget.rates[2])) while there is capacity to spare, \(atOnce)"
    }

    private func capacity(of budget: Budget) -> [String] {
        let kept = snapshot.tiers.indices.compactMap { tier -> String? in
            guard budget.lanes.indices.contains(tier), let rate = budget.lanes[tier].guarantee else { return nil }
            return "\(Wording.rate(rate)) for tier \(snapshot.tiers[tier].name)"
        }
        guard !kept.isEmpty else { return ["Nothing of it is kept for a tier."] }
        return [
            "Of these, \(Wording.list(kept)) cannot be taken by other tiers. "
                + "The rest, \(BudgetReach(budget: budget).pool.words()), is shared, and so is what a tier leaves "
                + "unused."
        ]
    }
}
