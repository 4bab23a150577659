/// In which contexts a request of an operation is in a tier: exactly those, by the rule that the first one that holds
/// decides.
///
/// Derivation. Let T be a tier. If the operation without rules is in T, a request leaves T exactly if some rule that
/// leads elsewhere holds and no rule before it that leads to T does. If it is not, a request is in T exactly if some
/// rule that leads to T holds and no rule before it that leads elsewhere does.
struct TierCondition: Hashable, Sendable {
    /// Whether the contexts below are the exceptions (true) or the only ones (false).
    let isUsual: Bool
    /// The contexts.
    let contexts: [Context]

    /// One context: conditions that hold together, unless others hold too.
    struct Context: Hashable, Sendable {
        /// The attributes and the values that satisfy them.
        let conditions: [Operation.Condition]
        /// Conditions under which an earlier rule decides instead.
        let unless: [[Operation.Condition]]
    }

    /// Whether there is no exception.
    var isAlways: Bool { isUsual && contexts.isEmpty }

    /// What follows the operation's name: `unless workflow.stage is dormant`; empty if it always holds.
    var words: String {
        let clauses = contexts.map(\.words)
        guard isUsual else { return clauses.map { "when \($0)" }.joined(separator: ", or ") }
        guard clauses.count > 1 else { return clauses.map { "unless \($0)" }.joined() }
        return clauses.map { "except when \($0)" }.joined(separator: ", and ")
    }
}

extension TierCondition.Context {
    /// The context as a clause: `workflow.stage is dormant (but not when user.kind is bot)`.
    var words: String {
        let exceptions = unless.map { Operation.Condition.words($0) }
        let clause = Operation.Condition.words(conditions)
        return exceptions.isEmpty ? clause : clause + " (but not when \(Wording.list(exceptions, "or when")))"
    }
}

extension Operation.Condition {
    /// The condition as a clause: `workflow.stage is dormant or closed`.
    var words: String { "\(attribute) is \(Wording.list(values, "or"))" }

    /// Conditions that hold together as a clause.
    static func words(_ conditions: [Operation.Condition]) -> String {
        conditions.isEmpty ? "always" : Wording.list(conditions.map(\.words))
    }
}
