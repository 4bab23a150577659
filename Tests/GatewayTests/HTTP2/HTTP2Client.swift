import NIOCore
import NIOEmbedded
import NIOHPACK

@testable import Gateway

/// The other end of an HTTP/2 connection without a socket: sends raw frames, and collects what comes back.
final class HTTP2Client {
    let connection: EmbeddedConnection
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
    private var rest: ArraySlice<UInt8> = []
    /// What has come back on each stream.
    private(set) var answers: [UInt32: Answer] = [:]
    /// The code of the last GOAWAY.
    private(set) var goAway: UInt32?
    /// The sentence of the last GOAWAY.
    private(set) var goAwayText = ""
    /// The stream that the last GOAWAY calls the last.
    private(set) var lastStream: UInt32?
    /// What the last PING held.
    private(set) var ping: [UInt8]?
    /// Credit for the connection that has been given back.
    private(set) var credit = 0
    /// How many PINGs and SETTINGS were acknowledged.
    private(set) var acknowledgements = 0

    /// The preface of a client (RFC 9113 §3.4).
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// What came back on a stream.
    struct Answer: Equatable {
        var status: String?
        var fields: [String: String] = [:]
        var body: [UInt8] = []
        var hasEnded = false
        var reset: UInt32?

        var text: String { String(decoding: body, as: UTF8.self) }
        /// The message of a gRPC answer; `nil` if there is not exactly one.
        var message: [UInt8]? {
            guard body.count >= 5, body[0] == 0, Int(RawFrame.number(body[1..<5])) == body.count - 5 else { return nil }
            return Array(body[5...])
        }
    }

    /// Opens a connection and shakes hands; several may share a loop.
    convenience init(limits: ListenerLimits = ListenerLimits(), on shared: HTTP2Client? = nil, greets: Bool = true)
        throws
    {
        try self.init(limits: limits, on: shared?.connection, greets: greets)
    }

    /// Opens a connection beside one that may speak something else.
    init(limits: ListenerLimits, on shared: EmbeddedConnection?, greets: Bool = true) throws {
        connection = try EmbeddedConnection(limits: limits, on: shared)
        let acknowledgement = RawFrame(kind: .settings, flags: RawFrame.acknowledged)
        if greets { try send(bytes: HTTP2Client.preface + RawFrame.settings().bytes + acknowledgement.bytes) }
    }

    /// Memory that the connections of this loop hold.
    var heldBytes: Int { connection.loop.heldBytes }

    func send(bytes: [UInt8]) throws {
        connection.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        connection.channel.pipeline.fireChannelReadComplete()
        try collect()
    }

    func send(_ frames: RawFrame...) throws { try send(frames) }

    /// Sends frames in one read.
    func send(_ frames: [RawFrame]) throws { try send(bytes: frames.flatMap(\.bytes)) }

    /// Sends a request without a body, or with one.
    func request(
        _ stream: UInt32, _ method: String = "GET", _ path: String = "/", fields: [(String, String)] = [],
        body: String? = nil
    ) throws {
        let head = RawFrame.headers(stream, HTTP2Client.head(method, path) + fields, ends: body == nil)
        try send([head] + (body.map { [.data(stream, $0, ends: true)] } ?? []))
    }

    /// Makes a gRPC call with a message.
    func call(_ stream: UInt32, _ method: GRPCMethod, _ message: [UInt8]) throws {
        try send(
            .headers(stream, HTTP2Client.callHead(method.text), ends: false),
            .data(stream, [0] + RawFrame.number(UInt32(message.count)) + message, ends: true))
    }

    static func head(_ method: String = "GET", _ path: String = "/") -> [(String, String)] {
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "a")]
    }

    static func callHead(_ path: String, type: String = "application/grpc") -> [(String, String)] {
        head("POST", path) + [("content-type", type), ("te", "trailers")]
    }

    /// Time passes.
    func advance(seconds: Int64) throws { try advance(.seconds(seconds)) }

    /// Time passes.
    func advance(_ time: TimeAmount) throws {
        connection.advance(time)
        try collect()
    }

    /// Reads what has been sent.
    func collect() throws {
        while let bytes = try connection.channel.readOutbound(as: ByteBuffer.self) { rest += bytes.readableBytesView }
        while let frame = RawFrame.take(from: &rest) { try take(frame) }
    }

    private func take(_ frame: RawFrame) throws {
        switch frame.kind {
        case .headers: try takeHeaders(frame)
        case .data:
            answers[frame.stream, default: Answer()].body += frame.payload
            if frame.flags & RawFrame.endStream != 0 { answers[frame.stream]?.hasEnded = true }
        case .reset: answers[frame.stream, default: Answer()].reset = RawFrame.number(frame.payload)
        case .goAway:
            lastStream = RawFrame.number(frame.payload[0..<4])
            goAway = RawFrame.number(frame.payload[4..<8])
            goAwayText = String(decoding: frame.payload[8...], as: UTF8.self)
        case .windowUpdate where frame.stream == 0: credit += Int(RawFrame.number(frame.payload))
        case .ping where frame.flags & RawFrame.acknowledged == 0: ping = frame.payload
        case .ping, .settings: acknowledgements += Int(frame.flags & RawFrame.acknowledged)
        case .priority, .pushPromise, .windowUpdate, .continuation, .unknown: break
        }
    }

    private func takeHeaders(_ frame: RawFrame) throws {
        var block = ByteBuffer(bytes: frame.payload)
        let fields = try decoder.decodeHeaders(from: &block)
        var answer = answers[frame.stream] ?? Answer()
        for (name, value, _) in fields {
            if name == ":status" { answer.status = value } else { answer.fields[name] = value }
        }
        if frame.flags & RawFrame.endStream != 0 { answer.hasEnded = true }
        answers[frame.stream] = answer
    }
}

extension GRPCMethod {
    /// The path as text; that of a method that is not there, for `unknown`.
    var text: String { path.map { "\($0)" } ?? "/none" }
}
