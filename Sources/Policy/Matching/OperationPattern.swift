/// A pattern of requests as a policy states it: `POST /v1/envelopes/{id}/signatures`.
package struct OperationPattern: Hashable, Sendable {
    /// The method, an upper-case token; `nil` means any (`ANY` or `*`).
    package let method: String?
    /// The segments of the path; none for `/`.
    package let segments: [Segment]

    /// One segment of a pattern.
    package enum Segment: Hashable, Sendable {
        /// Exactly this text, decoded and in lower case.
        case literal(String)
        /// Any one segment; the name is empty for `*`.
        case parameter(String)
        /// Any number of segments, none included: `**`, only at the end.
        case rest
    }

    /// Reads a pattern.
    package init(parsing text: String) throws(PatternProblem) {
        method = nil
        segments = []
    }
}
