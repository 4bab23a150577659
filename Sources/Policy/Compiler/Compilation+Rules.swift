extension Compilation {
    /// Finds rules that always hold and rules that never get their turn.
    mutating func checkRules(of operation: PolicyDocument.Operation) {
        for (index, rule) in operation.rules.enumerated() where !rule.isDamaged {
            guard !rule.conditions.isEmpty else {
                log.error(
                    .unconditionalRule, "this rule has no condition, so it always holds", at: rule.span,
                    suggestion: "write its results at the operation itself, or add an attribute, as in "
                        + "`workflow.stage: dormant`")
                continue
            }
            let earlier = operation.rules[..<index].first { !$0.isDamaged && $0.covers(rule) }
            guard let earlier else { continue }
            log.error(
                .unreachableRule, "this rule never gets its turn, because an earlier one holds whenever it would",
                at: rule.span, suggestion: "put the narrower rule first, or remove it",
                notes: [Diagnostic.Note("the earlier rule is here", at: earlier.span)])
        }
    }
}

extension PolicyDocument.Rule {
    /// Whether this rule holds whenever another one does: each of its conditions is implied by one of the other's.
    fileprivate func covers(_ other: PolicyDocument.Rule) -> Bool {
        !conditions.isEmpty
            && conditions.allSatisfy { condition in
                other.conditions.contains { candidate in
                    candidate.attribute.value == condition.attribute.value
                        && candidate.values.allSatisfy { value in
                            condition.values.contains { $0.value == value.value }
                        }
                }
            }
    }
}
