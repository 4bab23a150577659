package import Policy

/// Why something could not be done with a directory: what went wrong, and what to do instead.
package struct DirectoryError: Error, Sendable {
    /// The kind, for programs.
    package let code: Code
    /// What went wrong, in one sentence.
    package let message: String
    /// What to do instead, if that can be said.
    package let suggestion: String?
    /// What is wrong with the file, if that is the reason.
    package let diagnostics: [Diagnostic]
    /// The file that the diagnostics speak of.
    package let file: SourceFile?

    /// The kinds.
    package enum Code: UInt8, CaseIterable, Sendable {
        /// The file is not there, or cannot be read.
        case unreadable
        /// The file says something that a directory cannot say.
        case invalid
        /// The secret is missing, open to others, or not the one that the keys were hashed under.
        case secret
        /// No tenant has this name.
        case unknownTenant
        /// No principal has this name.
        case unknownPrincipal
        /// No key has this id.
        case unknownKey
        /// What was asked for makes no sense.
        case invalidRequest
        /// The file could not be written.
        case unwritable
    }

    /// States a failure.
    init(_ code: Code, _ message: String, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.suggestion = suggestion
        diagnostics = []
        file = nil
    }

    /// States that a file cannot be used.
    init(_ diagnostics: [Diagnostic], in file: SourceFile) {
        code = .invalid
        let count = diagnostics.filter { $0.severity == .error }.count
        message = "the directory has \(count == 1 ? "an error" : "\(count) errors")"
        suggestion = nil
        self.diagnostics = diagnostics
        self.file = file
    }

    /// The failure for people: all diagnostics, or what went wrong and what to do.
    ///
    /// - Parameter isColoured: whether to use ANSI colours.
    /// - Returns: complete lines.
    package func text(isColoured: Bool = false) -> String {
        if let file, !diagnostics.isEmpty {
            return DiagnosticRenderer(files: [file], isColoured: isColoured).text(diagnostics)
        }
        return message + "\n" + (suggestion.map { "  help: \($0)\n" } ?? "")
    }
}

extension DirectoryError: CustomStringConvertible {
    /// What went wrong, and what to do.
    package var description: String { text() }
}
