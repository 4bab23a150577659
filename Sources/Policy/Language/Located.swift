/// A value with the place at which it is written.
package struct Located<Value> {
    /// The value.
    package var value: Value
    /// Where it is written.
    package var span: SourceSpan

    /// Places a value.
    package init(_ value: Value, at span: SourceSpan) {
        self.value = value
        self.span = span
    }

    /// The same place with another value.
    package func map<Other>(_ transform: (Value) -> Other) -> Located<Other> {
        Located<Other>(transform(value), at: span)
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
extension Located: Sendable where Value: Sendable {}
