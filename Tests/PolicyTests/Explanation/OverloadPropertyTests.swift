import Testing

@testable import Policy

/// The one sentence against an independent reading of the policy.
@Suite struct OverloadPropertyTests {
    @Test func `the sentence names exactly the operations that are in a tier with a reserve`() throws {
        for seed in UInt64(0)..<500 {
            let draft = SnapshotDraft.drawn(seed: seed)
            let explanation = OverloadExplanation(try draft.snapshot())
            let reserved = draft.tiersWithReserve
            let expected = Set(
                draft.operations.filter { draft.tiers(of: $0).contains(where: reserved.contains) }.map(\.name))
            let shed = Set(draft.operations.filter { !draft.tiers(of: $0).isSubset(of: reserved) }.map(\.name))
            #expect(Set(explanation.protectedOperations.map(\.name)) == expected, "seed \(seed)")

            let sentence = explanation.sentence
            let clauses = sentence.components(separatedBy: "; ")
            let protecting = clauses.filter {
                $0.contains("served up to") || $0.hasPrefix("then ") && $0.contains(" up to ")
            }
            let others = clauses.filter { !protecting.contains($0) }
            #expect(Set(protecting.flatMap(OverloadPropertyTests.operations)) == expected, "seed \(seed): \(sentence)")
            #expect(Set(others.flatMap(OverloadPropertyTests.operations)) == shed, "seed \(seed): \(sentence)")
            #expect(sentence.hasPrefix("During overload") && sentence.hasSuffix("."), "seed \(seed)")
        }
    }

    @Test func `in every context exactly one condition holds, that of the tier which classification finds`() throws {
        for seed in UInt64(0)..<500 {
            let draft = SnapshotDraft.drawn(seed: seed)
            let snapshot = try draft.snapshot()
            let placements = OperationPlacements(snapshot)
            for (index, operation) in snapshot.operations.enumerated() {
                let stated = try #require(draft.operations.first { $0.name == operation.name })
                for context in SnapshotDraft.contexts {
                    let tiers = placements.byOperation[index].filter { $0.condition.holds(in: context) }
                        .map { snapshot.tiers[$0.tier].name }
                    #expect(tiers == [draft.tier(of: stated, in: context)], "seed \(seed)")
                }
            }
        }
    }

    @Test func `every condition that is named holds somewhere`() throws {
        for seed in UInt64(0)..<500 {
            let snapshot = try SnapshotDraft.drawn(seed: seed).snapshot()
            for index in snapshot.operations.indices {
                for placement in OperationPlacements(snapshot).byOperation[index] {
                    #expect(SnapshotDraft.contexts.contains(where: placement.condition.holds), "seed \(seed)")
                }
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

    /// The tiers that keep a part of the service, of a region or of the seats for themselves.
    fileprivate var tiersWithReserve: Set<String> {
        Set(tiers.filter { $0.reserveBasisPoints > 0 }.map(\.name))
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
