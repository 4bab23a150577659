import Testing

@testable import Policy

/// The one sentence against an independent reading of the policy.
@Suite struct OverloadPropertyTests {
    @Test(arguments: 0..<500 as Range<UInt64>)
    func `the sentence names exactly the operations that are in a tier with a reserve`(seed: UInt64) throws {
        let draft = SnapshotDraft.random(seed: seed)
        let explanation = OverloadExplanation(try draft.snapshot())
        let reserved = draft.tiersWithReserve
        let expected = Set(
            draft.operations.filter { draft.tiers(of: $0).contains(where: reserved.contains) }.map(\.name))
        let shed = Set(draft.operations.filter { !draft.tiers(of: $0).isSubset(of: reserved) }.map(\.name))
        #expect(Set(explanation.protectedOperations.map(\.name)) == expected)

        let clauses = explanation.sentence.components(separatedBy: "; ")
        let protecting = clauses.filter {
            $0.contains("served up to") || $0.hasPrefix("then ") && $0.contains(" up to ")
        }
        let others = clauses.filter { !protecting.contains($0) }
        #expect(Set(protecting.flatMap(OverloadPropertyTests.operations)) == expected, "\(explanation.sentence)")
        #expect(Set(others.flatMap(OverloadPropertyTests.operations)) == shed, "\(explanation.sentence)")
        #expect(explanation.sentence.hasPrefix("During overload, ") && explanation.sentence.hasSuffix("."))
    }

    @Test(arguments: 0..<500 as Range<UInt64>)
    func `in every context exactly one condition holds, that of the tier which classification finds`(seed: UInt64)
        throws
    {
        let draft = SnapshotDraft.random(seed: seed)
        let snapshot = try draft.snapshot()
        let placements = OperationPlacements(snapshot)
        for (index, operation) in snapshot.operations.enumerated() {
            let stated = try #require(draft.operations.first { $0.name == operation.name })
            for context in SnapshotDraft.contexts {
                let tiers = placements.placements(of: index).filter { $0.condition.holds(in: context) }
                    .map { snapshot.tiers[$0.tier].name }
                #expect(tiers == [draft.tier(of: stated, in: context)])
            }
        }
    }

    @Test(arguments: 0..<500 as Range<UInt64>)
    func `every condition that is named holds somewhere`(seed: UInt64) throws {
        let snapshot = try SnapshotDraft.random(seed: seed).snapshot()
        for index in snapshot.operations.indices {
            for placement in OperationPlacements(snapshot).placements(of: index) {
                #expect(SnapshotDraft.contexts.contains(where: placement.condition.holds))
            }
        }
    }

    /// The operations that a clause names.
    private static func operations(in clause: String) -> [String] {
        clause.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
            .filter { $0.hasPrefix("operation-") }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator).map(String.init)
    }
}

extension SnapshotDraft {
    /// Every context that random rules can tell apart: two attributes with three values, another value, or none.
    static let contexts: [[String: String]] = {
        let values: [String?] = ["a", "b", "c", "other", nil]
        return values.flatMap { stage in
            values.map { kind in
                ["stage": stage, "kind": kind].compactMapValues(\.self)
            }
        }
    }()

    /// The tiers that keep a part of the service or of a region for themselves.
    fileprivate var tiersWithReserve: Set<String> {
        guard service != nil || !regions.isEmpty else { return [] }
        return Set(tiers.filter { $0.reserveBasisPoints > 0 }.map(\.name))
    }

    /// The tier of a request in a context, read straight from the rules: the first that holds decides.
    fileprivate func tier(of operation: OperationDraft, in context: [String: String]) -> String {
        let rule = operation.rules.first { rule in
            rule.conditions.allSatisfy { condition in
                context[condition.attribute].map(condition.values.contains) ?? false
            }
        }
        if let tier = rule?.tier ?? operation.tier { return tier }
        let name = rule?.trafficClass ?? operation.trafficClass ?? defaultClass
        return classes.first { $0.name == name }?.tier ?? ""
    }

    fileprivate func tiers(of operation: OperationDraft) -> Set<String> {
        Set(SnapshotDraft.contexts.map { tier(of: operation, in: $0) })
    }
}

extension TierCondition {
    /// Whether the condition holds in a context, read from its structure.
    fileprivate func holds(in context: [String: String]) -> Bool {
        let isExceptional = contexts.contains { $0.holds(in: context) }
        return isUsual != isExceptional
    }
}

extension TierCondition.Context {
    fileprivate func holds(in context: [String: String]) -> Bool {
        let all = { (conditions: [Policy.Operation.Condition]) in
            conditions.allSatisfy { condition in context[condition.attribute].map(condition.values.contains) ?? false }
        }
        return all(conditions) && !unless.contains(where: all)
    }
}
