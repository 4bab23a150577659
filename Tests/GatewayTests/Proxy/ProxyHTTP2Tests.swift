import NIOCore
import Testing
import Vocabulary

@testable import Gateway

/// Requests over HTTP/2 that are passed on as HTTP/1.1.
@Suite("Requests that are passed on from HTTP/2")
struct ProxyHTTP2Tests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

    @Test func `a request is passed on and its answer passed back, over one connection to the upstream`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        for stream: UInt32 in [1, 3, 5] {
            let head = client.head("GET", "/t/a?b", ("x-a", "1"), ("cookie", "a=1"), ("cookie", "b=2"))
            try client.send(.headers(stream, head))
            let upstream = try world.upstream()
            let request = try StrictRequest.only(in: upstream.received())
            #expect(request.target == "/t/a?b")
            #expect(request.values(of: "host") == ["api.example"])
            #expect(request.values(of: "cookie") == ["a=1; b=2"])
            #expect(request.values(of: "x-forwarded-for") == ["198.51.100.7"])
            upstream.send(
                "HTTP/1.1 200 OK\r\nX-B: 2\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\nContent-Length: 2\r\n\r\nhi")
            let answer = try client.answer(stream)
            #expect(answer.status == "200")
            #expect(answer.heads.first?["x-b"] == "2")
            #expect(answer.heads.first?["keep-alive"] == nil)
            #expect(answer.text == "hi")
            #expect(answer.hasEnded)
        }
        #expect(world.doors.opened.count == 1)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `bodies without a length come in chunks, with trailers both ways`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head("POST", "/t/a", ("te", "trailers")), ends: false), .data(1, "abc"))
        world.advance(seconds: 2)
        let upstream = try world.upstream()
        try client.send(
            .data(1, "def"),
            .headers(1, [("x-t", "1"), ("headgate-tenant", "evil"), ("content-length", "9"), ("x_api_key", "k")]))
        let request = try StrictRequest.only(in: upstream.received())
        #expect(request.body == Array("abcdef".utf8))
        #expect(request.trailers == [["x-t", "1"]])
        #expect(request.values(of: "te") == ["trailers"])
        upstream.send(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nABC\r\n"
                + "0\r\nX-U:2\r\nTransfer-Encoding: chunked\r\nKeep-Alive: 1\r\n\r\n")
        let answer = try client.answer(1)
        #expect(answer.heads.map { $0[":status"] } == ["103", "200", nil])
        #expect(answer.text == "ABC")
        #expect(answer.heads.last == ["x-u": "2"])
        #expect(answer.hasEnded)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `a body with a length keeps it, and one that lies is no request`() throws {
        for (body, isRight) in [("abc", true), ("ab", false), ("abcd", false)] {
            let world = try ProxyWorld()
            let client = try HTTP2ClientEnd(to: world)
            try client.send(.headers(1, client.head("POST", "/t/a", ("content-length", "3")), ends: false))
            try client.send(.data(1, body, ends: true))
            if isRight {
                let sent = try world.upstream().received()
                #expect(sent.contains("\r\nContent-Length: 3\r\n"))
                #expect(try StrictRequest.only(in: sent).body == Array(body.utf8))
            } else {
                #expect(world.doors.opened.isEmpty)
                #expect(try client.answer(1).reset == 1)
            }
            client.end.reset()
            #expect(world.isAtRest)
        }
    }

    @Test func `credit comes back as fast as the upstream takes the body, and not while the request waits`() throws {
        let world = try ProxyWorld(seats: 1)
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head()))
        let upstream = try world.upstream()
        try client.send(.headers(3, client.head("POST"), ends: false))
        for _ in 0..<4 { try client.send(.data(3, [UInt8](repeating: 120, count: 16_000))) }
        #expect(client.credit[3] == nil)
        // The beginning was gathered before.
        #expect(world.loop.heldBytes >= 48_000)
        upstream.send(ProxyHTTP2Tests.ok)
        try client.collect()
        let credit = try #require(client.credit[3])
        #expect(credit > 48_000)
        _ = try upstream.received()
        upstream.setReads(false)
        try client.send(.data(3, [UInt8](repeating: 120, count: 16_000)))
        for _ in 0..<2 { try client.send(.data(3, [UInt8](repeating: 120, count: 16_000))) }
        // What stood at the door when it was shut has been passed on, the rest waits.
        #expect((client.credit[3] ?? 0) < credit + 48_000)
        upstream.setReads(true)
        try client.send(.data(3, "x", ends: true))
        upstream.send(ProxyHTTP2Tests.ok)
        #expect(try client.answer(3).status == "200")
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `an answer waits for the client's credit, and the upstream with it`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world, window: 10)
        try client.send(.headers(1, client.head()))
        let upstream = try world.upstream()
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")
        upstream.send(bytes: [UInt8](repeating: 120, count: 100_000))
        #expect(try client.answer(1).body.count == 10)
        #expect(!upstream.isReadFrom)
        try client.send(.windowUpdate(1, 60_000))
        #expect(upstream.isReadFrom)
        upstream.send(bytes: [UInt8](repeating: 120, count: 100_000))
        try client.send(.windowUpdate(0, 1_000_000), .windowUpdate(1, 1_000_000))
        let answer = try client.answer(1)
        #expect(answer.body.count == 200_000)
        #expect(answer.hasEnded)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `who has waited for credit once may wait for its answer as long as any other`() throws {
        var limits = ProxyLimits()
        limits.upstream.answerTimeMax = .seconds(3_600)
        let world = try ProxyWorld(limits: limits)
        let client = try HTTP2ClientEnd(to: world, window: 1)
        try client.send(.headers(1, client.head()))
        let upstream = try world.upstream()
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        try client.send(.windowUpdate(1, 100))
        world.advance(seconds: 300)
        upstream.send("cd")
        #expect(try client.answer(1).text == "abcd")
        #expect(try client.answer(1).reset == nil)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `a byte now and then does not keep a seat`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head("POST"), ends: false), .data(1, ProxyWorld.gathered))
        let upstream = try world.upstream()
        for _ in 0..<4 {
            try client.send(.data(1, "x"))
            world.advance(seconds: 8)
        }
        #expect(try client.answer(1).status == "408")
        #expect(upstream.hasEnded)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `a client that resets a stream frees its place, or its seat`() throws {
        let world = try ProxyWorld(seats: 1)
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head()), .headers(3, client.head()), .headers(5, client.head()))
        let first = try world.upstream()
        #expect(world.seats.counts.tiers[0].waiting == 2)
        try client.send(.reset(3))
        #expect(world.seats.counts.tiers[0].waiting == 1)
        try client.send(.reset(1))
        #expect(first.hasEnded)
        let second = try world.upstream()
        second.send(ProxyHTTP2Tests.ok)
        #expect(try client.answer(5).text == "hi")
        #expect(try client.answer(3) == HTTP2ClientEnd.Answer())
        #expect(world.metric("headgate_requests_abandoned_total") == 2)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `an answer before the request is complete is whole, and what still comes is dropped`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head("POST"), ends: false), .data(1, ProxyWorld.gathered))
        let upstream = try world.upstream()
        upstream.send("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno")
        let answer = try client.answer(1)
        #expect(answer.status == "413")
        #expect(answer.hasEnded)
        #expect(upstream.hasEnded)
        try client.send(.data(1, "def", ends: true), .headers(3, client.head()))
        try world.upstream().send(ProxyHTTP2Tests.ok)
        #expect(try client.answer(3).status == "200")
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `an upstream that breaks off resets the stream, and one that does not begin is answered for`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head()))
        let first = try world.upstream()
        first.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
        first.reset()
        #expect(try client.answer(1).reset == 2)
        try client.send(.headers(3, client.head("POST", "/t/a")))
        try world.upstream().reset()
        let answer = try client.answer(3)
        #expect(answer.status == "502")
        #expect(answer.heads.first?["proxy-status"] == "headgate; error=connection_terminated")
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `a head that is too large for a frame goes on in the next ones`() throws {
        let world = try ProxyWorld()
        let (first, second) = (try HTTP2ClientEnd(to: world), try HTTP2ClientEnd(to: world))
        try first.send(.headers(1, first.head()))
        let field = "X-A: \(String(repeating: "x", count: 1_000))\r\n"
        try world.upstream().send(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\(String(repeating: field, count: 40))\r\n")
        // The second connection is the next to write.
        try second.send(.headers(1, second.head()))
        try world.upstream().send(ProxyHTTP2Tests.ok)
        #expect(try second.answer(1).text == "hi")
        #expect(try second.answer(1).reset == nil)
        #expect(try first.answer(1).reset == nil)
        #expect(try first.answer(1).status == "200")
        #expect(try first.answer(1).hasEnded)
        #expect(first.continuationCount == 2)
        try first.send(.headers(3, first.head()))
        try world.upstream().send(ProxyHTTP2Tests.ok)
        #expect(try first.answer(3).text == "hi")
        first.end.reset()
        second.end.reset()
        #expect(world.isAtRest)
    }

    @Test func `a refusal is an answer of ours that says why`() throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        let head = client.head().map { $0.0 == "x-api-key" ? ($0.0, "wrong") : $0 }
        try client.send(.headers(1, head))
        let answer = try client.answer(1)
        #expect(answer.status == "401")
        #expect(answer.heads.first?["proxy-status"]?.hasPrefix("headgate; error=http_request_denied; details=") == true)
        #expect(answer.hasEnded)
        #expect(world.doors.opened.isEmpty)
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test(arguments: [
        ("x-a", "b\r\nX-B: 1"), ("x-a", "b\r\n\r\nGET /t/smuggled HTTP/1.1\r\nHost: a"),
        ("x-a", "b\nc"), ("x-a", "b\rc"),
        ("x-a", "b\0c"), ("x-a: b\r\nx-b", "c"), ("x a", "b"), ("x-a:", "b"), ("X-A", "b"), ("", "b"),
        ("transfer-encoding", "chunked"), ("connection", "close"), ("upgrade", "h2c"), ("keep-alive", "1"),
        ("proxy-connection", "close"), ("te", "gzip"), ("host", "other"), (":path", "/t/b"), (":authority", "b"),
        (":x", "y"), ("content-length", "5"), ("content-length", "1, 1"), ("content-length", "+0"),
    ])
    func `fields that HTTP 1 would read as something else go no further`(name: String, value: String) throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head() + [(name, value)]))
        for upstream in world.doors.opened { #expect(try upstream.received().isEmpty) }
        #expect(try client.answer(1).status != "200")
        client.end.reset()
        #expect(world.isAtRest)
    }

    @Test(arguments: [
        (":path", "/t/a HTTP/1.1\r\nX: 1\r\n\r\nGET /t/b"), (":path", "/t/a b"), (":path", "t/a"), (":path", "/t/a#b"),
        (":path", ""), (":method", "GET /t/b HTTP/1.1\r\n\r\nGET"), (":method", "G T"), (":method", "CONNECT"),
        (":authority", "a\r\nX: 1"), (":authority", "a b"), (":authority", "a/b"), (":authority", "u@a"),
    ])
    func `pseudo-fields that HTTP 1 would read as something else go no further`(name: String, value: String) throws {
        let world = try ProxyWorld()
        let client = try HTTP2ClientEnd(to: world)
        try client.send(.headers(1, client.head().map { $0.0 == name ? (name, value) : $0 }))
        for upstream in world.doors.opened { #expect(try upstream.received().isEmpty) }
        #expect(try client.answer(1).status != "200")
        client.end.reset()
        #expect(world.isAtRest)
    }
}
