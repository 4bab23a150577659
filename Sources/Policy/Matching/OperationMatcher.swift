/// Finds the operation of a method and a path in time that does not grow with the number of operations.
package struct OperationMatcher: Sendable {
    /// A matcher that knows no operation.
    package init() {}
}
