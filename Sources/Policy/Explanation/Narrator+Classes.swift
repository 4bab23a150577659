internal import Vocabulary

extension Narrator {
    /// The classes.
    var classes: [Section] {
        snapshot.classes.map { trafficClass in
            Section(
                kind: "class", name: trafficClass.name,
                sentences: nature(of: trafficClass) + sharing(of: trafficClass) + limiting(of: trafficClass)
                    + stages(of: trafficClass))
        }
    }

    private func nature(of trafficClass: TrafficClass) -> [String] {
        let name = trafficClass.name
        var sentences = [
            "Work of class \(name) \(trafficClass.consequence.words); \(trafficClass.owner) answers for it.",
            "It is in tier \(snapshot.tiers[trafficClass.tier].name) unless its operation names another tier.",
        ]
        if trafficClass.governed { sentences.append("Only callers that are granted this class may do its work.") }
        if trafficClass.advertisesBackoff {
            sentences.append("When it is refused, the answer says at which rate to go on.")
        }
        if trafficClass.nearMissBasisPoints != Tier.nearMissStandard {
            sentences.append(
                "It is a near miss when less than \(UnitText.percentage(trafficClass.nearMissBasisPoints)) of its "
                    + "guarantee is left to it.")
        }
        return sentences
    }

    private func sharing(of trafficClass: TrafficClass) -> [String] {
        var sentences: [String] = []
        if trafficClass.isolated {
            sentences.append("Nobody can borrow its budgets, and it borrows from nobody.")
        }
        if !trafficClass.mustNotCompete.isEmpty {
            let others = trafficClass.mustNotCompete.map { snapshot.classes[$0].name }
            sentences.append("Inside a tenant it never draws on one pool together with \(Wording.list(others)).")
            sentences += apartness(of: trafficClass)
        }
        return sentences
    }

    /// What keeps a class apart from those that it must not compete with, where all tenants share.
    private func apartness(of trafficClass: TrafficClass) -> [String] {
        guard snapshot.service != nil || !snapshot.regions.isEmpty else { return [] }
        let tiers = Set(trafficClass.mustNotCompete.map { snapshot.classes[$0].tier }).subtracting([trafficClass.tier])
        let place = snapshot.service == nil ? "In the regions" : "In the service"
        return tiers.sorted().map { tier in
            let names = trafficClass.mustNotCompete.filter { snapshot.classes[$0].tier == tier }
                .map { snapshot.classes[$0].name }
            let shed = snapshot.tiers[max(tier, trafficClass.tier)]
            let protected = snapshot.tiers[min(tier, trafficClass.tier)]
            let share = UnitText.percentage(shed.holdbackBasisPoints)
            return "\(place) it is in another tier than \(Wording.list(names)), unless an operation names the tier: "
                + "neither can take what is reserved for the other's tier; of the pool that all tiers share, "
                + "\(shed.name) leaves \(share) to \(protected.name) and other more protected work."
        }
    }

    private func limiting(of trafficClass: TrafficClass) -> [String] {
        guard let onLimit = trafficClass.onLimit else { return [] }
        var steps: [String] = []
        if let reschedule = onLimit.reschedule {
            steps.append("its workers wait \(Wording.duration(reschedule)) and try again")
        }
        if let escalate = onLimit.escalateAfter { steps.append("after \(Wording.duration(escalate)) a person is told") }
        if let fallback = onLimit.fallback { steps.append("the fallback is: \(fallback)") }
        guard let last = steps.last else { return [] }
        // The owner's words may end a sentence themselves.
        let isEnded = last.last.map { ".!?…".contains($0) } ?? false
        return ["When it is limited, \(steps.joined(separator: "; "))\(isEnded ? "" : ".")"]
    }

    private func stages(of trafficClass: TrafficClass) -> [String] {
        var sentences: [String] = []
        if trafficClass.stage != .enforce {
            sentences.append(
                "It is in stage \(trafficClass.stage.name): \(trafficClass.stage.words) or for who or what it is.")
        }
        for blackout in trafficClass.blackouts {
            sentences.append(
                "Every week from \(WeekTime.words(blackout.startMinute)) to \(WeekTime.words(blackout.endMinute)) "
                    + "UTC it is in stage \(blackout.stage.name) or a milder one: \(blackout.stage.words).")
        }
        return sentences
    }
}

extension Consequence {
    /// What the work is, to follow "work of class x".
    fileprivate var words: String {
        switch self {
        case .low: "can slow down or come back later"
        case .timeSensitive: "is felt by a person, or breaks a promise, when it lags"
        case .repair: "restores correct data after drift or failure"
        case .recovery: "is how people and tools end an incident"
        }
    }
}

extension Stage {
    /// What the stage means for work that exceeds a limit.
    var words: String {
        switch self {
        case .observe: "it is only counted, and nothing of it is refused by a budget"
        case .shadow: "decisions are recorded, and nothing of it is refused by a budget"
        case .advise: "callers are told what would be refused, and nothing of it is refused by a budget"
        case .enforce: "what exceeds a limit is refused"
        }
    }
}
