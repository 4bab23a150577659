/// A JSON text whose strings have been read: they stand decoded in it.
struct JSONText {
    /// The bytes.
    let bytes: [UInt8]

    /// Lends the bytes of a string.
    @inline(__always)  // so that the closure is no call
    func withBytes<Result, Failure: Error>(
        _ range: ByteRange, _ read: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try read(bytes.span.extracting(range.range))
    }

    /// A string as text.
    func string(_ range: ByteRange) -> String { bytes.span.string(range.range) }
}
