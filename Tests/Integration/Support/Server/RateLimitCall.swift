/// One call of Envoy's rate limit service, written byte by byte: HTTP/2 with prior knowledge (RFC 9113), header fields
/// without compression (RFC 7541, 6.2.2), gRPC, and the few fields of the message.
struct RateLimitCall {
    /// The domain of the descriptor.
    let domain: String
    /// The entries of its only descriptor.
    let entries: [(key: String, value: String)]

    /// What the answer says of the whole call.
    enum Answer: UInt8 {
        case ok = 1
        case overLimit = 2
    }

    /// Asks over a connection of its own.
    ///
    /// - Throws: when the server answers otherwise than with a message.
    func send(port: Int) async throws -> Answer {
        try await HTTPConnection.with(port: port) { connection in
            try await connection.write(request)
            var received: [UInt8] = []
            while let bytes = try await connection.readBytes() {
                received += bytes
                if let message = RateLimitCall.message(in: received) {
                    // `overall_code` is field 1 and stands first; five bytes of gRPC before it.
                    guard message.count > 6, message[5] == 0x08, let answer = Answer(rawValue: message[6]) else {
                        break
                    }
                    return answer
                }
            }
            throw HTTPMessageReader.Malformed(what: "a rate limit call without an answer")
        }
    }

    private var request: [UInt8] {
        let pairs = entries.map { field(1, field(1, Array($0.key.utf8)) + field(2, Array($0.value.utf8))) }
        let message = field(1, Array(domain.utf8)) + field(2, Array(pairs.joined()))
        let head: [UInt8] =
            [0x83, 0x86] + text(0x04, "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit")
            + text(0x01, "localhost") + [0x0F] + text(0x10, "application/grpc") + text(0x00, "te") + text("trailers")
        return Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(type: 4, flags: 0, stream: 0, [])
            + frame(type: 1, flags: 4, stream: 1, head)
            + frame(type: 0, flags: 1, stream: 1, [0, 0, 0, 0, UInt8(message.count)] + message)
    }

    private func field(_ number: UInt8, _ value: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(value.count)] + value }

    private func text(_ prefix: UInt8, _ value: String) -> [UInt8] { [prefix] + text(value) }

    private func text(_ value: String) -> [UInt8] { [UInt8(value.utf8.count)] + Array(value.utf8) }

    private func frame(type: UInt8, flags: UInt8, stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
    }

    /// The payload of the first DATA frame.
    private static func message(in bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + length else { return nil }
            let payload = rest.dropFirst(9).prefix(length)
            if head[3] == 0 { return Array(payload) }
            rest = rest.dropFirst(9 + length)
        }
        return nil
    }
}
