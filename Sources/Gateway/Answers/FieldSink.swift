/// Where the fields of an answer go: into the head of an HTTP answer, or into a message of Envoy's protocols.
protocol FieldSink: ~Copyable {
    /// Adds a field whose value is known at compile time.
    mutating func field(_ name: StaticString, literal value: StaticString)
    /// Adds a field.
    mutating func field(_ name: StaticString, _ value: String)
    /// Adds a field with a number.
    mutating func field(_ name: StaticString, _ value: Int64)
}

extension HTTPResponseWriter: FieldSink {}
