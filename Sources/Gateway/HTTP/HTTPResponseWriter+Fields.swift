internal import NIOCore

extension HTTPResponseWriter {
    /// Adds a field whose value is known at compile time.
    ///
    /// - Precondition: the answer has been started and not finished; name and value are well-formed.
    package mutating func field(_ name: StaticString, _ value: StaticString) {
        writeName(name)
        output.writeStaticString(value)
        output.writeStaticString("\r\n")
    }

    /// Adds a field.
    ///
    /// Bytes that no field value may hold become question marks: a tenant whose name has a line feed in it must not write
    /// answers of its own.
    ///
    /// - Precondition: the answer has been started and not finished.
    /// - Complexity: O(n), no allocation for native strings.
    package mutating func field(_ name: StaticString, _ value: String) {
        writeName(name)
        let start = output.writerIndex
        output.writeString(value)
        for index in start..<output.writerIndex {
            guard let byte = output.getInteger(at: index, as: UInt8.self), !ASCII.isFieldContent(byte) else { continue }
            output.setInteger(UInt8(ascii: "?"), at: index)
        }
        output.writeStaticString("\r\n")
    }

    /// Adds a field with a number.
    ///
    /// - Precondition: the answer has been started and not finished.
    package mutating func field(_ name: StaticString, _ value: Int64) {
        writeName(name)
        output.writeDecimal(value)
        output.writeStaticString("\r\n")
    }

    private mutating func writeName(_ name: StaticString) {
        guard case .head = phase else {
            preconditionFailure("fields stand between start and finish (\(name), is \(phase))")
        }
        output.writeStaticString(name)
        output.writeStaticString(": ")
    }
}
