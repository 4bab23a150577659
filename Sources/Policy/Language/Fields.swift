/// The values of a mapping by key, after its keys have been checked.
package struct Fields: Sendable {
    /// Where the mapping stands, or the name it is filed under.
    package let span: SourceSpan
    private let pairs: [String: SourceNode.Pair]

    /// Keeps checked pairs.
    init(span: SourceSpan, pairs: [String: SourceNode.Pair] = [:]) {
        self.span = span
        self.pairs = pairs
    }

    /// The value of a key, if the mapping has it.
    package subscript(key: String) -> SourceNode? { pairs[key]?.value }

    /// Where a key stands, if the mapping has it.
    package func keySpan(_ key: String) -> SourceSpan? { pairs[key]?.key.span }

    /// Where a key stands, else where the mapping stands.
    package func span(of key: String) -> SourceSpan { pairs[key]?.key.span ?? span }
}
