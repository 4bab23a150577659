import AdmissionTestSupport
import NIOCore
import NIOEmbedded
import Vocabulary

@testable import Gateway

/// A whole connection, from its first byte, on raw frames: must end without a byte held, and never say more than it is
/// asked.
struct HTTP2Target: FuzzTarget {
    static let name = "http2"

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])
    private let eventLoop = EmbeddedEventLoop()
    private let loop: ListenerLoop<FuzzResponder>
    private var channel: EmbeddedChannel
    private var nextStream: UInt32 = 1
    private var inputs = 0

    init() throws {
        var limits = ListenerLimits()
        limits.message.bodyBytesMax = 20_000
        limits.http2.streamsMax = 16
        loop = ListenerLoop(eventLoop: eventLoop, limits: limits, responder: FuzzResponder()) {
            WallTime(milliseconds: 0)
        }
        channel = try HTTP2Target.connect(eventLoop, loop)
    }

    private static func connect(
        _ eventLoop: EmbeddedEventLoop, _ loop: ListenerLoop<FuzzResponder>
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: eventLoop)
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(loop: loop, peer: HTTPPeer(address: nil, trust: .loopback)))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
        return channel
    }

    mutating func run(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws {
        var bytes: [UInt8] = []
        if inputs == 0 {
            bytes = HTTP2Target.preface
            if generator.below(50) == 0 { bytes[generator.below(bytes.count)] ^= 1 << UInt8(generator.below(8)) }
        }
        for _ in 0...generator.below(3) { bytes += piece(&generator) }
        inputs += 1
        let before = (loop.responder.count, loop.responder.violations)
        if generator.below(8) == 0 {
            let cut = generator.below(bytes.count + 1)
            deliver(bytes[..<cut])
            deliver(bytes[cut...])
        } else {
            deliver(bytes[...])
        }
        let sent = try drain()
        tally.stepsMax = max(tally.stepsMax, sent)
        // The window of a connection, heads of all streams, and some room.
        guard sent < 1 << 20 else { throw FuzzFailure("\(sent) bytes in answer to \(bytes.count)") }
        if loop.responder.violations > before.1 {
            tally.refused += 1
        } else {
            tally.accepted += loop.responder.count - before.0
        }
        if generator.below(500) == 0 { eventLoop.advanceTime(by: .seconds(Int64(1 + generator.below(40)))) }
        // A connection that lives for ever would only ever see the beginning of its states.
        if !channel.isActive || inputs > 40 { try reconnect() }
    }

    private func deliver(_ bytes: ArraySlice<UInt8>) {
        guard channel.isActive, !bytes.isEmpty else { return }
        channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        channel.pipeline.fireChannelReadComplete()
    }

    private func drain() throws -> Int {
        var count = 0
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { count += bytes.readableBytes }
        return count
    }

    private mutating func reconnect() throws {
        try finish()
        channel = try HTTP2Target.connect(eventLoop, loop)
        nextStream = 1
        inputs = 0
    }

    mutating func finish() throws {
        if channel.isActive { channel.close(promise: nil) }
        eventLoop.run()
        _ = try drain()
        guard loop.heldBytes == 0 else { throw FuzzFailure("\(loop.heldBytes) bytes are held for a closed connection") }
    }
}

/// The frames.
extension HTTP2Target {
    private static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let length = UInt32(payload.count)
        return [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), kind, flags]
            + [24, 16, 8, 0].map { UInt8(stream >> $0 & 255) } + payload
    }

    private static func field(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    private static func head(_ fields: [(String, String)]) -> [UInt8] { fields.flatMap { field($0.0, $0.1) } }

    /// Blocks of fields: plain requests, calls, odd ones, and what uses the table and Huffman's code.
    private static let blocks: [[UInt8]] = {
        let plain = [(":method", "GET"), (":scheme", "http"), (":path", "/a"), (":authority", "a")]
        func call(_ path: String) -> [(String, String)] {
            [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "a"), ("te", "trailers")]
                + [("content-type", "application/grpc")]
        }
        return [
            head(plain), head(plain + [("x-api-key", "k"), ("content-length", "3")]),
            head(plain + [("connection", "close")]), head(plain + [("a", "b\r\nc: d")]), head([("a", "b")]),
            [0x82, 0x86, 0x84, 0x41, 0x8C, 0xF1, 0xE3, 0xC2, 0xE5, 0xF2, 0x3A, 0x6B, 0xA0, 0xAB, 0x90, 0xF4, 0xFF],
            [0x82, 0x86, 0x84, 0xBE, 0x58, 0x08] + Array("no-cache".utf8), [0x20, 0x82, 0x87, 0x85, 0xBF, 0x40],
            head(call(GRPCMethod.shouldRateLimit.text)), head(call(GRPCMethod.checkAuthorization.text)),
            head(call(GRPCMethod.watchHealth.text)), head(call("/none")),
        ]
    }()

    private static let bodies: [[UInt8]] = [
        [], [0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 8, 1], Array("abc".utf8), [UInt8](repeating: 0, count: 9_000),
        [0, 0, 0, 0, 12, 10, 1, 97, 18, 7, 10, 5, 10, 1, 98, 18, 0],
    ]

    /// A whole request, or one frame that is often right: a connection on which everything is wrong ends at once, and
    /// nothing behind its beginning is ever tried.
    private mutating func piece(_ generator: inout SeededGenerator) -> [UInt8] {
        guard generator.below(10) < 6 else { return frame(&generator) }
        nextStream += 2
        let body = generator.pick(HTTP2Target.bodies)
        let head = HTTP2Target.frame(1, body.isEmpty ? 5 : 4, nextStream, generator.pick(HTTP2Target.blocks))
        guard !body.isEmpty else { return head }
        guard generator.below(4) == 0 else { return head + HTTP2Target.frame(0, 1, nextStream, body) }
        // In two frames, the first padded.
        let cut = generator.below(body.count + 1)
        let padding = generator.bytes(upTo: 20)
        let first = [UInt8(padding.count)] + body[..<cut] + padding
        return head + HTTP2Target.frame(0, 8, nextStream, first)
            + HTTP2Target.frame(0, 1, nextStream, Array(body[cut...]))
    }

    /// One frame that is often right.
    private mutating func frame(_ generator: inout SeededGenerator) -> [UInt8] {
        let isNew = generator.below(3) == 0
        if isNew { nextStream += 2 }
        let stream = generator.below(20) == 0 ? UInt32(generator.below(64)) : nextStream
        let flags = UInt8([0, 1, 4, 5, 5, 5, 1, 12, 37, 255][generator.below(10)])
        var bytes: [UInt8]
        switch generator.below(16) {
        case 0...4: bytes = HTTP2Target.frame(1, flags | 4, stream, generator.pick(HTTP2Target.blocks))
        case 5: bytes = HTTP2Target.frame(1, flags, stream, generator.mutated(HTTP2Target.blocks))
        case 6...8: bytes = HTTP2Target.frame(0, flags & 9, stream, generator.pick(HTTP2Target.bodies))
        case 9: bytes = HTTP2Target.frame(9, flags & 4, stream, generator.pick(HTTP2Target.blocks))
        case 10: bytes = HTTP2Target.frame(3, 0, stream, [0, 0, 0, 8])
        case 11:
            bytes = HTTP2Target.frame(4, 0, 0, [0, 4, 0, UInt8(generator.below(3)), 0, UInt8(generator.below(256))])
        case 12:
            bytes = HTTP2Target.frame(
                8, 0, generator.below(2) == 0 ? 0 : stream, [0, 0, UInt8(generator.below(256)), 1])
        case 13: bytes = HTTP2Target.frame(6, flags & 1, 0, generator.bytes(upTo: 9))
        case 14: bytes = HTTP2Target.frame(UInt8(generator.below(14)), flags, stream, generator.bytes(upTo: 20))
        default: bytes = HTTP2Target.frame(7, 0, 0, generator.bytes(upTo: 12))
        }
        if generator.below(24) == 0 { bytes[generator.below(bytes.count)] ^= 1 << UInt8(generator.below(8)) }
        return bytes
    }
}

extension GRPCMethod {
    /// The path as text.
    fileprivate var text: String { path.map { "\($0)" } ?? "/none" }
}
