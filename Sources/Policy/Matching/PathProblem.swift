/// Why a request line is not matched at all: somebody behind us might read it differently.
package enum PathProblem: UInt8, CaseIterable, Hashable, Sendable {
    /// The path is longer than `OperationMatcher.pathBytesMax`.
    case tooLong
}
