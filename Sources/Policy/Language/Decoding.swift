/// Takes typed values out of a tree and collects what is wrong on the way.
///
/// Every method that finds a mistake reports it and gives back `nil`, so that its caller goes on with the rest: one run
/// says everything.
package struct Decoding {
    /// How many mistakes are kept: nobody reads more, and a file full of them must not fill the memory.
    package static let diagnosticsMax = 1_000

    private var kept: [Diagnostic] = []
    private var omitted: [Diagnostic.Severity: Int] = [:]

    /// Begins with nothing wrong.
    package init() {}

    /// What is wrong so far, in the order of the files; the last one says how many were left out, if any were.
    package var diagnostics: [Diagnostic] {
        guard let last = kept.last, !omitted.isEmpty else { return kept.inOrder() }
        let count = omitted.values.reduce(0, +)
        let rest = Diagnostic(
            omitted[.error] == nil ? .warning : .error, .tooMany,
            "\(count) more mistakes are not listed", at: last.span, suggestion: "correct some and check again")
        return kept.inOrder() + [rest]
    }

    /// Whether anything so far makes the files unusable.
    package var hasErrors: Bool { omitted[.error] != nil || kept.containsErrors }

    /// Adds a diagnostic.
    package mutating func report(_ diagnostic: Diagnostic) {
        if kept.count < Decoding.diagnosticsMax {
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

    /// Reports a value of the wrong kind.
    package mutating func mismatch(_ expected: String, found node: SourceNode, suggestion: String? = nil) {
        let found =
            if case .scalar(let scalar) = node.content { scalar.text.quoted } else { node.kind }
        error(.wrongType, "expected \(expected), found \(found)", at: node.span, suggestion: suggestion)
    }

    /// Reports a name that nothing has, with the nearest one that something has.
    ///
    /// - Parameters:
    ///   - name: the unknown name.
    ///   - noun: what it should name: "class".
    ///   - known: the names there are.
    package mutating func unknownName(_ name: Located<String>, noun: String, known: [String]) {
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

extension DiagnosticCode {
    /// A key that a mapping cannot have.
    package static let unknownKey = DiagnosticCode("unknown-key")
    /// A key that a mapping must have.
    package static let missingKey = DiagnosticCode("missing-key")
    /// A value of the wrong kind, or one that cannot be read.
    package static let wrongType = DiagnosticCode("wrong-type")
    /// A value of the right kind that is not possible.
    package static let invalidValue = DiagnosticCode("invalid-value")
    /// A name with characters that names do not have, or a reserved one.
    package static let invalidName = DiagnosticCode("invalid-name")
    /// A name that nothing has.
    package static let unknownName = DiagnosticCode("unknown-name")
    /// The same entry twice in a list.
    package static let duplicateValue = DiagnosticCode("duplicate-value")
    /// More entries than there may be.
    package static let tooMany = DiagnosticCode("too-many")
}
