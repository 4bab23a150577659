internal import Vocabulary

extension Compilation {
    /// Checks what is said about health and lowers it; `nil` if the policy has no such section.
    mutating func lowerHealth() -> HealthPolicy? {
        guard let stated = document.health else { return nil }
        if stated.signals.isEmpty, stated.upstream == nil {
            log.error(
                .missingKey, "`health` names nothing by which anybody could tell it", at: stated.span,
                suggestion: "add `upstream: {}`, or `signals: { database: { stressed: 80 } }`")
        }
        let signals = stated.signals.sorted { $0.name.value < $1.name.value }.map { lower($0) }
        return HealthPolicy(
            signals: signals, upstream: stated.upstream, settle: stated.settle, shedBasisPoints: stated.shed,
            tenantErrors: stated.tenantErrors)
    }

    private mutating func lower(_ signal: PolicyDocument.Health.Signal) -> HealthPolicy.Signal {
        let marks = [signal.steady, signal.stressed, signal.overloaded].compactMap(\.self)
        guard let first = marks.first, let last = marks.last else {
            return HealthPolicy.Signal(name: signal.name.value, absent: signal.absent)
        }
        let isFalling = last.value < first.value
        for (one, next) in zip(marks, marks.dropFirst())
        where isFalling ? one.value <= next.value : one.value >= next.value {
            log.error(
                .invalidValue, "the marks of \(signal.name.value.quoted) neither rise nor fall", at: next.span,
                suggestion: "write numbers that only rise, or only fall where less is worse",
                notes: [Diagnostic.Note("the mark before is here", at: one.span)])
        }
        return HealthPolicy.Signal(
            name: signal.name.value,
            marks: HealthPolicy.Marks(
                steady: signal.steady?.value, stressed: signal.stressed?.value, overloaded: signal.overloaded?.value,
                isFalling: isFalling), absent: signal.absent)
    }
}
