import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Requests over HTTP/1.1 from their heads to the ends of their answers.
@Suite("Requests that are passed on")
struct ProxyExchangeTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

    @Test func `a request is passed on, its answer passed back, and the connections are used again`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        for _ in 0..<3 {
            client.send(world.request("GET /t/a?b=c", "X-A: 1", "Cookie: a=1", "Cookie: b=2"))
            let upstream = try world.upstream()
            let request = try StrictRequest.only(in: upstream.received())
            #expect(request.target == "/t/a?b=c")
            #expect(request.values(of: "x-a") == ["1"])
            #expect(request.values(of: "cookie") == ["a=1; b=2"])
            #expect(request.values(of: "via") == ["1.1 headgate"])
            #expect(request.values(of: "headgate-decision").count == 1)
            upstream.send("HTTP/1.1 200 Fine\r\nX-B: 2\r\nContent-Length: 2\r\nHeadgate-Tenant: forged\r\n\r\nhi")
            let answer = try client.received()
            #expect(answer.hasPrefix("HTTP/1.1 200 Fine\r\nX-B: 2\r\n"))
            #expect(answer.hasSuffix("\r\nContent-Length: 2\r\n\r\nhi"))
            #expect(!answer.contains("forged"))
            #expect(world.isAtRest)
        }
        #expect(world.doors.opened.count == 1)
    }

    @Test func `pipelined requests are passed on one after the other, and answered in order`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send((1...5).map { world.request("GET /t/\($0)") }.joined())
        var answers = ""
        for number in 1...5 {
            let upstream = try world.upstream()
            #expect(try StrictRequest.only(in: upstream.received()).target == "/t/\(number)")
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
            answers += try client.received()
        }
        #expect(Answers(answers).bodies == ["1", "2", "3", "4", "5"])
        #expect(world.isAtRest)
    }

    @Test func `a body stays with the client while its request waits, and is passed on as it comes`() throws {
        let world = try ProxyWorld(seats: 1)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request())
        let upstream = try world.upstream()
        second.send(world.request("POST /t/b", "Content-Length: 8198", body: ProxyWorld.gathered))
        second.send("abc")
        #expect(world.seats.counts.tiers[0].waiting == 1)
        #expect(!second.isReadFrom)
        upstream.send(ProxyExchangeTests.ok)
        _ = try first.received()
        #expect(second.isReadFrom)
        #expect(try upstream.received().hasSuffix("\r\n\r\n\(ProxyWorld.gathered)abc"))
        second.send("def")
        #expect(try upstream.received() == "def")
        upstream.send(ProxyExchangeTests.ok)
        #expect(try Answers(second.received()).statuses == [200])
        #expect(world.isAtRest)
    }

    @Test func `a client is told to go on when there is somebody to take its body`() throws {
        let world = try ProxyWorld(seats: 1)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request())
        let upstream = try world.upstream()
        second.send(world.request("PUT /t/b", "Content-Length: 3", "Expect: 100-continue"))
        #expect(try second.received().isEmpty)
        upstream.send(ProxyExchangeTests.ok)
        #expect(try second.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        second.send("abc")
        #expect(try upstream.received().hasSuffix("\r\n\r\nabc"))
        upstream.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        #expect(try second.received() == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        upstream.send(ProxyExchangeTests.ok)
        #expect(try Answers(second.received()).closes == [false])
        #expect(world.isAtRest)
    }

    @Test func `who is refused is not told to go on`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(
            "POST /t/a HTTP/1.1\r\nHost: a\r\nX-API-Key: wrong\r\nContent-Length: 3\r\n"
                + "Expect: 100-continue\r\n\r\n")
        let answer = try Answers(client.received())
        #expect(answer.statuses == [401])
        // It may send its body or not: nobody can tell what comes next.
        #expect(answer.closes == [true])
        #expect(world.doors.opened.isEmpty)
    }

    @Test func `who takes no more of its answer stops the upstream, and who takes again lets it go on`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let upstream = try world.upstream()
        client.setReads(false)
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        #expect(!upstream.isReadFrom)
        client.setReads(true)
        #expect(upstream.isReadFrom)
        upstream.send("cd")
        #expect(try client.received().hasSuffix("\r\n\r\nabcd"))
        #expect(world.isAtRest)
    }

    @Test func `an upstream that takes no more stops the client, also after it has begun to answer`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request("POST /t/a", "Transfer-Encoding: chunked"))
        world.advance(seconds: 2)
        let upstream = try world.upstream()
        upstream.setReads(false)
        client.send("3\r\nabc\r\n")
        #expect(!client.isReadFrom)
        upstream.setReads(true)
        #expect(client.isReadFrom)
        upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nABC\r\n")
        upstream.setReads(false)
        client.send("3\r\ndef\r\n")
        #expect(!client.isReadFrom)
        upstream.setReads(true)
        #expect(client.isReadFrom)
        client.send("0\r\nX-T: 1\r\n\r\n")
        let request = try StrictRequest.only(in: upstream.received())
        #expect(request.body == Array("abcdef".utf8))
        #expect(request.trailers == [["x-t", "1"]])
        upstream.send("3\r\nDEF\r\n0\r\nX-U:2\r\nHeadgate-Tier: x\r\nContent-Length: 9\r\nKeep-Alive: 1\r\n\r\n")
        #expect(try client.received().hasSuffix("3\r\nABC\r\n3\r\nDEF\r\n0\r\nX-U: 2\r\n\r\n"))
        #expect(world.isAtRest)
    }

    @Test func `an answer before the request is complete ends the connection, readably`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request("POST /t/a", "Content-Length: 10000", body: ProxyWorld.gathered))
        let upstream = try world.upstream()
        upstream.send("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")
        let answer = try Answers(client.received())
        #expect(answer.statuses == [413])
        #expect(answer.closes == [true])
        #expect(client.socket.outputHasEnded)
        #expect(client.channel.isActive)
        #expect(upstream.hasEnded)
        #expect(world.isAtRest)
    }

    @Test(arguments: [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "\r\nContent-Length: 7\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "\r\nContent-Length: 7\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\r\n"),
    ])
    func `answers without a body end with their heads`(method: String, answer: String, part: String) throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        for _ in 0..<2 {
            client.send(world.request("\(method) /t/a"))
            let upstream = try world.upstream()
            _ = try upstream.received()
            upstream.send(answer)
            let received = try client.received()
            #expect(received.contains(part))
            #expect(received.hasSuffix("\r\n\r\n"))
            #expect(!received.contains("chunked"))
            #expect(world.isAtRest)
        }
        #expect(world.doors.opened.count == 1)
    }

    @Test func `an answer that ends with its connection comes in chunks, or to HTTP 1 0 likewise`() throws {
        for (version, end) in [("1.1", "5\r\nhello\r\n0\r\n\r\n"), ("1.0", "\r\n\r\nhello")] {
            let world = try ProxyWorld()
            let client = try world.connect()
            client.send(
                "GET /t/a HTTP/\(version)\r\nHost: a\r\nX-API-Key: \(world.credential)\r\n"
                    + "Connection: keep-alive\r\n\r\n")
            let upstream = try world.upstream()
            upstream.send("HTTP/1.1 200 OK\r\n\r\nhello")
            upstream.endOutput()
            #expect(try client.received().hasSuffix(end))
            #expect(client.hasEnded == (version == "1.0"))
            #expect(upstream.hasEnded)
            client.reset()
            #expect(world.isAtRest)
        }
    }

    @Test func `fields that an answer's Connection names end here`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        try world.upstream().send(
            "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nX-End: 2\r\n"
                + "Content-Length: 0\r\n\r\n")
        let answer = try client.received()
        #expect(!answer.contains("X-Hop"))
        #expect(!answer.contains("Keep-Alive"))
        #expect(answer.contains("\r\nX-End: 2\r\n"))
        #expect(!answer.contains("Connection"))
        #expect(try world.upstream().hasEnded)
    }

    @Test func `a tunnel carries bytes both ways, holds no seat, and ends from either end`() throws {
        for clientEnds in [true, false] {
            let world = try ProxyWorld(seats: 1)
            let client = try world.connect()
            client.send(world.request("GET /t/a", "Connection: Upgrade", "Upgrade: websocket"))
            let upstream = try world.upstream()
            let request = try StrictRequest.only(in: upstream.received())
            #expect(request.values(of: "connection") == ["upgrade"])
            #expect(request.values(of: "upgrade") == ["websocket"])
            upstream.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u{1}early")
            let answer = try client.received()
            #expect(answer.contains("\r\nConnection: upgrade\r\n"))
            #expect(answer.contains("\r\nUpgrade: websocket\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n\u{1}early"))
            #expect(world.seats.counts.inUse == 0)
            client.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try upstream.received() == "GET / HTTP/1.1\r\n\r\n")
            if clientEnds {
                client.endOutput()
                #expect(upstream.socket.outputHasEnded)
                upstream.send("last")
                #expect(try client.received() == "last")
            }
            upstream.endOutput()
            #expect(client.hasEnded)
            client.reset()
            #expect(world.isAtRest)
        }
    }

    @Test func `an upstream that changes the protocol unasked is not believed`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let upstream = try world.upstream()
        upstream.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try Answers(client.received()).statuses == [502])
        #expect(upstream.hasEnded)
        #expect(world.isAtRest)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    ])
    func `answers that could be read in two ways are not passed on`(answer: String) throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let upstream = try world.upstream()
        upstream.send(answer)
        let received = try client.received()
        #expect(Answers(received).statuses == [502])
        #expect(received.contains("\r\nProxy-Status: headgate; error=http_protocol_error\r\n"))
        #expect(upstream.hasEnded)
        #expect(world.metric(#"headgate_upstream_failures_total{error="http_protocol_error"}"#) == 1)
        #expect(world.isAtRest)
    }

    @Test func `an answer that breaks off is broken off for the client`() throws {
        for isWhole in [true, false] {
            let world = try ProxyWorld()
            let client = try world.connect()
            client.send(world.request())
            let upstream = try world.upstream()
            upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            if isWhole { upstream.endOutput() } else { upstream.reset() }
            #expect(!client.channel.isActive)
            #expect(try !client.received().contains("0\r\n\r\n"))
            #expect(world.isAtRest)
        }
    }

    @Test func `a client that leaves while it waits frees its place at once`() throws {
        for leaves in [ClientEnd.endOutput, ClientEnd.reset] as [(ClientEnd) -> () -> Void] {
            let world = try ProxyWorld(seats: 1)
            let clients = [try world.connect(), try world.connect(), try world.connect()]
            for client in clients { client.send(world.request()) }
            #expect(world.seats.counts.tiers[0].waiting == 2)
            leaves(clients[1])()
            #expect(world.seats.counts.tiers[0].waiting == 1)
            #expect(world.metric("headgate_requests_abandoned_total") == 1)
            let upstream = try world.upstream()
            upstream.send(ProxyExchangeTests.ok)
            _ = try upstream.received()
            upstream.send(ProxyExchangeTests.ok)
            #expect(try Answers(clients[2].received()).statuses == [200])
            #expect(world.isAtRest)
        }
    }

    @Test func `a client that leaves while it is served takes its connection to the upstream with it`() throws {
        let world = try ProxyWorld(seats: 1)
        let client = try world.connect()
        client.send(world.request("POST /t/a", "Content-Length: 10000", body: ProxyWorld.gathered))
        let upstream = try world.upstream()
        client.reset()
        #expect(upstream.hasEnded)
        #expect(world.isAtRest)
        // It says nothing about the upstream.
        #expect(world.upstreams.upstreams[0].failureCount.load(ordering: .relaxed) == 0)
    }

    @Test func `while the listener shuts down requests in work are finished, and their connections end`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let upstream = try world.upstream()
        let end = world.loop.drain(within: .seconds(60))
        upstream.send(ProxyExchangeTests.ok)
        let answer = try Answers(client.received())
        #expect(answer.bodies == ["hi"])
        #expect(answer.closes == [true])
        client.endOutput()
        #expect(!client.channel.isActive)
        world.eventLoop.run()
        let isOver = NIOLoopBoundBox(false, eventLoop: world.eventLoop)
        end.whenComplete { _ in isOver.value = true }
        world.eventLoop.run()
        #expect(isOver.value)
    }

    @Test func `answers that nobody takes hold no more memory than they may`() throws {
        var limits = ProxyLimits()
        limits.upstream.heldBytesMax = 100_000
        let world = try ProxyWorld(limits: limits)
        let client = try world.connect()
        client.send(world.request())
        let upstream = try world.upstream()
        client.setReads(false)
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nab")
        // As when the upstream has closed its end: all is read, whether it is wanted or not.
        for _ in 0..<3 { upstream.send(bytes: [UInt8](repeating: 120, count: 60_000)) }
        #expect(!upstream.channel.isActive)
        #expect(!client.channel.isActive)
        #expect(world.isAtRest)
    }
}
