internal import Vocabulary

/// What classification looks up by name or by plan, prepared once per snapshot.
struct ClassificationIndex: Sendable {
    /// The number of each class, by name: for claims.
    let classes: [String: Int]
    /// The number of each operation, by name: for callers that name the operation.
    let operations: [String: Int]
    /// What a request costs that no operation is known for: never less than the dearest operation, so that it
    /// never pays to be unknown.
    let unknownCost: Int64
    /// The strictest stage that the policy states for any class.
    let strictestStage: Stage
    /// The number of the feature that each operation needs, by operation; -1: none.
    private let featureOfOperation: [Int]
    /// Whether a plan has a feature, at `plan * featureCount + feature`.
    private let grants: [Bool]
    private let featureCount: Int

    /// Prepares the lookups.
    ///
    /// - Complexity: linear in the operations and the features of all plans.
    init(classes: [TrafficClass], operations: [Operation], plans: [Plan], unknown: UnknownTreatment) {
        self.classes = ClassificationIndex.numbers(of: classes.map(\.name))
        self.operations = ClassificationIndex.numbers(of: operations.map(\.name))
        let costs = operations.flatMap { [$0.cost] + $0.rules.compactMap(\.cost) }
        unknownCost = max(1, unknown.cost, costs.max() ?? 1)
        strictestStage = classes.map(\.stage).max() ?? .enforce
        var features = OperationMatcher.Numbering()
        featureOfOperation = operations.map { $0.feature.map { Int(features.number(of: $0)) } ?? -1 }
        let words = features.words
        featureCount = words.count
        grants = plans.flatMap { plan in
            let granted = Set(plan.features)
            return words.map { granted.contains($0) }
        }
    }

    private static func numbers(of names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }

    /// Whether a plan has the feature that an operation needs.
    ///
    /// - Complexity: O(1).
    func isEntitled(plan: Int, operation: Int) -> Bool {
        let feature = featureOfOperation[operation]
        guard feature >= 0 else { return true }
        return grants[plan * featureCount + feature]
    }

    /// Whether an operation needs any feature.
    func needsFeature(operation: Int) -> Bool { featureOfOperation[operation] >= 0 }
}
