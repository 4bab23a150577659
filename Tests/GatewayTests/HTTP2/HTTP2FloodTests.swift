import NIOCore
import Testing
import Vocabulary

@testable import Gateway

/// Clients that make work, or memory, without asking for anything.
@Suite("Floods over HTTP/2")
struct HTTP2FloodTests {
    /// ENHANCE_YOUR_CALM (RFC 9113 §7).
    private let calm: UInt32 = 0xB

    private var limits: ListenerLimits {
        var limits = ListenerLimits()
        limits.http2.controlFramesMax = 50
        limits.http2.resetsMax = 50
        limits.http2.straysMax = 50
        limits.http2.streamsMax = 8
        return limits
    }

    /// Sends one frame after the other until the connection ends; how many it took.
    private func count(_ client: HTTP2Client, atMost: Int = 2_000, _ frames: (UInt32) -> [RawFrame]) throws -> Int {
        for index in 0..<atMost {
            try client.send(frames(UInt32(index * 2 + 1)))
            if client.connection.outputHasEnded { return index + 1 }
        }
        return atMost
    }

    @Test func `a flood of PINGs ends the connection`() throws {
        let client = try HTTP2Client(limits: limits)
        let taken = try count(client) { _ in [.ping()] }
        // The client's SETTINGS and its acknowledgement of ours count too, and one beyond the limit ends it.
        #expect(taken == limits.http2.controlFramesMax - 2 + 1)
        #expect(client.goAway == calm)
        #expect(client.connection.diary.violations == [.http2])
    }

    @Test func `a flood of SETTINGS ends the connection`() throws {
        let client = try HTTP2Client(limits: limits)
        let taken = try count(client) { _ in [.settings([(3, 100)])] }
        #expect((45...60).contains(taken))
        #expect(client.goAway == calm)
    }

    @Test func `a flood of PRIORITY ends the connection`() throws {
        let client = try HTTP2Client(limits: limits)
        let taken = try count(client) { [RawFrame(kind: .priority, stream: $0, payload: [0, 0, 0, 0, 9])] }
        #expect((45...60).contains(taken))
        #expect(client.goAway == calm)
    }

    @Test func `a flood of resets ends the connection`() throws {
        let client = try HTTP2Client(limits: limits)
        let taken = try count(client) { [.headers($0, HTTP2Client.head("POST", "/r"), ends: false), .reset($0)] }
        #expect((45...60).contains(taken))
        #expect(client.goAway == calm)
        #expect(client.heldBytes == 0)
        #expect(client.connection.diary.targets.isEmpty)
    }

    @Test func `a flood of broken bodies ends the connection`() throws {
        let client = try HTTP2Client(limits: limits)
        let head = HTTP2Client.head() + [("content-length", "5")]
        let taken = try count(client) { [.headers($0, head)] }
        #expect((45...110).contains(taken))
        #expect(client.goAway == calm)
    }

    @Test func `a flood of broken heads ends the connection`() throws {
        let client = try HTTP2Client(limits: limits)
        let taken = try count(client) { [.headers($0, HTTP2Client.head() + [("te", "gzip")])] }
        #expect(taken == limits.http2.resetsMax + 1)
        #expect(client.goAway == calm)
        #expect(client.answers.values.allSatisfy { $0.reset == 1 })
        #expect(client.heldBytes == 0)
        #expect(client.connection.diary.targets.isEmpty)
    }

    @Test func `a flood of empty DATA ends the connection`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/e"), ends: false))
        let taken = try count(client) { _ in [.data(1, "")] }
        #expect(taken < 10)
        #expect(client.goAway == calm)
        #expect(client.heldBytes == 0)
    }

    @Test func `padding alone is a flood of empty DATA as well`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/e"), ends: false))
        let taken = try count(client) { _ in [.data(1, [], padding: 200)] }
        #expect(taken < 10)
        #expect(client.heldBytes == 0)
    }

    @Test func `a flood of CONTINUATION ends the connection before it is a list`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head(), isWhole: false))
        let taken = try count(client) { _ in [.continuation(1, RawFrame.literal("x", "y"), isWhole: false)] }
        #expect(taken < 50)
        #expect(client.connection.outputHasEnded)
    }

    @Test func `empty CONTINUATION frames are such a flood`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head(), isWhole: false))
        let taken = try count(client) { _ in [.continuation(1, [], isWhole: false)] }
        #expect(taken < 50)
        #expect(client.connection.outputHasEnded)
    }

    @Test func `a list of fields that is too large is refused, however small it is on the wire`() throws {
        let client = try HTTP2Client()
        // One field goes into the table, and the same is named again and again by one byte each (RFC 7541 §6.1).
        let value = String(repeating: "v", count: 3_000)
        let entry = [0x40] + RawFrame.literal("x-large", value).dropFirst()
        let block =
            HTTP2Client.head().flatMap { RawFrame.literal($0.0, $0.1) } + entry + [UInt8](repeating: 0xBE, count: 5_000)
        try client.send(.block(1, block))
        #expect(client.answers[1]?.status != "200")
        #expect(client.connection.diary.targets.isEmpty)
        #expect(client.connection.outputHasEnded || client.answers[1]?.status == "431")
    }

    @Test func `more fields than HTTP/1.1 may have are refused as there`() throws {
        let client = try HTTP2Client()
        try client.request(1, fields: (0..<120).map { ("x-\($0)", "1") })
        #expect(client.answers[1]?.status == "431")
        try client.request(3)
        #expect(client.answers[3]?.status == "200")
    }

    @Test func `a stream too many is refused and the others go on`() throws {
        let client = try HTTP2Client(limits: limits)
        for index in 0..<8 {
            try client.send(.headers(UInt32(index * 2 + 1), HTTP2Client.head("POST", "/s"), ends: false))
        }
        try client.send(.headers(17, HTTP2Client.head("GET", "/s")))
        #expect(client.answers[17]?.status == nil)
        if client.goAway == nil {
            try client.send(.data(1, "x", ends: true))
            #expect(client.answers[1]?.text == "/s|x")
        }
        #expect(client.connection.diary.targets.filter { $0 == "/s" }.count <= 1)
    }

    @Test func `ordinary gRPC traffic is no flood`() throws {
        let client = try HTTP2Client()
        for index in 0..<2_000 {
            let id = UInt32(index * 2 + 1)
            let head = RawFrame.headers(id, HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text), ends: false)
            // Some clients end the stream with an empty frame behind the message.
            try client.send(head, .data(id, [0, 0, 0, 0, 1, 120]), .data(id, "", ends: true))
            if index % 4 == 0 { try client.send(.windowUpdate(0, 100)) }
            if index % 10 == 0 { try client.send(.ping()) }
        }
        #expect(client.answers.count == 2_000)
        #expect(client.answers.values.allSatisfy { $0.fields["grpc-status"] == "0" })
        #expect(client.goAway == nil)
        #expect(client.heldBytes == 0)
    }

    @Test func `a client that measures the bandwidth by a PING for each answer is no flood`() throws {
        let client = try HTTP2Client(limits: limits)
        let head = HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text)
        for index in 0..<500 {
            let id = UInt32(index * 2 + 1)
            try client.send(.headers(id, head, ends: false), .data(id, [0, 0, 0, 0, 1, 120], ends: true), .ping())
        }
        #expect(client.goAway == nil)
        #expect(client.answers.count == 500)
        let taken = try count(client) { _ in [.ping()] }
        #expect(taken <= limits.http2.controlFramesMax + 1)
        #expect(client.goAway == calm)
    }

    /// A client that has been told to calm down.
    private func refused() throws -> HTTP2Client {
        let client = try HTTP2Client(limits: limits)
        _ = try count(client) { _ in [.ping()] }
        return client
    }

    @Test func `after the last word our end is closed, and the client has time to read it`() throws {
        let client = try refused()
        #expect(client.goAway == calm)
        #expect(client.connection.outputHasEnded)
        #expect(!client.connection.isClosed)
        let before = client.connection.readCount
        client.connection.channel.read()
        #expect(client.connection.readCount == before + 1)
        try client.send(.ping(), .headers(1, HTTP2Client.head()))
        #expect(client.answers.isEmpty)
        #expect(client.connection.diary.targets.isEmpty)
        #expect(client.connection.diary.violations == [.http2])
        client.connection.endInput()
        #expect(client.connection.isClosed)
    }

    @Test func `the time after the last word is bounded, whatever is sent in it`() throws {
        let client = try refused()
        try client.advance(seconds: 1)
        for _ in 0..<3 where !client.connection.isClosed {
            try client.send(.ping())
            try client.advance(seconds: 1)
        }
        #expect(client.connection.isClosed)
    }

    @Test func `what is dropped after the last word is bounded`() throws {
        let client = try refused()
        let piece = RawFrame.data(1, [UInt8](repeating: 0, count: 16_384))
        var dropped = 0
        while !client.connection.isClosed, dropped < 10_000_000 {
            try client.send(piece)
            dropped += piece.bytes.count
        }
        #expect(client.connection.isClosed)
        #expect(dropped <= limits.message.requestBytesMax + piece.bytes.count)
        #expect(client.heldBytes == 0)
    }

    @Test func `a last word that the socket does not take yet is sent when it does, or the time is over`() throws {
        let client = try HTTP2Client(limits: limits)
        client.connection.setWritable(false)
        client.connection.channel.read()
        _ = try count(client) { _ in [.ping()] }
        client.connection.setWritable(true)
        #expect(!client.connection.isClosed)
        try client.advance(seconds: 3)
        #expect(client.connection.isClosed)
    }

    @Test func `a deferred answer that comes after the last word is dropped`() throws {
        let client = try HTTP2Client(limits: limits)
        try client.request(1, "GET", "/deferred")
        _ = try count(client) { _ in [.ping()] }
        client.connection.diary.takeDeferral()?.answer { $0.start(.ok) }
        client.connection.run()
        try client.collect()
        #expect(client.answers.isEmpty)
        #expect(client.heldBytes == 0)
    }

    @Test func `an incomplete head counts with the tables and buffers that its connection keeps`() throws {
        let client = try HTTP2Client()
        let field = [0x40] + RawFrame.literal("x-large", String(repeating: "v", count: 900)).dropFirst()
        for index in 0..<20 {
            let head = HTTP2Client.head().flatMap { RawFrame.literal($0.0, $0.1) }
            try client.send(.block(UInt32(index * 2 + 1), head + field))
        }
        #expect(client.heldBytes == 0)
        try client.send(.headers(41, HTTP2Client.head(), isWhole: false))
        #expect(client.heldBytes > 8_192)
        #expect(client.heldBytes < 8_192 + 4_096)
        try client.send(.continuation(41, []))
        #expect(client.answers[41]?.status == "200")
        #expect(client.heldBytes == 0)
        try client.send(.headers(43, HTTP2Client.head("POST", "/w"), ends: false))
        #expect(client.heldBytes > 8_192)
        try client.send(.data(43, "body", ends: true))
        #expect(client.heldBytes == 0)
    }
}
