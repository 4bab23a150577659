/// In which tiers the requests of each operation are, by context.
struct OperationPlacements {
    /// The tiers of each operation, by operation index, the most protected first.
    let byOperation: [[Placement]]
    /// The operations that name no tier: theirs is that of the request's class.
    let classDependent: [Int]

    /// Looks at the operations of a snapshot.
    ///
    /// - Complexity: O(rules² · conditions) for each operation, besides the search of `ContextReach`.
    init(_ snapshot: Snapshot) {
        byOperation = snapshot.operations.indices.map { OperationPlacements.placements(of: $0, in: snapshot) }
        classDependent = snapshot.operations.indices.filter { snapshot.operations[$0].tier == nil }
    }

    /// The tiers of all operations.
    var all: [Placement] { byOperation.flatMap(\.self) }

    /// One tier of an operation.
    struct Placement: Hashable, Sendable {
        /// The operation.
        let operation: Int
        /// The tier.
        let tier: Int
        /// The contexts in which it is in that tier.
        let condition: TierCondition
        /// The class whose tier it is because the operation names none; `nil` if it names the tier itself.
        let trafficClass: Int?
        /// What such a request can cost, lowest first.
        let costs: [Int64]
    }

    private static func placements(of index: Int, in snapshot: Snapshot) -> [Placement] {
        let operation = snapshot.operations[index]
        let end = operation.rules.firstIndex { $0.conditions.isEmpty }  // holds always, so it takes the base's place
        let base = snapshot.placement(of: operation, by: end.map { operation.rules[$0] })
        let rules = operation.rules[..<(end ?? operation.rules.endIndex)].indices
            .filter { ContextReach.isReachable($0, in: operation.rules) }
            .map {
                (
                    conditions: operation.rules[$0].conditions,
                    result: snapshot.placement(of: operation, by: operation.rules[$0])
                )
            }
        let tiers = Set([base.tier] + rules.map(\.result.tier)).sorted()
        return tiers.map { tier in
            let isUsual = base.tier == tier
            let contexts = rules.indices.filter { (rules[$0].result.tier == tier) != isUsual }.map { position in
                let earlier = rules[..<position].filter {
                    ($0.result.tier == tier) == isUsual
                        && ContextReach.canHoldTogether($0.conditions, rules[position].conditions)
                }
                return TierCondition.Context(
                    conditions: rules[position].conditions, unless: earlier.map(\.conditions))
            }
            let results = (isUsual ? [base] : []) + rules.map(\.result).filter { $0.tier == tier }
            return Placement(
                operation: index, tier: tier, condition: TierCondition(isUsual: isUsual, contexts: contexts),
                trafficClass: results.compactMap(\.trafficClass).first, costs: Set(results.map(\.cost)).sorted())
        }
    }
}

extension Snapshot {
    /// What an operation's requests are where a rule, or none, decides; the class is there if the tier is the class's.
    fileprivate func placement(
        of operation: Operation, by rule: Operation.ContextRule?
    ) -> (tier: Int, trafficClass: Int?, cost: Int64) {
        let cost = max(1, rule?.cost ?? operation.cost)
        if let tier = rule?.tier ?? operation.tier { return (tier, nil, cost) }
        let trafficClass = rule?.trafficClass ?? operation.trafficClass ?? defaultClass
        return (classes[trafficClass].tier, trafficClass, cost)
    }
}
