internal import Vocabulary

extension Narrator {
    /// The tiers, the most protected first.
    var tiers: [Section] {
        snapshot.tiers.indices.dropLast().map { index in
            Section(
                kind: "tier", name: snapshot.tiers[index].name,
                sentences: [place(of: index)] + reserve(of: index) + limits(of: index) + members(of: index))
        }
    }

    private func place(of index: Int) -> String {
        let name = "Tier \(snapshot.tiers[index].name)"
        let named = snapshot.tiers.count - 1
        if named == 1 { return "\(name) is the only tier." }
        if index == 0 { return "\(name) is protected longest." }
        if index == named - 1 { return "\(name) is shed first of all tiers." }
        return "\(name) is shed after \(snapshot.tiers[index + 1].name) and before \(snapshot.tiers[index - 1].name)."
    }

    private func reserve(of index: Int) -> [String] {
        let tier = snapshot.tiers[index]
        let all = reserves.reserves(of: index)
        guard !all.isEmpty else {
            guard tier.reserveBasisPoints > 0 else { return ["Nothing is kept for it."] }
            return [
                "It reserves \(UnitText.percentage(tier.reserveBasisPoints)), but of nothing: the policy sets no "
                    + "ceiling for the service or for a region."
            ]
        }
        let amounts = all.map { "\(Wording.rate($0.rate)) \($0.place)" }
        return [
            "\(Wording.sentence(Wording.list(amounts))) \(all.count == 1 ? "is" : "are") kept for it "
                + "(\(UnitText.percentage(tier.reserveBasisPoints)))."
        ]
    }

    private func limits(of index: Int) -> [String] {
        let tier = snapshot.tiers[index]
        var sentences: [String] = []
        if tier.holdbackBasisPoints > 0, snapshot.service != nil || !snapshot.regions.isEmpty {
            sentences.append(
                "It stops borrowing when less than \(UnitText.percentage(tier.holdbackBasisPoints)) of the shared "
                    + "pool is left.")
        }
        sentences += SeatWords(snapshot).sentences(of: index)
        if tier.nearMissBasisPoints != Tier.nearMissStandard {
            sentences.append(
                "It is a near miss when less than \(UnitText.percentage(tier.nearMissBasisPoints)) of what is kept "
                    + "for it is left to it.")
        }
        if !tier.latency.isEmpty {
            let promises = tier.latency.map {
                "\(NumberText.decimal(Int128($0.permille), scale: 10))% of its requests in less than "
                    + Wording.duration($0.below)
            }
            sentences.append("It promises to answer \(Wording.list(promises)).")
        }
        return sentences
    }

    private func members(of index: Int) -> [String] {
        let names = placements.all.filter { $0.tier == index }.map { words(for: $0, withPatterns: false) }
        let classes = snapshot.classes.filter { $0.tier == index }.map(\.name)
        return [
            names.isEmpty ? "No operation is in it." : "Its operations: \(Wording.list(names)).",
            classes.isEmpty ? "No class is in it." : "Its classes: \(Wording.list(classes)).",
        ]
    }
}

extension Narrator {
    /// An operation where it is in one tier: `envelope-status (GET /v1/envelopes/{id}, unless …)`.
    func words(for placement: OperationPlacements.Placement, withPatterns: Bool) -> String {
        let operation = snapshot.operations[placement.operation]
        var details: [String] = []
        if withPatterns {
            details.append(operation.patterns.isEmpty ? "named by the caller" : Wording.list(operation.patterns, "or"))
        }
        if let trafficClass = placement.trafficClass {
            details.append("as work of class \(snapshot.classes[trafficClass].name)")
        }
        if !placement.condition.isAlways { details.append(placement.condition.words) }
        return details.isEmpty ? operation.name : "\(operation.name) (\(details.joined(separator: ", ")))"
    }
}

extension Reserves.Reserve {
    /// Where it holds: `across the service`, `in eu-west-1`.
    var place: String { region.map { "in \($0)" } ?? "across the service" }
}
