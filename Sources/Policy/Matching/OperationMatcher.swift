/// Finds the operation of a method and a path in time that does not grow with the number of operations.
package struct OperationMatcher: Sendable {
    /// A matcher that knows no operation.
    package init() {}

    /// Compiles patterns; of identical patterns the first counts.
    package init(patterns: [(operation: Int, pattern: OperationPattern)]) {}

    /// Finds the operation of a request.
    package func match(method: Span<UInt8>, path: Span<UInt8>) -> MatchResult { .none }

    /// Finds the operation of a request; for tests and tools.
    package func match(method: String, path: String) -> MatchResult { .none }
}
