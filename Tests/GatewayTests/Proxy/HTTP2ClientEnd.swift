import NIOCore
import NIOEmbedded
import NIOHPACK

@testable import Gateway

/// A client that speaks HTTP/2 to a proxy, on raw frames.
final class HTTP2ClientEnd {
    let end: ClientEnd
    private let credential: String
    private var decoder = HPACKDecoder(
        allocator: ByteBufferAllocator(), maxDynamicTableSize: 4_096, maxHeaderListSize: 1 << 20)
    private var rest: ArraySlice<UInt8> = []
    /// The head that is not complete yet, and whether its stream ends with it.
    private var head: (block: [UInt8], ends: Bool) = ([], false)
    /// How many frames have gone on with a head.
    private(set) var continuationCount = 0
    /// What has come back on each stream.
    private(set) var answers: [UInt32: Answer] = [:]
    /// Credit that came back for each stream.
    private(set) var credit: [UInt32: Int] = [:]

    /// What came back on a stream.
    struct Answer: Equatable {
        /// The heads in order: interim ones, the answer's, trailers.
        var heads: [[String: String]] = []
        var body: [UInt8] = []
        var hasEnded = false
        var reset: UInt32?

        /// The status of the head that came last with one.
        var status: String? { heads.last { $0[":status"] != nil }?[":status"] }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Connects and shakes hands.
    init(to world: ProxyWorld, window: UInt32 = 65_535) throws {
        end = try world.connect()
        credential = world.credential
        try send(bytes: HTTP2Client.preface + RawFrame.settings([(4, window)]).bytes)
    }

    func send(bytes: [UInt8]) throws {
        end.send(bytes: bytes)
        try collect()
    }

    func send(_ frames: RawFrame...) throws { try send(bytes: frames.flatMap(\.bytes)) }

    /// The fields of a request with the principal's key.
    func head(_ method: String = "GET", _ path: String = "/t/a", _ fields: (String, String)...) -> [(String, String)] {
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "api.example")]
            + [("x-api-key", credential)] + fields
    }

    /// Reads what has been sent.
    func collect() throws {
        end.channel.embeddedEventLoop.run()
        rest += try end.channel.sent()
        while let frame = RawFrame.take(from: &rest) {
            switch frame.kind {
            case .headers, .continuation:
                if frame.kind == .continuation { continuationCount += 1 }
                if frame.kind == .headers { head = ([], frame.flags & RawFrame.endStream != 0) }
                head.block += frame.payload
                guard frame.flags & RawFrame.endHeaders != 0 else { continue }
                var block = ByteBuffer(bytes: head.block)
                var fields: [String: String] = [:]
                for (name, value, _) in try decoder.decodeHeaders(from: &block) { fields[name] = value }
                answers[frame.stream, default: Answer()].heads.append(fields)
                if head.ends { answers[frame.stream]?.hasEnded = true }
            case .data:
                answers[frame.stream, default: Answer()].body += frame.payload
                if frame.flags & RawFrame.endStream != 0 { answers[frame.stream]?.hasEnded = true }
            case .reset: answers[frame.stream, default: Answer()].reset = RawFrame.number(frame.payload)
            case .windowUpdate: credit[frame.stream, default: 0] += Int(RawFrame.number(frame.payload))
            case .ping, .settings, .goAway, .priority, .pushPromise, .unknown: break
            }
        }
    }

    /// What has come back on a stream by now.
    func answer(_ stream: UInt32) throws -> Answer {
        try collect()
        return answers[stream] ?? Answer()
    }
}
