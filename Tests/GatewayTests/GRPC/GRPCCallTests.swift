import NIOCore
import Testing

@testable import Gateway

@Suite("Calls of gRPC")
struct GRPCCallTests {
    private let path = GRPCMethod.shouldRateLimit.text

    /// Sends one call with a body as it stands, and returns the answer.
    private func answer(
        _ body: [UInt8], type: String = "application/grpc", method: String = "POST", path: String? = nil
    ) throws -> HTTP2Client.Answer {
        let client = try HTTP2Client()
        let head = HTTP2Client.callHead(path ?? self.path, type: type).map { $0.0 == ":method" ? ($0.0, method) : $0 }
        try client.send(.headers(1, head, ends: false), .data(1, body, ends: true))
        #expect(client.goAway == nil)
        #expect(client.heldBytes == 0)
        return try #require(client.answers[1])
    }

    @Test func `a message comes back with head and trailers`() throws {
        let answer = try answer([0, 0, 0, 0, 3] + Array("abc".utf8))
        #expect(answer.status == "200")
        #expect(answer.fields["content-type"] == "application/grpc")
        #expect(answer.message == Array("abc".utf8))
        #expect(answer.fields["grpc-status"] == "0")
        #expect(answer.hasEnded)
    }

    @Test func `the message may be cut anywhere`() throws {
        let body: [UInt8] = [0, 0, 0, 0, 3] + Array("abc".utf8)
        for cut in 1..<body.count {
            let client = try HTTP2Client()
            try client.send(.headers(1, HTTP2Client.callHead(path), ends: false))
            try client.send(.data(1, Array(body[..<cut])))
            try client.send(.data(1, Array(body[cut...]), ends: true))
            #expect(client.answers[1]?.message == Array("abc".utf8), "cut at \(cut)")
        }
    }

    @Test func `a call whose time is over is not decided`() throws {
        let message: [UInt8] = [0, 0, 0, 0, 1, 97]
        for (timeout, wait, status) in [
            ("0n", 0, "4"), ("00000000H", 0, "4"), ("1n", 0, "0"), ("1S", 0, "0"), ("1S", 2, "4"), ("3S", 2, "0"),
            ("99999999H", 2, "0"), ("100000000n", 2, "0"), ("-1S", 2, "0"), ("1", 2, "0"), ("S", 2, "0"), ("", 2, "0"),
            ("1500m", 2, "4"), ("1M", 2, "0"), ("5u", 2, "4"), ("0x", 2, "0"),
        ] as [(String, Int64, String)] {
            let client = try HTTP2Client()
            let head = RawFrame.headers(1, HTTP2Client.callHead(path) + [("grpc-timeout", timeout)], ends: false)
            if wait == 0 {
                try client.send(head, .data(1, message, ends: true))
            } else {
                try client.send(head)
                try client.advance(seconds: wait)
                try client.send(.data(1, message, ends: true))
            }
            #expect(client.answers[1]?.fields["grpc-status"] == status, "\(timeout) after \(wait) s")
            #expect(client.connection.diary.targets.count == (status == "0" ? 1 : 0))
        }
    }

    @Test func `an empty message is a message`() throws {
        #expect(try answer([0, 0, 0, 0, 0]).message == [])
    }

    @Test(
        arguments: [
            [], [0], [0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 2, 97], [0, 0, 0, 0, 1, 97, 98],
            [0, 0, 0, 0, 1, 97, 0, 0, 0, 0, 1, 98], [0, 255, 255, 255, 255, 97], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func `what is not exactly one message fails`(body: [UInt8]) throws {
        let answer = try answer(body)
        #expect(answer.fields["grpc-status"] == "3")
        #expect(answer.body.isEmpty)
        #expect(answer.hasEnded)
    }

    @Test(arguments: [1, 2, 128, 255] as [UInt8])
    func `a compressed message is not read`(flag: UInt8) throws {
        #expect(try answer([flag, 0, 0, 0, 1, 97]).fields["grpc-status"] == "12")
        #expect(try answer([flag, 0, 0, 0, 9, 97]).fields["grpc-status"] == "12")
    }

    @Test(arguments: ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"])
    func `a content type of gRPC with messages of Protocol Buffers is one`(type: String) throws {
        #expect(try answer([0, 0, 0, 0, 0], type: type).fields["grpc-status"] == "0")
    }

    @Test(arguments: [
        "application/grpc+json", "application/grpc-web", "application/grpc-web+proto", "application/grpcx",
    ])
    func `a content type that only begins like gRPC gets 415`(type: String) throws {
        let answer = try answer([0, 0, 0, 0, 0], type: type)
        #expect(answer.status == "415")
        #expect(answer.hasEnded)
    }

    @Test func `a call by another method than POST gets 415`() throws {
        #expect(try answer([0, 0, 0, 0, 0], method: "PUT").status == "415")
    }

    @Test func `the path of a method without gRPC's content type is no call`() throws {
        let answer = try answer([0, 0, 0, 0, 0], type: "application/json")
        #expect(answer.status == "200")
        #expect(answer.fields["grpc-status"] == nil)
    }

    @Test func `what is not there is not implemented`() throws {
        for path in ["/a.B/C", "/", "/envoy.service.ratelimit.v3.RateLimitService/shouldRateLimit"] {
            let answer = try answer([0, 0, 0, 0, 0], path: path)
            #expect(answer.status == "200")
            #expect(answer.fields["grpc-status"] == "12")
            #expect(answer.fields["grpc-message"]?.contains("no method") == true)
        }
    }

    @Test func `a sentence with line ends and umlauts arrives as visible ASCII`() throws {
        let sentence = "100 % böse\r\n\u{0}~\u{7F}"
        let bytes = Array("fail \(sentence)".utf8)
        let answer = try answer([0, 0, 0, 0, UInt8(bytes.count)] + bytes)
        let text = try #require(answer.fields["grpc-message"])
        #expect(answer.fields["grpc-status"] == "13")
        #expect(text == "100 %25 b%c3%b6se%0d%0a%00~%7f")
        #expect(text.removingEscapes == sentence)
    }

    @Test func `every byte survives the way through a status message`() {
        let all = String(String.UnicodeScalarView((0...0x24F).compactMap(Unicode.Scalar.init)))
        let encoded = GRPCFields.percentEncoded(all)
        #expect(encoded.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(encoded.removingEscapes == all)
    }
}

extension String {
    /// The text without percent encoding, as a client reads it.
    fileprivate var removingEscapes: String {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            let isEscape = byte == UInt8(ascii: "%")
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            bytes.append(isEscape ? UInt8(digits, radix: 16) ?? 0 : byte)
            if isEscape { rest = rest.dropFirst(2) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
