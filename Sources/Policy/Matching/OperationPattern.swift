/// A pattern of requests as a policy states it: `POST /v1/envelopes/{id}/signatures`.
///
/// A method, `ANY` or `*`, a space, and a path whose segments are literals, parameters (`{id}`, or `*` without a name)
/// or `**` at the end, which stands for any number of segments, none included: `/v1/exports/**` matches `/v1/exports`
/// too, so that a catch-all cannot take the root of a tree that a pattern claims.
package struct OperationPattern: Hashable, Sendable {
    /// The method, an upper-case token, where `GET` stands for `HEAD` too; `nil` means any (`ANY` or `*`).
    package let method: String?
    /// The segments of the path; none for `/`.
    package let segments: [Segment]

    /// One segment of a pattern.
    package enum Segment: Hashable, Sendable {
        /// Exactly this text, decoded, ASCII, and in lower case.
        case literal(String)
        /// Any one segment; the name is empty for `*`.
        case parameter(String)
        /// Any number of segments, none included: `**`, only at the end.
        case rest
    }

    /// Joins parts that a parser or another pattern has checked.
    ///
    /// - Precondition: the method is registered, and only the last segment is `.rest`.
    init(method: String?, segments: [Segment]) {
        self.method = method
        self.segments = segments
    }

    /// Reads a pattern.
    ///
    /// - Throws: the first thing that is wrong: patterns that no normalised path can ever match are errors, because a
    ///   policy that states them protects nothing.
    /// - Complexity: O(bytes).
    package init(parsing text: String) throws(PatternProblem) {
        self = try PatternParser(text).parse()
    }
}

extension OperationPattern: CustomStringConvertible {
    /// The pattern in canonical spelling, which parses to an equal one.
    package var description: String {
        let path = segments.map { segment in
            switch segment {
            case .literal(let text): "/" + PercentDecoding.encoded(text)
            case .parameter(let name): name.isEmpty ? "/*" : "/{\(name)}"
            case .rest: "/**"
            }
        }
        return "\(method ?? "ANY") \(path.isEmpty ? "/" : path.joined())"
    }
}
