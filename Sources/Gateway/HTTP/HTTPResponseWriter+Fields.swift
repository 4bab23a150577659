extension HTTPResponseWriter: FieldSink {
    /// Adds a field whose value the closure writes.
    ///
    /// - Precondition: the answer has been started and not finished; name and value are well-formed.
    @inline(__always)  // the closure is the work
    mutating func field(_ name: StaticString, writing value: (inout ByteWriter) -> Void) {
        guard case .head = phase else {
            preconditionFailure("fields stand between start and finish (\(name), is \(phase))")
        }
        output.write(literal: name)
        output.write(literal: ": ")
        value(&output)
        output.write(literal: "\r\n")
    }
}
