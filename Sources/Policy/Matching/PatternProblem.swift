/// Why a text is no pattern, where, and what to write instead.
package struct PatternProblem: Error, Hashable, Sendable {
    /// What is wrong, as whole sentences.
    package let message: String
    /// What to write in place of the marked bytes; `nil` when nothing is obvious.
    package let suggestion: String?
    /// Where the wrong part begins, in UTF-8 bytes from the start of the text.
    package let utf8Offset: Int
    /// How long it is in UTF-8 bytes; never 0, except for an empty text.
    package let utf8Length: Int

    /// Describes a problem.
    package init(message: String, suggestion: String?, utf8Offset: Int, utf8Length: Int) {
        self.message = message
        self.suggestion = suggestion
        self.utf8Offset = utf8Offset
        self.utf8Length = utf8Length
    }
}
