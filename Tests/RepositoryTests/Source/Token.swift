/// One token of Swift source: what the rules look at instead of text, so that words in strings and comments do not
/// count.
struct Token: Hashable, Sendable {
    /// What a token is.
    enum Kind: Sendable {
        /// A name, a keyword, or a name behind a number sign such as `#expect`; raw identifiers keep their backticks.
        case word
        /// A number.
        case number
        /// The literal part of a string behind one quote; the code in its interpolations follows as tokens.
        case string
        /// Punctuation or an operator.
        case symbol
        /// A line of conditional compilation: `#if …`, `#else`, `#endif`.
        case directive
    }

    /// What it is.
    var kind: Kind
    /// Its text; that of a string begins with a quote, so that no string is taken for a symbol or a word.
    var text: String
    /// The line it begins on; the first is 1.
    var line: Int
    /// Whether nothing but space stands before it on its line.
    var startsLine: Bool
    /// Whether nothing at all stands between it and the token before.
    var touchesPrevious: Bool
}

/// One comment of Swift source.
struct Comment: Hashable, Sendable {
    /// Its text, with the slashes.
    var text: String
    /// The lines it covers.
    var lines: ClosedRange<Int>
    /// Whether nothing but space stands before it on its line.
    var startsLine: Bool

    /// Whether documentation is made of it.
    var isDocumentation: Bool { text.hasPrefix("///") || text.hasPrefix("/**") }
}
