import NIOCore
import Testing

@testable import Gateway

@Suite("The end of HTTP/2 connections")
struct HTTP2DrainTests {
    private let callHead = HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text)

    /// Lets the listener shut down.
    private func drain(_ client: HTTP2Client) throws {
        _ = client.connection.loop.drain(within: .seconds(100))
        client.connection.run()
        try client.collect()
    }

    /// Expects the connection to be closed, by us if the client does not do it.
    private func expectEnd(_ client: HTTP2Client) throws {
        try client.advance(seconds: 4)
        #expect(client.connection.isClosed)
        #expect(client.heldBytes == 0)
    }

    @Test func `a connection without requests ends at once`() throws {
        let client = try HTTP2Client()
        try client.request(1)
        try drain(client)
        #expect(client.goAway == 0)
        #expect(!client.connection.isClosed)
        try expectEnd(client)
    }

    /// The listener's tick, which tells the rest, comes before the end of the farewell or not at all in it.
    @Test(arguments: [(100, false), (900, false), (900, true), (100, true)])
    func `a connection without requests is closed after a farewell, whatever its client does`(
        age: Int64, showsThatItKnows: Bool
    ) throws {
        let client = try HTTP2Client()
        try client.request(1)
        try client.advance(.milliseconds(age))
        try drain(client)
        if showsThatItKnows {
            try client.send(RawFrame(kind: .ping, flags: RawFrame.acknowledged, payload: try #require(client.ping)))
            #expect(client.connection.outputHasEnded)
        }
        try client.advance(.milliseconds(249))
        #expect(!client.connection.isClosed)
        try client.advance(.milliseconds(1))
        #expect(client.connection.isClosed)
        #expect(client.lastStream == 1)
    }

    @Test func `who asks during the farewell has time to read the answer`() throws {
        let client = try HTTP2Client()
        try drain(client)
        try client.request(1, "GET", "/crossing")
        try client.send(RawFrame(kind: .ping, flags: RawFrame.acknowledged, payload: try #require(client.ping)))
        #expect(client.answers[1]?.text == "/crossing|")
        #expect(client.connection.outputHasEnded)
        try client.advance(.seconds(1))
        #expect(!client.connection.isClosed)
        try expectEnd(client)
    }

    @Test func `a client that shows that it knows is told the rest at once`() throws {
        let client = try HTTP2Client()
        try client.request(1)
        try drain(client)
        #expect(client.lastStream == 0x7FFF_FFFF)
        let ping = try #require(client.ping)
        try client.send(RawFrame(kind: .ping, flags: RawFrame.acknowledged, payload: Array("12345678".utf8)))
        #expect(!client.connection.outputHasEnded)
        try client.request(3, "GET", "/crossing")
        #expect(client.answers[3]?.text == "/crossing|")
        try client.send(RawFrame(kind: .ping, flags: RawFrame.acknowledged, payload: ping))
        #expect(client.lastStream == 3)
        #expect(client.goAway == 0)
        #expect(client.connection.outputHasEnded)
        #expect(!client.connection.isClosed)
        client.connection.endInput()
        #expect(client.connection.isClosed)
    }

    @Test func `a client that shows that it knows still gets what it has asked for`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false))
        try drain(client)
        try client.send(RawFrame(kind: .ping, flags: RawFrame.acknowledged, payload: try #require(client.ping)))
        #expect(client.lastStream == 1)
        #expect(!client.connection.outputHasEnded)
        try client.send(.data(1, "body", ends: true))
        #expect(client.answers[1]?.text == "/w|body")
        #expect(client.connection.outputHasEnded)
    }

    @Test func `requests in work are answered before the end`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false))
        try client.send(.headers(3, callHead, ends: false))
        try client.request(5, "GET", "/deferred")
        try drain(client)
        #expect(client.goAway == 0)
        #expect(!client.connection.isClosed)
        try client.send(.data(1, "body", ends: true))
        #expect(client.answers[1]?.text == "/w|body")
        try client.send(.data(3, [0, 0, 0, 0, 1, 120], ends: true))
        #expect(client.answers[3]?.message == [120])
        #expect(client.answers[3]?.fields["grpc-status"] == "0")
        #expect(!client.connection.isClosed)
        let deferral = try #require(client.connection.diary.takeDeferral())
        deferral.answer { writer in
            writer.start(.ok)
            writer.finish(contentType: "text/plain", body: "late")
        }
        client.connection.run()
        try client.collect()
        #expect(client.answers[5]?.text == "late")
        #expect(client.answers[5]?.hasEnded == true)
        try expectEnd(client)
    }

    @Test func `a large answer goes out to its end before the connection does`() throws {
        let client = try HTTP2Client()
        try client.request(1, "GET", "/large")
        #expect(client.answers[1]?.body.count == 65_535)
        try drain(client)
        #expect(!client.connection.isClosed)
        try client.send(.windowUpdate(1, 200_000), .windowUpdate(0, 200_000))
        #expect(client.answers[1]?.body.count == 100_000)
        #expect(client.answers[1]?.hasEnded == true)
        try expectEnd(client)
    }

    @Test func `a request that crosses the goodbye is answered, and none begins after it`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false))
        try drain(client)
        #expect(client.lastStream == 0x7FFF_FFFF)
        try client.request(3, "GET", "/crossing")
        #expect(client.answers[3]?.text == "/crossing|")
        try client.advance(seconds: 1)
        #expect(client.lastStream == 3)
        try client.request(5, "GET", "/new")
        #expect(client.answers[5]?.status == nil)
        #expect(client.answers[5]?.reset == 7)
        #expect(client.connection.diary.targets == ["/crossing"])
    }

    @Test func `a client that says goodbye gets what it has asked for`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false), .goAway())
        try client.send(.data(1, "body", ends: true))
        #expect(client.answers[1]?.text == "/w|body")
        try expectEnd(client)
    }

    @Test func `a stream that hangs after the goodbye is cut`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false), .goAway())
        try client.advance(seconds: 22)
        #expect(client.answers[1]?.status == "408")
        try client.advance(seconds: 3)
        #expect(client.answers[1]?.reset == 0)
        try expectEnd(client)
    }

    @Test func `a connection that arrives during the shutdown is not begun`() throws {
        let first = try HTTP2Client()
        try first.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false))
        try drain(first)
        let second = try EmbeddedConnection(on: first.connection)
        #expect(second.isClosed)
    }

    @Test func `when the client closes its end, the connection ends`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/w"), ends: false))
        client.connection.endInput()
        #expect(client.connection.isClosed)
        #expect(client.heldBytes == 0)
    }
}
