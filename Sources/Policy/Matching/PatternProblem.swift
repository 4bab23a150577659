/// Why a text is no pattern, where, and what to write instead.
package struct PatternProblem: Error, Hashable, Sendable {
    /// What is wrong, a whole sentence.
    package let message: String
    /// What to write instead of the marked part, or of the whole pattern; `nil` when nothing is obvious.
    package let suggestion: String?
    /// Where the wrong part begins, in UTF-8 bytes from the start of the text.
    package let utf8Offset: Int
    /// How long it is in UTF-8 bytes.
    package let utf8Length: Int
}
