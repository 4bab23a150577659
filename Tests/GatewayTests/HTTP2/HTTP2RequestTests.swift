import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Requests over HTTP/2")
struct HTTP2RequestTests {
    @Test func `a request is answered with status, fields and body`() throws {
        let client = try HTTP2Client()
        try client.request(1, "POST", "/hello?x=1", body: "twenty bytes of body")
        let answer = try #require(client.answers[1])
        #expect(answer.status == "200")
        #expect(answer.text == "/hello?x=1|twenty bytes of body")
        #expect(answer.fields["content-type"] == "text/plain")
        #expect(answer.fields["content-length"] == "\(answer.body.count)")
        #expect(answer.fields["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(answer.fields["connection"] == nil)
        #expect(answer.hasEnded)
        #expect(client.heldBytes == 0)
        #expect(client.goAway == nil)
    }

    @Test func `the head of an answer is the whole without the body`() throws {
        let client = try HTTP2Client()
        try client.request(1, "HEAD", "/abc")
        let answer = try #require(client.answers[1])
        #expect(answer.status == "200")
        #expect(answer.fields["content-length"] == "5")
        #expect(answer.body.isEmpty)
        #expect(answer.hasEnded)
        #expect(answer.reset == nil)
    }

    @Test func `many requests in one read are answered, each on its stream`() throws {
        let client = try HTTP2Client()
        let streams = (0..<200).map { UInt32($0 * 2 + 1) }
        try client.send(streams.map { .headers($0, HTTP2Client.head("GET", "/\($0)")) })
        for stream in streams { #expect(client.answers[stream]?.text == "/\(stream)|") }
        #expect(client.connection.diary.targets.count == 200)
    }

    @Test func `who waits for 100 Continue and sends the body anyway gets its answer`() throws {
        let client = try HTTP2Client()
        try client.request(1, "POST", "/e", fields: [("expect", "100-continue")], body: "body")
        #expect(client.answers[1]?.text == "/e|body")
        try client.request(3, "POST", "/e", fields: [("expect", "100-continue")])
        #expect(client.answers[3]?.text == "/e|")
        try client.request(5, "POST", "/e", fields: [("expect", "miracles")], body: "body")
        #expect(client.answers[5]?.status == "417")
    }

    @Test func `a request needs a host, and it may stand in the old field`() throws {
        let client = try HTTP2Client()
        let bare = HTTP2Client.head().filter { $0.0 != ":authority" }
        try client.send(.headers(1, bare), .headers(3, bare + [("host", "b")]))
        #expect(client.answers[1]?.status == "400")
        #expect(client.answers[3]?.status == "200")
        try client.send(
            .headers(5, HTTP2Client.head() + [("host", "a")]), .headers(7, HTTP2Client.head() + [("host", "b")]))
        #expect(client.answers[5]?.status == "200")
        #expect(client.answers[7]?.status == "400")
    }

    @Test func `an answer that nobody wrote is a 500`() throws {
        let client = try HTTP2Client()
        for (stream, path) in [(UInt32(1), "/silent"), (3, "/unfinished")] {
            try client.request(stream, "GET", path)
            #expect(client.answers[stream]?.status == "500")
            #expect(client.answers[stream]?.fields["x-lost"] == nil)
            #expect(client.answers[stream]?.hasEnded == true)
        }
        try client.request(5, "GET", "/ok")
        #expect(client.answers[5]?.status == "200")
    }

    @Test func `an answer that closes its HTTP/1.1 connection closes no other`() throws {
        let client = try HTTP2Client()
        try client.request(1, "GET", "/close")
        #expect(client.answers[1]?.text == "closed")
        #expect(client.answers[1]?.fields["connection"] == nil)
        try client.request(3, "GET", "/on")
        #expect(client.answers[3]?.text == "/on|")
    }

    @Test func `an answer may come later, and others go before it`() throws {
        let client = try HTTP2Client()
        try client.request(1, "GET", "/deferred")
        try client.request(3, "GET", "/quick")
        #expect(client.answers[1] == nil)
        #expect(client.answers[3]?.text == "/quick|")
        let deferral = try #require(client.connection.diary.takeDeferral())
        deferral.answer { writer in
            writer.start(.ok)
            writer.finish(contentType: "text/plain", body: "late")
        }
        client.connection.run()
        try client.collect()
        #expect(client.answers[1]?.text == "late")
        #expect(client.answers[1]?.hasEnded == true)
    }

    @Test func `an answer that is no longer wanted is not written`() throws {
        let client = try HTTP2Client()
        try client.request(1, "GET", "/deferred")
        let deferral = try #require(client.connection.diary.takeDeferral())
        try client.send(.reset(1))
        deferral.answer { $0.start(.ok) }
        client.connection.run()
        try client.collect()
        #expect(client.answers[1] == nil)
        try client.request(3, "GET", "/deferred")
        let second = try #require(client.connection.diary.takeDeferral())
        client.connection.channel.close(promise: nil)
        second.answer { $0.start(.ok) }
        client.connection.run()
        #expect(client.connection.isClosed)
    }

    @Test func `fields behind the body end the request`() throws {
        let client = try HTTP2Client()
        try client.send(
            .headers(1, HTTP2Client.head("POST", "/t"), ends: false), .data(1, "body"),
            .headers(1, [("checksum", "1")], ends: true))
        #expect(client.answers[1]?.text == "/t|body")
        try client.send(.headers(3, HTTP2Client.head("POST", "/t"), ends: false), .headers(3, [("checksum", "1")]))
        #expect(client.answers[3]?.text == "/t|")
    }
}
