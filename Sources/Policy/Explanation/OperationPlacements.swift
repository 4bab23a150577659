/// In which tiers the requests of each operation are, by context.
struct OperationPlacements {
    private let snapshot: Snapshot

    /// Looks at the operations of a snapshot.
    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

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

    /// The tiers of an operation, the most protected first.
    ///
    /// - Complexity: O(rules² · conditions), besides the search of `isReachable`.
    func placements(of index: Int) -> [Placement] {
        let operation = snapshot.operations[index]
        let end = operation.rules.firstIndex { $0.conditions.isEmpty }  // holds always, so it takes the base's place
        let base = result(of: end.map { operation.rules[$0] }, operation)
        let rules = operation.rules[..<(end ?? operation.rules.endIndex)].indices
            .filter { ContextReach.isReachable($0, in: operation.rules) }
            .map { (conditions: operation.rules[$0].conditions, result: result(of: operation.rules[$0], operation)) }
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

    /// The operations that name no tier: theirs is that of the request's class.
    var classDependent: [Int] { snapshot.operations.indices.filter { snapshot.operations[$0].tier == nil } }

    private typealias Result = (tier: Int, trafficClass: Int?, cost: Int64)

    /// What an operation says where a rule, or none, decides.
    private func result(of rule: Operation.ContextRule?, _ operation: Operation) -> Result {
        let cost = max(1, rule?.cost ?? operation.cost)
        if let tier = rule?.tier ?? operation.tier { return (tier, nil, cost) }
        let trafficClass = rule?.trafficClass ?? operation.trafficClass ?? snapshot.defaultClass
        return (snapshot.classes[trafficClass].tier, trafficClass, cost)
    }
}
