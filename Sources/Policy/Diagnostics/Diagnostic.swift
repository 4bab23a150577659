/// One mistake in a file: where it is, what is wrong and what to write instead.
package struct Diagnostic: Hashable, Sendable {
    /// How grave it is.
    package let severity: Severity
    /// Its stable name, for tools.
    package let code: DiagnosticCode
    /// What is wrong, in one sentence without a full stop.
    package let message: String
    /// Where.
    package let span: SourceSpan
    /// What to write instead, if that can be said.
    package let suggestion: String?
    /// Other places that matter.
    package let notes: [Note]
    /// Whether the line may be shown: not where a secret stands in it.
    package let showsSource: Bool

    /// How grave a diagnostic is.
    package enum Severity: UInt8, Comparable, Sendable {
        /// The file can be used; somebody should look at it.
        case warning
        /// The file cannot be used.
        case error

        /// The word that people and tools read.
        package var name: String { self == .error ? "error" : "warning" }

        package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
    }

    /// Another place that helps to understand a diagnostic.
    package struct Note: Hashable, Sendable {
        /// What is there.
        package let message: String
        /// Where.
        package let span: SourceSpan

        /// States a note.
        package init(_ message: String, at span: SourceSpan) {
            self.message = message
            self.span = span
        }
    }

    /// States a mistake.
    package init(
        _ severity: Severity = .error, _ code: DiagnosticCode, _ message: String, at span: SourceSpan,
        suggestion: String? = nil, notes: [Note] = [], showsSource: Bool = true
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.span = span
        self.suggestion = suggestion
        self.notes = notes
        self.showsSource = showsSource
    }
}

extension Sequence<Diagnostic> {
    /// Whether any of them makes the files unusable.
    package var containsErrors: Bool { contains { $0.severity == .error } }

    /// In the order of the files, without repetitions.
    ///
    /// Where two stand at one place, errors come first.
    ///
    /// - Complexity: O(n log n).
    package func inOrder() -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let unique = filter { seen.insert($0).inserted }
        let ordered = unique.enumerated().sorted { left, right in
            if left.element.span != right.element.span { return left.element.span < right.element.span }
            if left.element.severity != right.element.severity { return left.element.severity > right.element.severity }
            return left.offset < right.offset
        }
        return ordered.map(\.element)
    }
}
