internal import Vocabulary

/// What a policy protects, by name.
///
/// Protected are: tiers with a reserve; operations that are in such a tier in any context; classes whose work repairs
/// or recovers, and classes in which protected operations run. Whoever cuts the tenant's own budget of a plan cuts
/// what its protected requests can do as well, so that counts too wherever anything is protected.
struct ProtectedNames {
    private var tiers: Set<String> = []
    private var operations: Set<String> = []
    private var classes: Set<String> = []

    /// Finds what a snapshot protects.
    init(_ snapshot: Snapshot) {
        let reserves = Reserves(snapshot)
        tiers = Set(reserves.tiers.map { snapshot.tiers[$0].name })
        let placements = OperationPlacements(snapshot)
        for index in snapshot.operations.indices {
            let isReserved = placements.byOperation[index].contains { reserves.tiers.contains($0.tier) }
            guard isReserved else { continue }
            operations.insert(snapshot.operations[index].name)
            classes.insert(snapshot.classes[snapshot.operations[index].trafficClass ?? snapshot.defaultClass].name)
        }
        for trafficClass in snapshot.classes where trafficClass.consequence.isProtected {
            classes.insert(trafficClass.name)
        }
    }

    /// What either of two policies protects.
    func union(_ other: ProtectedNames) -> ProtectedNames {
        var both = self
        both.tiers.formUnion(other.tiers)
        both.operations.formUnion(other.operations)
        both.classes.formUnion(other.classes)
        return both
    }

    /// Whether anything is protected at all.
    var isEmpty: Bool { tiers.isEmpty && operations.isEmpty && classes.isEmpty }

    /// Whether a fact about a subject is one about something protected.
    func covers(_ subject: PolicyDifference.Subject, _ aspect: PolicyDifference.Aspect) -> Bool {
        if let part = subject.part { return covers(part.kind, part.name) }
        if subject.kind == .plan { return PlanFacts.boundEverything.contains(aspect.code) && !isEmpty }
        return covers(subject.kind, subject.name ?? "")
    }

    private func covers(_ kind: PolicyDifference.Subject.Kind, _ name: String) -> Bool {
        switch kind {
        case .tier: tiers.contains(name)
        case .operation: operations.contains(name)
        case .trafficClass: classes.contains(name)
        default: false
        }
    }

    /// The facts of a plan that bound all of a tenant's requests, protected or not.
    private enum PlanFacts {
        typealias Aspect = PolicyDifference.Aspect
        static let boundEverything: Set<String> = [
            Aspect.ceiling.code, Aspect.ceilingBaseline.code, Aspect.ceilingBurst.code, Aspect.ceilingOverload.code,
            Aspect.burst.code, Aspect.quota("").code, Aspect.presence.code,
        ]
    }
}
