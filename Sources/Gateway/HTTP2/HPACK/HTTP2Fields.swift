internal import NIOCore

/// The fields of one head as HPACK has decoded them: one run of bytes, and a table of what stands where.
///
/// One per event loop, filled for one head after the other: what outlives the head is copied out.
struct HTTP2Fields: ~Copyable {
    /// Names and values.
    var bytes = ByteWriter()
    /// What stands where, in the order it came.
    private(set) var list: [HTTP2Field] = []
    /// The size of the list as RFC 9113 §6.5.2 counts it: names, values, and 32 bytes for each field.
    private(set) var listBytes = 0
    /// The size beyond which fields are dropped.
    private var listBytesMax = 0

    /// Whether there were more fields than may be kept.
    var isTooLarge: Bool { listBytes > listBytesMax }

    /// What a field counts besides its bytes (RFC 7541 §4.1).
    static var overhead: Int { 32 }

    /// Begins a head.
    mutating func begin(listBytesMax: Int) {
        bytes.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        list.removeAll(keepingCapacity: true)
        listBytes = 0
        self.listBytesMax = listBytesMax
    }

    /// Adds the field whose bytes have been appended.
    ///
    /// - Parameters:
    ///   - start: where its name begins.
    ///   - middle: where its value begins; it ends where the bytes do.
    ///   - kind: what its name means.
    ///   - hasValidValue: whether its value is one.
    mutating func end(from start: Int, _ middle: Int, _ kind: HTTP2Field.Kind, hasValidValue: Bool) {
        listBytes += bytes.count - start + HTTP2Fields.overhead
        if isTooLarge { return bytes.truncate(to: start) }
        list.append(
            HTTP2Field(
                name: ByteRange(start..<middle), value: ByteRange(middle..<bytes.count), kind: kind,
                hasValidValue: hasValidValue))
    }
}

extension HTTP2Fields {
    /// All of it as lines of HTTP/1.1, each with its end; `nil` if a field cannot be written so.
    var lines: ByteBuffer? {
        var lines = ByteBuffer()
        let isWritable = bytes.withBytes { bytes in
            for field in list {
                let (name, value) = (bytes.extracting(field.name.range), bytes.extracting(field.value.range))
                for index in name.indices where !ASCII.isToken(name[index]) { return false }
                for index in value.indices where !ASCII.isFieldContent(value[index]) { return false }
                lines.write(name)
                lines.writeStaticString(": ")
                lines.write(value)
                lines.writeStaticString("\r\n")
            }
            return true
        }
        return isWritable ? lines : nil
    }
}
