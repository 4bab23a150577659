/// What the matcher says about a request.
package enum MatchResult: Hashable, Sendable {
    /// The operation with this number.
    case operation(Int)
    /// No pattern matches.
    case none
    /// The request can be read in more than one way, or in none; it is treated as an unknown operation.
    case refused(PathProblem)
}
