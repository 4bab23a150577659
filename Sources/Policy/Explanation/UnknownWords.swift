internal import Vocabulary

/// Says what happens to requests that the policy does not know.
struct UnknownWords {
    private let snapshot: Snapshot

    /// Looks at a snapshot.
    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Whether anything unknown is let through the narrow gate that all of it shares.
    var isQuarantined: Bool {
        snapshot.unknown.credential == .quarantine || snapshot.unknown.operation == .quarantine
    }

    /// Whether everything unknown is refused at any time, overload or not.
    var isAlwaysRefused: Bool { !isQuarantined && lenient.isEmpty }

    /// The treatment in sentences.
    var sentences: [String] { [strangers, unmatched, contested] + exceptions + quarantine }

    /// What becomes of callers without a known credential: `refused`, and as long as their class is not enforced `let
    /// through as work of class …`.
    var strangersAre: String {
        guard snapshot.unknown.credential == .block else { return "quarantined" }
        let trafficClass = snapshot.classes[snapshot.defaultClass]
        guard trafficClass.stage != .enforce else { return "refused" }
        return "let through as long as class \(trafficClass.name), in which their work counts, is in stage "
            + trafficClass.stage.name
    }

    /// The classes in which nothing is refused by who or what it is.
    private var lenient: [TrafficClass] { snapshot.classes.filter { $0.stage != .enforce } }

    private var strangers: String {
        let isRefused = strangersAre == "refused"
        return "Callers without a known credential are \(strangersAre)\(isRefused ? " at any time" : "")."
    }

    private var unmatched: String {
        let subject = "Requests of known callers that match no operation are"
        guard snapshot.unknown.operation == .block else { return "\(subject) quarantined." }
        guard !lenient.isEmpty else { return "\(subject) refused at any time." }
        return "\(subject) refused unless their class is \(Wording.list(lenient.map(\.name), "or"))."
    }

    /// What becomes of paths that two programs may read differently, and of attributes that contradict each other.
    private var contested: String {
        let stage = snapshot.classificationIndex.strictestStage
        let subject = "Requests that can be read in more than one way are"
        guard stage != .enforce else { return "\(subject) refused at any time, whatever their class." }
        return "\(subject) let through as long as no class is enforced."
    }

    /// What a milder stage opens besides budgets.
    private var exceptions: [String] {
        guard !lenient.isEmpty else { return [] }
        return [
            "Revoked keys, suspended tenants and work that the caller may not do are let through as well where the class "
                + "is \(Wording.list(lenient.map(\.name), "or")): \(lenient.count == 1 ? "it is" : "they are") not "
                + "enforced."
        ]
    }

    private var quarantine: [String] {
        guard isQuarantined else { return [] }
        let budget = snapshot.unknown.quarantine
        let cost = snapshot.classificationIndex.unknownCost
        return [
            "Everything quarantined, of all callers together, shares \(Wording.rate(budget.rate)), and "
                + "\(NumberText.grouped(budget.burst)) at once; nothing is kept for it."
        ] + (cost > 1 ? ["A request that matches no operation counts as \(NumberText.grouped(cost))."] : [])
    }
}
