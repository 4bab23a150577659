extension OperationMatcher {
    /// Two patterns that get in each other's way.
    package struct Conflict: Hashable, Sendable {
        /// The pattern that gets the contested requests, an index into the input.
        package let winner: Int
        /// The pattern that does not, an index into the input.
        package let loser: Int
        /// What is wrong between the two.
        package let kind: Kind

        /// The ways in which two patterns get in each other's way.
        package enum Kind: Hashable, Sendable {
            /// Same method, same paths: the later one never matches.
            case identical
            /// Both match the example, neither is narrower than the other, and no pattern states the overlap.
            case ambiguous(example: String)
            /// More specific patterns take every path of `loser`; `winner` takes the longest.
            case unreachable
        }
    }

    /// Finds patterns that get in each other's way.
    package static func conflicts(in patterns: [(operation: Int, pattern: OperationPattern)]) -> [Conflict] { [] }
}
