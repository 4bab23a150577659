/// What every frame begins with (RFC 9113 §4.1).
struct HTTP2FrameHeader {
    /// The bytes behind the header.
    var length: Int
    /// The type; types that are not known are ignored.
    var kind: Kind?
    /// The flags; what they mean depends on the type.
    var flags: UInt8
    /// The stream, without the reserved bit; 0 is the connection.
    var stream: UInt32

    /// The types of frames (RFC 9113 §6).
    enum Kind: UInt8 {
        case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    /// The flags that mean something here.
    enum Flag {
        /// Nothing follows on the stream: of DATA and HEADERS.
        static let endStream: UInt8 = 0x1
        /// The answer to such a frame: of SETTINGS and PING.
        static let acknowledgement: UInt8 = 0x1
        /// No CONTINUATION follows: of HEADERS and CONTINUATION.
        static let endHeaders: UInt8 = 0x4
        /// The first byte says how many at the end are padding: of DATA and HEADERS.
        static let padded: UInt8 = 0x8
        /// A priority comes first: of HEADERS.
        static let priority: UInt8 = 0x20
    }

    /// The bytes of a header.
    static let byteCount = 9
    /// The bytes behind it at most, ours and theirs: what RFC 9113 §6.5.2 begins with, and nobody needs more.
    static let lengthMax = 16_384

    /// Reads a header.
    ///
    /// - Precondition: there are nine bytes.
    init(_ bytes: Span<UInt8>) {
        length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        kind = Kind(rawValue: bytes[3])
        flags = bytes[4]
        stream = bytes.bigEndian(at: 5) & 0x7FFF_FFFF
    }

    /// Whether a flag is set.
    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
}

extension Span where Element == UInt8 {
    /// Four bytes as a number, the highest first.
    ///
    /// - Precondition: there are four.
    func bigEndian(at index: Int) -> UInt32 {
        UInt32(self[index]) << 24 | UInt32(self[index + 1]) << 16 | UInt32(self[index + 2]) << 8
            | UInt32(self[index + 3])
    }
}
