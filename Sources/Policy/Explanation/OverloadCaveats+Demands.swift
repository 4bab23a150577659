internal import Vocabulary

extension OverloadCaveats {
    /// What follows from classes that decide about tiers.
    var classes: [String] {
        guard !facts.placements.classDependent.isEmpty else { return [] }
        let names = facts.placements.classDependent.map { snapshot.operations[$0].name }
        return [
            "\(Wording.sentence(Wording.list(names))) \(names.count == 1 ? "names" : "name") no tier: a caller that "
                + "is granted another class than usual, and claims it, moves such a request into that class's tier."
        ]
    }

    /// What protected requests must bring along.
    var demands: [String] {
        let operations = facts.protected.flatMap(\.operations).map { snapshot.operations[$0.operation] }.unique
        return operations.flatMap { operation -> [String] in
            var sentences: [String] = []
            let lacking = snapshot.plans.filter { plan in
                operation.feature.map { !plan.features.contains($0) } ?? false
            }
            if let feature = operation.feature, !lacking.isEmpty {
                sentences.append(
                    "\(Wording.sentence(operation.name)) needs the feature \(feature), which "
                        + "\(lacking.count == 1 ? "plan" : "plans") \(Wording.list(lacking.map(\.name))) "
                        + "\(lacking.count == 1 ? "lacks" : "lack").")
            }
            return sentences
        }
    }

    /// What is odd about the tiers.
    var tiers: [String] {
        var sentences: [String] = []
        for tier in facts.protected where tier.isEmpty && tier.index != snapshot.quarantineTier {
            sentences.append("Tier \(snapshot.tiers[tier.index].name) has a reserve, but no request is ever in it.")
        }
        let last = facts.protected.last?.index ?? 0
        for tier in facts.unprotected where tier.index < last && !tier.operations.isEmpty {
            sentences.append(
                "Tier \(snapshot.tiers[tier.index].name) stands before \(snapshot.tiers[last].name) but has no "
                    + "reserve: when the shared pool is empty, its requests are refused and those of "
                    + "\(snapshot.tiers[last].name) are not."
            )
        }
        if let service = snapshot.service, !service.isUniform {
            sentences.append(
                "Reserves are the same whatever the state of the system; what more there is while it is steady goes "
                    + "into the shared pool.")
        }
        return sentences
    }
}
