/// What a value of the policy language may be, in the terms of JSON Schema that the language needs.
///
/// YAML reads `600` as a number and `300/s` as a text, while the language reads both as text. So whole numbers may be
/// written either way here, and names may look like numbers.
indirect enum SchemaNode {
    /// A text, with a pattern (ECMA-262) and a largest length in characters.
    case text(pattern: String, lengthMax: Int? = nil)
    /// A whole number within bounds; in a text its digits may be grouped with `_`.
    case wholeNumber(ClosedRange<Int64>)
    /// A factor of 1 to 1,000, which may have decimals.
    case factor
    /// A number that must be exactly this.
    case constant(Int64)
    /// `true` or `false`.
    case flag
    /// One of several words.
    case choice([String])
    /// A text, a number or a flag: the value of an attribute.
    case scalar
    /// A list; a `nil` bound is none.
    case list(SchemaNode, countMin: Int? = nil, countMax: Int? = nil, isUnique: Bool = false)
    /// A mapping with known keys.
    case object(SchemaObject)
    /// A mapping from names that the author chooses.
    case mapping(SchemaNode, keys: String = SchemaPattern.name, countMax: Int? = nil)
    /// One value, or a list of them.
    case oneOrMore(SchemaNode, countMax: Int)
    /// One of several kinds of values.
    case either([SchemaNode])
    /// A definition of the same document.
    case reference(SchemaDefinition)
}

/// A mapping with known keys.
struct SchemaObject {
    /// The keys, in the order in which people write them.
    var properties: [SchemaProperty]
    /// What all other keys must match and may hold, where there are others: attributes of rules.
    var others: (pattern: String, value: SchemaNode)?
    /// Keys of which at least one must be there; empty: none must.
    var oneOf: [String] = []
    /// Whether having two of `oneOf` is a mistake too.
    var isOneOfExclusive = false
    /// Keys that make no sense without another.
    var needs: [(key: String, other: String)] = []
    /// What else must hold, in JSON Schema.
    var further: [JSONValue.Member] = []

    /// A mapping with these keys and no others.
    init(_ properties: [SchemaProperty]) { self.properties = properties }

    /// The same mapping, changed a little.
    func with(_ change: (inout SchemaObject) -> Void) -> SchemaObject {
        var object = self
        change(&object)
        return object
    }
}

/// One key of a mapping.
struct SchemaProperty {
    /// The key.
    let key: String
    /// What it means, in one or two sentences: editors show it.
    let description: String
    /// What its value may be.
    let value: SchemaNode
    /// Values that people can start from.
    let examples: [JSONValue]
    /// What holds without the key, if it can be left out and that is worth saying.
    let standard: JSONValue?
    /// Whether the mapping must have the key.
    let isRequired: Bool

    /// States a key.
    init(
        _ key: String, _ description: String, _ value: SchemaNode, examples: [JSONValue] = [],
        standard: JSONValue? = nil, isRequired: Bool = false
    ) {
        self.key = key
        self.description = description
        self.value = value
        self.examples = examples
        self.standard = standard
        self.isRequired = isRequired
    }
}
