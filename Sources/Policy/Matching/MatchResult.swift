/// What the matcher says about a request.
package enum MatchResult: Hashable, Sendable {
    /// The operation with this number.
    case operation(Int)
    /// No pattern matches.
    case none
    /// The request line can be read in more than one way; it is refused.
    case refused(PathProblem)
}
