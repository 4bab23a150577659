package import NIOCore

/// One complete request, as a view of the bytes it came in.
///
/// It cannot be copied, because it keeps a whole receive buffer alive: whoever needs something for longer takes just
/// that out. Offsets in `head` and those that the accessors return are offsets into the message.
package struct HTTPRequestView: ~Copyable {
    /// Where everything in the head stands.
    package let head: HTTPRequestHead
    /// Head and body, with nothing behind them.
    private let message: ByteBuffer

    /// Joins a head and the bytes it was parsed from.
    init(head: HTTPRequestHead, message: ByteBuffer) {
        self.head = head
        self.message = message
    }

    /// The method, if it is a common one; else see `head.methodRange`.
    package var method: HTTPMethod { head.method }

    /// The body; shares the message's storage.
    package var body: ByteBuffer {
        message.getSlice(at: message.readerIndex + head.length, length: message.readableBytes - head.length)
            ?? ByteBuffer()
    }

    /// Lends the bytes of a range.
    ///
    /// - Precondition: the range was taken from this request.
    package borrowing func withBytes<Result, Failure: Error>(
        _ range: ByteRange, _ read: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try read(message.readableBytesUInt8Span.extracting(range.range))
    }

    /// Reads the bytes of two ranges.
    ///
    /// - Precondition: both ranges were taken from this request.
    package borrowing func withBytes<Result>(
        _ first: ByteRange, _ second: ByteRange, _ read: (Span<UInt8>, Span<UInt8>) -> Result
    ) -> Result {
        let bytes = message.readableBytesUInt8Span
        return read(bytes.extracting(first.range), bytes.extracting(second.range))
    }

    /// The bytes of a range as text; bytes that are not UTF-8 become U+FFFD.
    package borrowing func string(_ range: ByteRange) -> String {
        message.readableBytesUInt8Span.string(range.range)
    }

    /// Whether the bytes of a range are exactly a text.
    package borrowing func equals(_ range: ByteRange, _ text: StaticString) -> Bool {
        message.readableBytesUInt8Span.equals(range.range, text)
    }

    /// Whether the bytes of a range are a text when upper and lower case of ASCII letters count as equal.
    ///
    /// - Precondition: `lowercase` has no upper-case letters and none of `@[\]^_`.
    package borrowing func equalsIgnoringCase(_ range: ByteRange, _ lowercase: StaticString) -> Bool {
        message.readableBytesUInt8Span.equalsIgnoringCase(range.range, lowercase)
    }

    /// The value of the first line of a known field.
    package borrowing func value(of name: HTTPFieldName) -> ByteRange? { head[name] }

    /// How many lines a known field has.
    package borrowing func lineCount(of name: HTTPFieldName) -> Int { head.lineCount(of: name) }

    /// The value of the first line of any field, found by comparing all names.
    ///
    /// - Precondition: `lowercase` has lower-case letters, digits and hyphens only.
    /// - Complexity: O(fields).
    package borrowing func value(ofFieldNamed lowercase: StaticString) -> ByteRange? {
        let bytes = message.readableBytesUInt8Span
        for field in head.fields where bytes.equalsIgnoringCase(field.name.range, lowercase) { return field.value }
        return nil
    }
}
