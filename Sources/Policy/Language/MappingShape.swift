/// The keys that a mapping may and must have.
package struct MappingShape: Hashable, Sendable {
    /// What the mapping describes, with its article: "a tier".
    package let noun: String
    /// The keys it must have.
    package let required: [String]
    /// The keys it may have.
    package let optional: [String]

    /// States a shape.
    package init(_ noun: String, required: [String] = [], optional: [String] = []) {
        self.noun = noun
        self.required = required
        self.optional = optional
    }

    /// All keys.
    package var keys: [String] { required + optional }
}
