import NIOCore

/// A gRPC call as a client would put it on the wire, byte by byte: the driver must not depend on the library it counts.
enum Call {
    /// What a client says first (RFC 9113 §3.4): the preface, and windows that never close.
    static var greeting: ByteBuffer {
        let windowMax: UInt32 = 0x7FFF_FFFF
        var bytes = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        frame(type: 0x4, flags: 0, &bytes) {  // SETTINGS: INITIAL_WINDOW_SIZE
            $0.writeInteger(UInt16(0x4))
            $0.writeInteger(windowMax)
        }
        frame(type: 0x8, flags: 0, &bytes) { $0.writeInteger(windowMax - 65_535) }  // WINDOW_UPDATE of the connection
        return bytes
    }

    /// `ShouldRateLimit` for one descriptor with a credential, a method and a path; its stream has no number yet.
    static func shouldRateLimit(credential: String) -> ByteBuffer {
        let entries = [("api_key", credential), ("method", "GET"), ("path", "/v1/envelopes/7")].map { key, value in
            field(1, field(1, Array(key.utf8)) + field(2, Array(value.utf8)))
        }
        let message = field(1, Array("benchmark".utf8)) + field(2, entries.flatMap { $0 })
        var bytes = ByteBuffer()
        frame(type: 0x1, flags: 0x4, &bytes) { $0.writeBytes(head) }  // HEADERS: END_HEADERS
        frame(type: 0x0, flags: 0x1, &bytes) {  // DATA: END_STREAM
            $0.writeInteger(UInt8(0))  // not compressed
            $0.writeInteger(UInt32(message.count))
            $0.writeBytes(message)
        }
        return bytes
    }

    /// Gives both frames of a call their stream.
    static func setStream(_ number: UInt32, of call: inout ByteBuffer) {
        call.setInteger(number, at: 5)
        call.setInteger(number, at: 9 + head.count + 5)
    }

    /// The fields in HPACK without its tables: indices of RFC 7541, appendix A, and literals that are not indexed.
    private static let head: [UInt8] =
        [0x83, 0x86]  // :method POST, :scheme http
        + [0x04] + text("/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit")  // :path
        + [0x01] + text("127.0.0.1")  // :authority
        + [0x0F, 0x10] + text("application/grpc")  // content-type
        + [0x00] + text("te") + text("trailers")

    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    /// A field of protobuf with a length; all lengths here are below 16,384.
    private static func field(_ number: UInt8, _ value: [UInt8]) -> [UInt8] {
        let length = value.count
        let size = length < 128 ? [UInt8(length)] : [UInt8(length & 127 | 128), UInt8(length >> 7)]
        return [number << 3 | 2] + size + value
    }

    private static func frame(
        type: UInt8, flags: UInt8, _ bytes: inout ByteBuffer, _ payload: (inout ByteBuffer) -> Void
    ) {
        let start = bytes.writerIndex
        bytes.writeInteger(UInt32(0))  // 24 bits of length and 8 of type, below
        bytes.writeInteger(flags)
        bytes.writeInteger(UInt32(0))
        payload(&bytes)
        bytes.setInteger(UInt32(bytes.writerIndex - start - 9) << 8 | UInt32(type), at: start)
    }
}
