import NIOCore
import Testing

@testable import Gateway

/// The cases of RFC 9113 and RFC 7541 that matter to a server, in raw frames, in the manner of h2spec.
@Suite("Conformance of HTTP/2")
struct HTTP2ConformanceTests {
    @Test(arguments: ConformanceCase.all)
    func `frames have the effect that the specification says`(_ test: ConformanceCase) throws {
        let client = try HTTP2Client()
        try client.send(bytes: test.bytes)
        let seen = try reaction(of: client)
        #expect(seen == test.expected)
    }

    @Test(arguments: ConformanceCase.all)
    func `the effect does not depend on how the frames are cut`(_ test: ConformanceCase) throws {
        let client = try HTTP2Client()
        for byte in test.bytes where !client.connection.outputHasEnded { try client.send(bytes: [byte]) }
        let seen = try reaction(of: client)
        #expect(seen == test.expected)
    }

    @Test func `there are enough cases, and no two are the same`() {
        #expect(ConformanceCase.all.count >= 60)
        #expect(Set(ConformanceCase.all.map(\.name)).count == ConformanceCase.all.count)
        #expect(Set(ConformanceCase.all.map(\.bytes)).count == ConformanceCase.all.count)
    }

    @Test func `the first frame must be SETTINGS`() throws {
        let client = try HTTP2Client(greets: false)
        try client.send(bytes: HTTP2Client.preface + RawFrame.ping().bytes)
        #expect(client.goAway == 1)
        #expect(client.connection.outputHasEnded)
    }

    @Test func `more DATA at once than the connection's window ends the connection`() throws {
        let client = try HTTP2Client()
        let piece = RawFrame.data(1, [UInt8](repeating: 0, count: 16_384))
        try client.send([ConformanceCase.open] + [RawFrame](repeating: piece, count: 5))
        #expect(client.goAway == 3)
        #expect(client.connection.outputHasEnded)
        #expect(client.heldBytes == 0)
    }

    @Test func `a stream's error leaves the other streams alone`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/one"), ends: false))
        try client.send(.headers(3, HTTP2Client.head("GET", "/three") + [("content-length", "5")]))
        #expect(client.answers[3]?.reset == 1)
        try client.send(.data(1, "x", ends: true))
        #expect(client.answers[1]?.text == "/one|x")
    }

    @Test func `SETTINGS and PING are acknowledged, acknowledgements are not`() throws {
        let client = try HTTP2Client()
        #expect(client.acknowledgements == 1)
        try client.send(.ping(), .settings([(4, 70_000)]), .ping(RawFrame.acknowledged))
        #expect(client.acknowledgements == 3)
        #expect(client.goAway == nil)
    }

    /// What became of stream 1 and of the connection.
    private func reaction(of client: HTTP2Client) throws -> ConformanceCase.Reaction? {
        if let code = client.goAway {
            #expect(client.connection.outputHasEnded)
            #expect(client.heldBytes == 0)
            return ConformanceCase.Code(rawValue: code).map { .connectionError($0) }
        }
        #expect(!client.connection.outputHasEnded)
        // The connection must be usable, whatever happened to the stream.
        try client.request(1_001, "GET", "/after")
        #expect(client.answers[1_001]?.text == "/after|")
        if let code = client.answers[1]?.reset { return ConformanceCase.Code(rawValue: code).map { .streamError($0) } }
        return client.answers[1]?.status.flatMap { Int($0) }.map { .answer($0) } ?? .nothing
    }
}
