/// The kinds of JSON values.
package enum JSONKind: Hashable, Sendable {
    case object, array, string, number, boolean, null

    /// The kind as errors name it.
    package var noun: StaticString {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
