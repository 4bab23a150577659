/// Fields written as lines behind what stands in a writer already.
struct FieldLines: ~Copyable, FieldSink {
    /// What has been written.
    var writer: ByteWriter

    mutating func field(_ name: StaticString, writing value: (inout ByteWriter) -> Void) {
        writer.write(literal: name)
        writer.write(pair: ASCII.colon, ASCII.space)
        value(&writer)
        writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed)
    }

    mutating func fields(_ lines: Span<UInt8>) { writer.write(lines) }
}

extension ByteWriter {
    /// Appends fields as lines with their ends.
    mutating func writeFields(_ write: (inout FieldLines) -> Void) {
        var taken = ByteWriter()
        swap(&taken, &self)
        var lines = FieldLines(writer: taken)
        write(&lines)
        self = lines.writer
    }
}
