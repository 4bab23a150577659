extension HTTPResponseWriter {
    /// Adds a field whose value is known at compile time.
    ///
    /// - Precondition: the answer has been started and not finished; name and value are well-formed.
    package mutating func field(_ name: StaticString, literal value: StaticString) {
        writeName(name)
        output.write(literal: value)
        output.write(literal: "\r\n")
    }

    /// Adds a field.
    ///
    /// Bytes that no field value may hold become question marks: a tenant whose name has a line feed in it must not
    /// write answers of its own.
    ///
    /// - Precondition: the answer has been started and not finished.
    /// - Complexity: O(n), no allocation.
    package mutating func field(_ name: StaticString, _ value: String) {
        writeName(name)
        for byte in value.utf8 { output.write(ASCII.isFieldContent(byte) ? byte : UInt8(ascii: "?")) }
        output.write(literal: "\r\n")
    }

    /// Adds a field with a number.
    ///
    /// - Precondition: the answer has been started and not finished.
    package mutating func field(_ name: StaticString, _ value: Int64) {
        writeName(name)
        output.write(decimal: value)
        output.write(literal: "\r\n")
    }

    private mutating func writeName(_ name: StaticString) {
        guard case .head = phase else {
            preconditionFailure("fields stand between start and finish (\(name), is \(phase))")
        }
        output.write(literal: name)
        output.write(literal: ": ")
    }
}
