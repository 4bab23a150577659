/// Takes typed values out of a tree and collects what is wrong on the way.
///
/// Every method that finds a mistake reports it and gives back `nil`, so that its caller goes on with the rest: one run
/// says everything.
package struct Decoding {
    /// What is wrong so far.
    package var log = DiagnosticLog()

    /// Begins with nothing wrong.
    package init() {}

    /// Adds an error.
    package mutating func error(
        _ code: DiagnosticCode, _ message: String, at span: SourceSpan, suggestion: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        log.error(code, message, at: span, suggestion: suggestion, notes: notes)
    }

    /// Reports a value of the wrong kind.
    package mutating func mismatch(_ expected: String, found node: SourceNode, suggestion: String? = nil) {
        guard !node.isDamaged else { return }
        let found =
            if case .scalar(let scalar) = node.content { scalar.text.quoted } else { node.kind }
        error(.wrongType, "expected \(expected), found \(found)", at: node.span, suggestion: suggestion)
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
