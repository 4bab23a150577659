internal import Vocabulary

extension OverloadCaveats {
    /// What follows from classes that decide about tiers, and from those that not everybody may use.
    var classes: [String] {
        var sentences: [String] = []
        let names = facts.placements.classDependent.map { snapshot.operations[$0].name }
        if !names.isEmpty {
            sentences.append(
                "\(Wording.sentence(Wording.list(names))) \(names.count == 1 ? "names" : "name") no tier: a caller "
                    + "that works in another class than usual, by a claim or because its principal lists that class "
                    + "first, moves such a request into that class's tier."
            )
        }
        let governed = protectedOperations.flatMap { operation in
            [operation.trafficClass ?? snapshot.defaultClass] + operation.rules.compactMap(\.trafficClass)
        }
        .filter { snapshot.classes[$0].governed }.unique.sorted()
        let (closed, open) = (governed.filter { isEnforced($0) }, governed.filter { !isEnforced($0) })
        if !closed.isEmpty {
            sentences.append(
                "Work of \(Wording.classes(closed.map { snapshot.classes[$0].name })) is refused at any time unless "
                    + "the caller is granted the class.")
        }
        if !open.isEmpty {
            sentences.append(
                "Work of \(Wording.classes(open.map { snapshot.classes[$0].name })) is for callers that are granted "
                    + "the class, but until it is enforced nobody is refused for that.")
        }
        return sentences
    }

    private func isEnforced(_ trafficClass: Int) -> Bool { snapshot.classes[trafficClass].stage == .enforce }

    /// What protected requests must bring along.
    var demands: [String] {
        let keyed = protectedOperations.filter { $0.idempotency == .required }.map(\.name)
        let keys =
            keyed.isEmpty
            ? []
            : [
                "Callers of \(Wording.list(keyed, "or")) must send an idempotency key; where Headgate is the proxy, "
                    + "calls without are refused."
            ]
        return keys + protectedOperations.compactMap(lack)
    }

    /// Which plans lack the feature that an operation needs.
    private func lack(of operation: Operation) -> String? {
        guard let feature = operation.feature else { return nil }
        let plans = snapshot.plans.filter { !$0.features.contains(feature) }.map(\.name)
        guard !plans.isEmpty else { return nil }
        return
            "\(Wording.sentence(operation.name)) needs the feature \(feature), which "
            + "\(plans.count == 1 ? "plan" : "plans") \(Wording.list(plans)) \(plans.count == 1 ? "lacks" : "lack")."
    }

    private var protectedOperations: [Operation] {
        facts.protected.flatMap(\.operations).map { snapshot.operations[$0.operation] }.unique
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
