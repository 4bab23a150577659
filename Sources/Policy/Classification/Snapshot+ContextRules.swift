extension Snapshot {
    /// What the attributes of a request say about an operation's rules.
    enum RuleMatch: Hashable {
        /// No rule holds, or there is none.
        case none
        /// The rule with this index is the first that holds.
        case rule(Int)
        /// Whether the first rule that could hold does hold depends on which of two stated values is true.
        case contradiction
    }

    /// The first rule of an operation whose conditions all hold.
    ///
    /// - Complexity: O(conditions × attributes); nothing for operations without rules.
    func matchingRule(of operation: Int, _ attributes: [(name: String, value: String)]) -> RuleMatch {
        guard !operations[operation].rules.isEmpty else { return .none }
        for (index, rule) in operations[operation].rules.enumerated() {
            switch Snapshot.verdict(on: rule.conditions, attributes) {
            case .holds: return .rule(index)
            case .fails: continue
            case .contradicted: return .contradiction
            }
        }
        return .none
    }

    private enum Verdict { case holds, fails, contradicted }

    /// Whether all conditions hold: one that fails decides, whatever else is contradicted.
    private static func verdict(
        on conditions: [Operation.Condition], _ attributes: [(name: String, value: String)]
    ) -> Verdict {
        var all = Verdict.holds
        for condition in conditions {
            switch verdict(on: condition, attributes) {
            case .holds: continue
            case .fails: return .fails
            case .contradicted: all = .contradicted
            }
        }
        return all
    }

    /// Whether one condition holds; an attribute that is not stated satisfies nothing.
    private static func verdict(
        on condition: Operation.Condition, _ attributes: [(name: String, value: String)]
    ) -> Verdict {
        var verdict: Verdict?
        for attribute in attributes where attribute.name == condition.attribute {
            let own: Verdict = condition.values.contains(attribute.value) ? .holds : .fails
            guard verdict == nil || verdict == own else { return .contradicted }
            verdict = own
        }
        return verdict ?? .fails
    }
}
