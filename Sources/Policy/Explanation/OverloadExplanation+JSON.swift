internal import Vocabulary

extension OverloadExplanation {
    /// The explanation for programs; keys and their order are stable.
    package var json: JSONValue {
        .record([
            "title": .string(title), "sentence": .string(sentence),
            "protected": .array(tiers.map { tier in json(of: tier) }),
            "shedding": .array(steps.map(\.json)),
            "seats": .strings(seats),
            "keeps": .array(keeps.map(\.json)),
            "caveats": .strings(caveats),
        ])
    }

    private func json(of tier: ProtectedTier) -> JSONValue {
        .record([
            "tier": .string(tier.name),
            "reserves": .array(tier.reserves.map(\.json)), "seats": tier.seats.map { .string($0) },
            "operations": .array(protectedOperations.filter { $0.tier == tier.name }.map(\.json)),
            "classesOfOperationsWithoutTier": .strings(tier.classes.map(\.name)),
        ])
    }
}

extension Reserves.Reserve {
    fileprivate var json: JSONValue {
        .record([
            "scope": .string(region == nil ? "service" : "region"), "region": region.map { .string($0) },
            "rate": .string(rate.description), "perSecond": .millionths(Pace(rate).millionthsPerSecond),
            "atOnce": .integer(burst),
        ])
    }
}

extension OverloadExplanation.ProtectedOperation {
    fileprivate var json: JSONValue {
        .record([
            "name": .string(name), "patterns": .strings(patterns), "condition": condition.map { .string($0) },
            "costs": .array(costs.map { .integer($0) }),
        ])
    }
}

extension OverloadShedding.Step {
    fileprivate var json: JSONValue {
        .record(["tier": .string(tier), "members": .strings(members), "sentences": .strings(sentences)])
    }
}

extension OverloadExplanation.ClassKeep {
    fileprivate var json: JSONValue {
        .record(["class": .string(trafficClass), "plan": .string(plan), "keeps": .string(words)])
    }
}
