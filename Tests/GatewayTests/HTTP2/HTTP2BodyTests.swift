import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Bodies and credit over HTTP/2")
struct HTTP2BodyTests {
    /// Limits small enough to be met.
    private var small: ListenerLimits {
        var limits = ListenerLimits()
        limits.message.bodyBytesMax = 40_000
        return limits
    }

    @Test func `a body in many frames with padding arrives whole`() throws {
        let client = try HTTP2Client()
        var generator = SeededGenerator(seed: 1)
        let body = (0..<5_000).map { _ in UInt8.random(in: 97...122, using: &generator) }
        let pieces = generator.pieces(of: body, max: 300)
        try client.send(.headers(1, HTTP2Client.head("POST", "/p"), ends: false))
        for (index, piece) in pieces.enumerated() {
            try client.send(
                .data(1, piece, ends: index == pieces.count - 1, padding: index % 3 == 0 ? index % 256 : nil))
        }
        #expect(client.answers[1]?.body == Array("/p|".utf8) + body)
        #expect(client.heldBytes == 0)
    }

    @Test func `whatever is sent over one connection comes back as credit`() throws {
        let client = try HTTP2Client()
        let piece = [UInt8](repeating: 120, count: 1_000)
        var sent = 0
        for stream in 0..<40 {
            let id = UInt32(stream * 2 + 1)
            try client.send(.headers(id, HTTP2Client.head("POST", "/c"), ends: false))
            for _ in 0..<8 {
                try client.send(.data(id, piece, padding: 255))
                sent += 1_256
                #expect(sent - client.credit < 65_535)
            }
            try client.send(.data(id, piece, ends: true))
            sent += 1_000
            #expect(client.answers[id]?.body.count == 9_003)
            try client.send(.windowUpdate(0, 9_003))
        }
        #expect(sent - client.credit < HTTP2Limits.creditBytes)
        #expect(client.goAway == nil)
    }

    @Test func `padding of a frame that is cut in the middle comes back as well`() throws {
        let client = try HTTP2Client()
        var sent = 0
        for stream in 0..<400 {
            let id = UInt32(stream * 2 + 1)
            let bytes =
                RawFrame.headers(id, HTTP2Client.head("POST", "/c"), ends: false).bytes
                + RawFrame.data(id, Array("0123456789".utf8), ends: true, padding: 255).bytes
            sent += 266
            // Three cuts: in the head, in the data, in the padding.
            for (start, end) in [(0, 20), (20, bytes.count - 260), (bytes.count - 260, bytes.count - 9)] {
                try client.send(bytes: Array(bytes[start..<end]))
            }
            try client.send(bytes: Array(bytes.suffix(9)))
            #expect(client.answers[id]?.text == "/c|0123456789")
            #expect(sent - client.credit < 65_535)
        }
        #expect(sent - client.credit < HTTP2Limits.creditBytes)
    }

    @Test func `what still arrives after a reset comes back as credit too`() throws {
        let client = try HTTP2Client()
        var sent = 0
        for index in 0..<30 {
            let id = UInt32(index * 2 + 1)
            // Malformed, so that the framing resets the stream while its body is on the way.
            try client.send(.headers(id, HTTP2Client.head("POST", "/c") + [("te", "gzip")], ends: false))
            #expect(client.answers[id]?.reset == 1)
            try client.send(.data(id, [UInt8](repeating: 120, count: 10_000)))
            sent += 10_000
            #expect(sent - client.credit < 65_535)
        }
        #expect(client.goAway == nil)
        #expect(client.heldBytes == 0)
    }

    @Test func `a message of the largest size is taken, and one byte more is not`() throws {
        for (extra, status) in [(0, "200"), (1, "413")] {
            let client = try HTTP2Client(limits: small)
            try client.send(.headers(1, HTTP2Client.head("POST", "/m"), ends: false))
            for _ in 0..<4 { try client.send(.data(1, [UInt8](repeating: 120, count: 10_000))) }
            try client.send(.data(1, [UInt8](repeating: 120, count: extra), ends: true))
            #expect(client.answers[1]?.status == status)
            #expect(client.answers[1]?.hasEnded == true)
            #expect(client.heldBytes == 0)
            try client.request(3, "GET", "/next")
            #expect(client.answers[3]?.text == "/next|")
        }
    }

    @Test func `a single frame that is too large is too large as well`() throws {
        var limits = ListenerLimits()
        limits.message.bodyBytesMax = 100
        let client = try HTTP2Client(limits: limits)
        try client.request(1, "POST", "/m", body: String(repeating: "x", count: 100))
        #expect(client.answers[1]?.status == "200")
        try client.request(3, "POST", "/m", body: String(repeating: "x", count: 101))
        #expect(client.answers[3]?.status == "413")
        #expect(client.heldBytes == 0)
    }

    @Test func `a client that ignores the end of its credit loses the stream or the connection`() throws {
        let client = try HTTP2Client(limits: small)
        try client.send(.headers(1, HTTP2Client.head("POST", "/m"), ends: false))
        for _ in 0..<6 { try client.send(.data(1, [UInt8](repeating: 120, count: 10_000))) }
        #expect(client.answers[1]?.status == "413" || client.answers[1]?.reset == 3 || client.goAway == 3)
        #expect(client.heldBytes == 0)
    }

    @Test func `a call that is too large fails as a call`() throws {
        let client = try HTTP2Client(limits: small)
        try client.send(.headers(1, HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text), ends: false))
        for _ in 0..<4 { try client.send(.data(1, [UInt8](repeating: 0, count: 10_000))) }
        try client.send(.data(1, [0], ends: true))
        #expect(client.answers[1]?.status == "200")
        #expect(client.answers[1]?.fields["grpc-status"] == "8")
        #expect(client.heldBytes == 0)
    }

    @Test func `memory is counted while bodies and heads wait, and given back whatever becomes of them`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/m"), ends: false))
        #expect(client.heldBytes > 100)
        try client.send(.data(1, [UInt8](repeating: 120, count: 10_000)))
        #expect(client.heldBytes >= 10_000)
        try client.send(.reset(1))
        #expect(client.heldBytes == 0)
        try client.send(.headers(3, HTTP2Client.head("POST", "/m"), ends: false), .data(3, "x"))
        #expect(client.heldBytes > 0)
        client.connection.channel.close(promise: nil)
        #expect(client.heldBytes == 0)
    }

    @Test func `who would take the last memory gets 503, and others go on`() throws {
        var limits = ListenerLimits()
        limits.heldBytesMax = 60_000
        let first = try HTTP2Client(limits: limits)
        let second = try HTTP2Client(on: first)
        try first.send(.headers(1, HTTP2Client.head("POST", "/m"), ends: false))
        try second.send(.headers(1, HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text), ends: false))
        for client in [first, second, first, second, first] where client.answers[1] == nil {
            try client.send(.data(1, [UInt8](repeating: 0, count: 15_000)))
        }
        #expect(first.answers[1]?.status == "503" || second.answers[1]?.fields["grpc-status"] == "14")
        for client in [first, second] {
            if client.answers[1] == nil { try client.send(.data(1, [0], ends: true)) }
            try client.request(3, "GET", "/next")
            #expect(client.answers[3]?.text == "/next|")
        }
        try first.advance(seconds: 4)  // what was answered early is given up
        #expect(first.heldBytes == 0)
    }

    @Test func `heads that wait without a body are held against the memory`() throws {
        var limits = ListenerLimits()
        limits.heldBytesMax = 50_000
        let client = try HTTP2Client(limits: limits)
        let filler = ("x-filler", String(repeating: "x", count: 5_000))
        for stream in 0..<20 {
            try client.send(.headers(UInt32(stream * 2 + 1), HTTP2Client.head("POST", "/m") + [filler], ends: false))
        }
        #expect(client.answers.values.contains { $0.status == "503" })
        #expect(client.heldBytes <= 50_000 + 6_000 + 20 * MemoryLayout<HTTP2Stream>.stride)
    }
}
