extension Compilation {
    /// Checks the operations and lowers those whose parts could be resolved.
    mutating func lowerOperations() -> [Operation?] {
        for operation in operations where operation.name.value == "none" {
            log.error(
                .reservedName, "no operation can be called `none`; tests say so when nothing matches",
                at: operation.name.span, suggestion: "choose another name")
        }
        return operations.map { lower($0) }
    }

    private mutating func lower(_ operation: PolicyDocument.Operation) -> Operation? {
        checkRules(of: operation)
        let tier = operation.tier.map { resolveTier($0) }
        let trafficClass = operation.trafficClass.map { resolve($0, in: classNames) }
        let rules = operation.rules.map { lower($0) }
        let isResolved = tier != .some(nil) && trafficClass != .some(nil) && rules.allSatisfy { $0 != nil }
        guard isResolved else { return nil }
        return Operation(
            name: operation.name.value, patterns: operation.patterns.map(\.text), cost: operation.cost?.value ?? 1,
            seats: operation.seats?.value ?? 1,
            tier: tier ?? nil, trafficClass: trafficClass ?? nil, feature: operation.feature?.value,
            idempotency: operation.idempotency, rules: rules.compactMap { $0 })
    }

    private mutating func lower(_ rule: PolicyDocument.Rule) -> Operation.ContextRule? {
        let tier = rule.tier.map { resolveTier($0) }
        let trafficClass = rule.trafficClass.map { resolve($0, in: classNames) }
        guard tier != .some(nil), trafficClass != .some(nil) else { return nil }
        let conditions = rule.conditions.map { condition in
            Operation.Condition(attribute: condition.attribute.value, values: condition.values.map(\.value).sorted())
        }
        return Operation.ContextRule(
            conditions: conditions.sorted { $0.attribute < $1.attribute }, tier: tier ?? nil,
            trafficClass: trafficClass ?? nil, cost: rule.cost?.value)
    }

    /// All patterns with the indices of their operations.
    var patterns: [(operation: Int, pattern: OperationPattern)] {
        operations.enumerated().flatMap { index, operation in operation.patterns.map { (index, $0.pattern) } }
    }

    /// Checks the patterns against one another and compiles the matcher.
    mutating func lowerMatcher() -> OperationMatcher {
        let places = operations.flatMap { operation in
            operation.patterns.map { (operation: operation.name.value, text: $0.text, span: $0.span) }
        }
        for conflict in OperationMatcher.conflicts(in: patterns) {
            let winner = places[conflict.winner]
            let loser = places[conflict.loser]
            let notes = [
                Diagnostic.Note("\(winner.text.quoted) of \(winner.operation.quoted) is here", at: winner.span)
            ]
            switch conflict.kind {
            case .identical:
                log.error(
                    .identicalOperations,
                    "\(loser.text.quoted) matches the same requests as \(winner.text.quoted) of the operation "
                        + winner.operation.quoted, at: loser.span,
                    suggestion: "remove one of them, or tell the two apart by `when`", notes: notes)
            case .ambiguous(let example):
                log.error(
                    .ambiguousOperations,
                    "\(example.quoted) matches both \(loser.text.quoted) and \(winner.text.quoted) of the operation "
                        + "\(winner.operation.quoted), and neither is narrower", at: loser.span,
                    suggestion: "make one of them narrower, or add a pattern for what both match", notes: notes)
            case .unsearched:
                log.error(
                    .tooMany,
                    "words and parameters stand side by side at so many places of patterns like \(loser.text.quoted) that "
                        + "their overlaps cannot be checked", at: loser.span,
                    suggestion: "let only a word or only a parameter lead on at most of these places")
            case .unreachable:
                log.error(
                    .unreachableOperation,
                    "\(loser.text.quoted) never matches, because narrower patterns take all its requests",
                    at: loser.span, suggestion: "remove it", notes: notes)
            }
        }
        return OperationMatcher(patterns: patterns)
    }
}
