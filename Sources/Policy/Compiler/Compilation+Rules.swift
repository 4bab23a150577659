extension Compilation {
    /// Finds rules that always hold and rules that never get their turn.
    mutating func checkRules(of operation: PolicyDocument.Operation) {
        for rule in operation.rules where rule.tier != nil || rule.trafficClass != nil || rule.cost != nil {
            for condition in rule.conditions { checkSpelling(of: condition) }
        }
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

    /// A misspelt `tier` or `class` would silently become an attribute; its values give it away.
    private mutating func checkSpelling(of condition: PolicyDocument.Rule.Condition) {
        for (key, table) in [("tier", tierNames), ("class", classNames)] {
            guard Spelling.nearest(to: condition.attribute.value, among: [key]) != nil, !condition.values.isEmpty,
                condition.values.allSatisfy({ table[$0.value] != nil })
            else { continue }
            log.warning(
                .suspiciousAttribute,
                "\(condition.attribute.value.quoted) is read as an attribute, but its value is the name of a \(key)",
                at: condition.attribute.span, suggestion: "did you mean `\(key)`?")
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
