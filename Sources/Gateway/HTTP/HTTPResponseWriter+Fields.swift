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
        output.write(pair: ASCII.colon, ASCII.space)
        value(&output)
        output.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
    }

    /// Adds fields that stand ready.
    ///
    /// - Precondition: as above.
    mutating func fields(_ lines: Span<UInt8>) {
        guard case .head = phase else { preconditionFailure("fields stand between start and finish (is \(phase))") }
        output.write(lines)
    }
}
