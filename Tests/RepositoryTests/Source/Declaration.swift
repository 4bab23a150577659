/// One declaration of a Swift file.
struct Declaration: Sendable {
    /// The keyword, such as `func`, `struct` or `let`.
    var keyword: String
    /// The name; the operator for an operator function, the module for an import, `init` for an initializer.
    var name: String
    /// The modifiers, each with its argument: `package`, `private(set)`, `nonisolated(unsafe)`.
    var modifiers: [String]
    /// The lines from the first attribute or modifier to the last brace.
    var lines: ClosedRange<Int>
    /// The line of the keyword.
    var keywordLine: Int
    /// The tokens from the first attribute or modifier to the last brace.
    var tokens: Range<Int>
    /// The tokens between the braces, if there are any.
    var body: Range<Int>?
    /// The declaration around it, an index into the file's declarations.
    var parent: Int?
    /// Whether it stands inside a function.
    var isLocal: Bool
    /// Whether a clause after its name says what it inherits or conforms to.
    var hasInheritanceClause: Bool

    /// Whether it is a type, or the extension of one.
    var isType: Bool { Declaration.typeKeywords.contains(keyword) }

    /// Whether it has code of its own rather than members or nothing.
    var isFunction: Bool { Declaration.functionKeywords.contains(keyword) }

    /// Whether its modifiers hide it from other files.
    var isPrivate: Bool { modifiers.contains { $0 == "private" || $0 == "fileprivate" } }

    /// The keywords of declarations that have members.
    static let typeKeywords: Set = ["struct", "class", "enum", "actor", "protocol", "extension"]
    /// The keywords of declarations that have code.
    static let functionKeywords: Set = ["func", "init", "deinit", "subscript"]
    /// All keywords that begin a declaration.
    static let keywords = typeKeywords.union(functionKeywords).union([
        "let", "var", "case", "typealias", "associatedtype", "import", "operator", "precedencegroup", "macro",
    ])
    /// All words that may stand before the keyword.
    static let modifiers: Set = [
        "public", "package", "internal", "fileprivate", "private", "open", "static", "class", "final", "mutating",
        "nonmutating", "lazy", "weak", "unowned", "override", "required", "convenience", "optional", "dynamic",
        "indirect", "nonisolated", "isolated", "borrowing", "consuming", "prefix", "postfix", "infix", "distributed",
    ]
}
