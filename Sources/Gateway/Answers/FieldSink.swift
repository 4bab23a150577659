internal import Vocabulary

/// Where the fields of an answer go: into the head of an HTTP answer, or into a message of Envoy's protocols.
protocol FieldSink: ~Copyable {
    /// Adds a field whose value the closure writes; it writes nothing that a field value may not hold.
    mutating func field(_ name: StaticString, writing value: (inout ByteWriter) -> Void)

    /// Adds fields that stand ready, as lines of HTTP/1.1 with their ends: `Name: value`.
    ///
    /// - Precondition: names and values are well-formed, one blank stands behind each colon.
    mutating func fields(_ lines: Span<UInt8>)
}

extension FieldSink where Self: ~Copyable {
    /// Adds a field whose value is known at compile time.
    @inline(__always)  // the closure is the work
    mutating func field(_ name: StaticString, literal value: StaticString) {
        field(name) { $0.write(literal: value) }
    }

    /// Adds a field; bytes that no field value may hold become question marks.
    @inline(__always)  // as above
    mutating func field(_ name: StaticString, _ value: String) {
        field(name) { $0.write(fieldValue: value.utf8.span) }
    }

    /// Adds a field with a number.
    @inline(__always)  // as above
    mutating func field(_ name: StaticString, _ value: Int64) {
        field(name) { $0.write(decimal: value) }
    }

    /// Adds a field with the name of a decision.
    @inline(__always)  // as above
    mutating func field(_ name: StaticString, _ value: DecisionID) {
        field(name) { $0.write(value.characters.span) }
    }
}

extension ByteWriter {
    /// Appends a field value in one go if it is well-formed, as nearly all are.
    ///
    /// Bytes that no field value may hold become question marks: a tenant whose name has a line feed in it must not
    /// write answers of its own.
    ///
    /// - Complexity: O(n), no allocation.
    mutating func write(fieldValue value: Span<UInt8>) {
        let flaw = value.controlCharacter(in: 0..<value.count)
        guard flaw < value.count else { return write(value) }
        for index in value.indices { write(ASCII.isFieldContent(value[index]) ? value[index] : UInt8(ascii: "?")) }
    }
}
