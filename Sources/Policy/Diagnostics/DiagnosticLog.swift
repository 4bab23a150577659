/// Collects diagnostics, up to a bound.
package struct DiagnosticLog: Sendable {
    /// How many mistakes are kept: nobody reads more, and a file full of them must not fill the memory.
    package static let countMax = 1_000

    private var kept: [Diagnostic] = []
    private var omitted: [Diagnostic.Severity: Int] = [:]

    /// Begins with nothing wrong.
    package init() {}

    /// What is wrong so far, in the order of the files; the last one says how many were left out, if any were.
    package var diagnostics: [Diagnostic] {
        guard let last = kept.last, !omitted.isEmpty else { return kept.inOrder() }
        let count = omitted.values.reduce(0, +)
        let words = count == 1 ? "1 more mistake is not listed" : "\(count) more mistakes are not listed"
        let rest = Diagnostic(
            omitted[.error] == nil ? .warning : .error, .tooMany, words, at: last.span,
            suggestion: "correct some and check again")
        return kept.inOrder() + [rest]
    }

    /// Whether anything so far makes the files unusable.
    package var containsErrors: Bool { omitted[.error] != nil || kept.containsErrors }

    /// Adds a diagnostic.
    package mutating func report(_ diagnostic: Diagnostic) {
        if kept.count < DiagnosticLog.countMax {
            kept.append(diagnostic)
        } else {
            omitted[diagnostic.severity, default: 0] += 1
        }
    }

    /// Adds an error.
    package mutating func error(
        _ code: DiagnosticCode, _ message: String, at span: SourceSpan, suggestion: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        report(Diagnostic(.error, code, message, at: span, suggestion: suggestion, notes: notes))
    }

    /// Adds a warning.
    package mutating func warning(
        _ code: DiagnosticCode, _ message: String, at span: SourceSpan, suggestion: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        report(Diagnostic(.warning, code, message, at: span, suggestion: suggestion, notes: notes))
    }

    /// Reports a name that nothing has, with the nearest one that something has.
    ///
    /// `noun` is what it should name ("class"), `known` the names there are.
    package mutating func unknownName(_ name: Located<String>, noun: String, known: [String]) {
        guard kept.count < DiagnosticLog.countMax else {
            omitted[.error, default: 0] += 1
            return
        }
        let suggestion =
            if let nearest = Spelling.nearest(to: name.value, among: known) {
                "did you mean \(nearest.quoted)?"
            } else if known.isEmpty {
                "the policy has no \(noun) yet"
            } else {
                "known here: \(known.listed())"
            }
        error(.unknownName, "there is no \(noun) \(name.value.quoted)", at: name.span, suggestion: suggestion)
    }
}
