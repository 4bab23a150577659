import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Upstreams that fail, and times that are over.
@Suite("Upstreams that fail")
struct ProxyFailureTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    private static let two = ["http://127.0.0.1:9001", "http://127.0.0.1:9002"]

    /// Nobody is there.
    private struct Refused: Error {}

    static var limits: ProxyLimits {
        var limits = ProxyLimits()
        limits.upstream.answerTimeMax = .seconds(10)
        limits.upstream.tunnelIdleTimeMax = .seconds(100)
        return limits
    }

    @Test func `who cannot be reached is passed over, whatever the method`() throws {
        let world = try ProxyWorld(upstreams: ProxyFailureTests.two)
        world.doors.refusals[9001] = Refused()
        for _ in 0..<4 {
            let client = try world.connect()
            client.send(world.request("POST /t/a", "Content-Length: 3", body: "abc"))
            let upstream = try world.upstream()
            #expect(upstream.port == 9002)
            #expect(try StrictRequest.only(in: upstream.received()).body == Array("abc".utf8))
            upstream.send(ProxyFailureTests.ok)
            #expect(try Answers(client.received()).statuses == [200])
            #expect(world.isAtRest)
        }
        #expect((world.metric("headgate_upstream_retries_total") ?? 0) > 0)
    }

    @Test func `when nobody can be reached the client hears why`() throws {
        for (error, status, name) in [
            (Refused() as any Error, 502, "destination_unavailable"),
            (ChannelError.connectTimeout(.seconds(2)), 504, "connection_timeout"),
        ] {
            let world = try ProxyWorld(upstreams: ProxyFailureTests.two)
            world.doors.refusals = [9001: error, 9002: error]
            let client = try world.connect()
            client.send(world.request())
            let answer = try client.received()
            #expect(Answers(answer).statuses == [status])
            #expect(answer.contains("\r\nProxy-Status: headgate; error=\(name)\r\n"))
            #expect(world.metric("headgate_upstream_failures_total{error=\"\(name)\"}") == 1)
            #expect(world.metric("headgate_upstream_retries_total") == 1)
            #expect(world.isAtRest)
        }
    }

    @Test func `a request on a connection that had been idle is sent again if it may be done twice`() throws {
        for (line, isSentAgain) in [("GET /t/a", true), ("PUT /t/a", true), ("POST /t/a", false)] {
            let world = try ProxyWorld()
            let client = try world.connect()
            client.send(world.request())
            let first = try world.upstream()
            first.send(ProxyFailureTests.ok)
            _ = (try client.received(), try first.received())
            client.send(world.request(line))
            #expect(try first.received().hasPrefix(line))
            first.reset()
            let second = try world.upstream()
            #expect((world.doors.opened.count == 2) == isSentAgain)
            if isSentAgain {
                #expect(try second.received().hasPrefix(line))
                second.send(ProxyFailureTests.ok)
            }
            #expect(try Answers(client.received()).statuses == [isSentAgain ? 200 : 502])
            #expect(world.isAtRest)
        }
    }

    @Test func `what a client sends while another connection is sought is not lost`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let first = try world.upstream()
        first.send(ProxyFailureTests.ok)
        _ = (try client.received(), try first.received())
        client.send(world.request("PUT /t/b", "Content-Length: 8198", body: ProxyWorld.gathered))
        _ = try first.received()
        world.doors.holds = true
        first.reset()
        client.send("abc")
        world.doors.release()
        let second = try world.upstream()
        client.send("def")
        #expect(try StrictRequest.only(in: second.received()).body == Array("\(ProxyWorld.gathered)abcdef".utf8))
        second.send(ProxyFailureTests.ok)
        #expect(try Answers(client.received()).statuses == [200])
        #expect(world.isAtRest)
    }

    @Test func `a body that was gathered is sent again`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let first = try world.upstream()
        first.send(ProxyFailureTests.ok)
        _ = (try client.received(), try first.received())
        client.send(world.request("PUT /t/b", "Transfer-Encoding: chunked", body: "3\r\nabc\r\n"))
        client.send("0\r\nX-T: 1\r\n\r\n")
        #expect(try StrictRequest.only(in: first.received()).body == Array("abc".utf8))
        first.reset()
        let second = try world.upstream()
        let request = try StrictRequest.only(in: second.received())
        #expect(request.body == Array("abc".utf8))
        #expect(request.trailers == [["x-t", "1"]])
        second.send(ProxyFailureTests.ok)
        #expect(try Answers(client.received()).statuses == [200])
        #expect(world.isAtRest)
    }

    @Test func `a body that has been touched is not sent twice`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let first = try world.upstream()
        first.send(ProxyFailureTests.ok)
        _ = try client.received()
        client.send(world.request("PUT /t/b", "Content-Length: 8198", body: ProxyWorld.gathered))
        client.send("abc")
        first.reset()
        #expect(world.doors.opened.count == 1)
        let answer = try client.received()
        #expect(Answers(answer).statuses == [502])
        #expect(answer.contains("error=connection_terminated"))
        #expect(world.isAtRest)
    }

    @Test func `bytes that nobody asked for are no answer`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        let first = try world.upstream()
        first.send(ProxyFailureTests.ok + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")
        #expect(try Answers(client.received()).bodies == ["hi"])
        #expect(first.hasEnded)
        client.send(world.request())
        let second = try world.upstream()
        second.send(ProxyFailureTests.ok)
        _ = try client.received()
        second.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")
        #expect(second.hasEnded)
        client.send(world.request())
        #expect(try client.received().isEmpty)
        #expect(world.doors.opened.count == 3)
    }

    @Test func `an upstream that does not answer in time has failed`() throws {
        let world = try ProxyWorld(limits: ProxyFailureTests.limits)
        let client = try world.connect()
        client.send(world.request())
        let upstream = try world.upstream()
        world.advance(seconds: 9)
        #expect(try client.received().isEmpty)
        world.advance(seconds: 3)
        let answer = try client.received()
        #expect(Answers(answer).statuses == [504])
        #expect(answer.contains("\r\nProxy-Status: headgate; error=http_response_timeout\r\n"))
        #expect(upstream.hasEnded)
        #expect(world.upstreams.upstreams[0].failureCount.load(ordering: .relaxed) == 1)
        #expect(world.isAtRest)
    }

    @Test func `an upload may take longer than an answer, as long as it goes on`() throws {
        let world = try ProxyWorld(limits: ProxyFailureTests.limits)
        let client = try world.connect()
        client.send(world.request("POST /t/a", "Content-Length: 60000"))
        for _ in 0..<6 {
            client.send(bytes: [UInt8](repeating: 120, count: 10_000))
            world.advance(seconds: 8)
        }
        let upstream = try world.upstream()
        #expect(try StrictRequest.only(in: upstream.received()).body.count == 60_000)
        upstream.send(ProxyFailureTests.ok)
        #expect(try Answers(client.received()).statuses == [200])
        #expect(world.isAtRest)
    }

    @Test func `whose body stops hears so, and the upstream is not blamed`() throws {
        let world = try ProxyWorld(limits: ProxyFailureTests.limits)
        let client = try world.connect()
        client.send(world.request("POST /t/a", "Content-Length: 8200", body: ProxyWorld.gathered))
        let upstream = try world.upstream()
        world.advance(seconds: 25)
        #expect(try Answers(client.received()).statuses == [408])
        #expect(upstream.hasEnded)
        #expect(world.upstreams.upstreams[0].failureCount.load(ordering: .relaxed) == 0)
        #expect(world.isAtRest)
    }

    @Test func `an upstream that takes none of the request has failed`() throws {
        let world = try ProxyWorld(limits: ProxyFailureTests.limits)
        let client = try world.connect()
        client.send(world.request("POST /t/a", "Content-Length: 8200", body: ProxyWorld.gathered))
        try world.upstream().setReads(false)
        client.send("abc")
        world.advance(seconds: 13)
        #expect(try Answers(client.received()).statuses == [504])
        #expect(world.isAtRest)
    }

    @Test func `an answer that stops is broken off, unless it is the client who does not take it`() throws {
        let world = try ProxyWorld(limits: ProxyFailureTests.limits)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request())
        let stops = try world.upstream()
        stops.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        second.send(world.request())
        let waits = try world.upstream()
        second.setReads(false)
        waits.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        world.advance(seconds: 13)
        #expect(!first.channel.isActive)
        #expect(stops.hasEnded)
        #expect(second.channel.isActive)
        second.setReads(true)
        waits.send("cd")
        #expect(try Answers(second.received()).bodies == ["abcd"])
        #expect(world.isAtRest)
    }

    @Test func `who does not take its answer gives its seat to those who wait`() throws {
        let world = try ProxyWorld(seats: 1)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request())
        let stalls = try world.upstream()
        first.setReads(false)
        stalls.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        second.send(world.request())
        #expect(world.seats.counts.tiers[0].waiting == 1)
        for _ in 0..<3 { world.eventLoop.advanceTime(by: .seconds(1)) }
        #expect(world.seats.counts.tiers[0].waiting == 0)
        let goesOn = try world.upstream()
        goesOn.send(ProxyFailureTests.ok)
        #expect(try Answers(second.received()).bodies == ["hi"])
        first.setReads(true)
        stalls.send("cd")
        #expect(try Answers(first.received()).bodies == ["abcd"])
        #expect(world.isAtRest)
    }

    @Test func `a tunnel in which nothing is said ends`() throws {
        let world = try ProxyWorld(limits: ProxyFailureTests.limits)
        let client = try world.connect()
        client.send(world.request("GET /t/a", "Connection: Upgrade", "Upgrade: websocket"))
        let upstream = try world.upstream()
        upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
        world.advance(seconds: 90)
        client.send("ping")
        world.advance(seconds: 90)
        upstream.send("pong")
        world.advance(seconds: 90)
        #expect(client.channel.isActive)
        world.advance(seconds: 12)
        #expect(!client.channel.isActive)
        #expect(upstream.hasEnded)
        #expect(world.isAtRest)
    }

    @Test func `a client may give its request less time, and no more`() throws {
        var limits = ProxyFailureTests.limits
        limits.requestTimeMax = .seconds(5)
        for (stated, time) in [("1000", 1), ("86400000", 5), (nil, 5)] as [(String?, Int)] {
            let world = try ProxyWorld(limits: limits)
            let client = try world.connect()
            client.send(
                stated.map { world.request("GET /t/a", "Headgate-Timeout-Ms: \($0)") } ?? world.request("GET /t/a"))
            let upstream = try world.upstream()
            #expect(try !upstream.received().lowercased().contains("timeout-ms"))
            world.advance(seconds: time - 1)
            #expect(try client.received().isEmpty)
            world.advance(seconds: 1)
            #expect(try Answers(client.received()).statuses == [504])
            #expect(upstream.hasEnded)
            #expect(world.isAtRest)
        }
    }

    @Test(arguments: ["0", "-1", "1.5", "86400001", "soon", ""])
    func `a time that is none is said so`(text: String) throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request("GET /t/a", "Headgate-Timeout-Ms: \(text)"))
        let answer = try client.received()
        #expect(Answers(answer).statuses == [400])
        #expect(answer.contains("Headgate-Timeout-Ms"))
        #expect(world.isAtRest)
    }

    @Test func `who waits longer than its tier allows, or than it wants, is refused`() throws {
        for (fields, seconds) in [("X-A: 1", 3), ("Headgate-Timeout-Ms: 1000", 2)] {
            let world = try ProxyWorld(seats: 1)
            let (first, second) = (try world.connect(), try world.connect())
            first.send(world.request())
            second.send(world.request("GET /t/a", fields))
            #expect(world.seats.counts.tiers[0].waiting == 1)
            world.advance(seconds: seconds)
            let answer = try second.received()
            #expect([429, 503].contains(Answers(answer).statuses.first))
            #expect(answer.contains("\r\nProxy-Status: headgate; error=http_request_denied;"))
            #expect(answer.contains("; details=\"queue_timeout\"\r\n"))
            try world.upstream().send(ProxyFailureTests.ok)
            #expect(world.isAtRest)
        }
    }

    @Test func `an upstream that fails again and again gets no work for a while`() throws {
        let world = try ProxyWorld(upstreams: ProxyFailureTests.two)
        var ports: [Int] = []
        for _ in 0..<40 {
            let client = try world.connect()
            client.send(world.request())
            for upstream in world.doors.opened where upstream.channel.isActive {
                guard try !upstream.received().isEmpty else { continue }
                ports.append(upstream.port)
                upstream.send(
                    upstream.port == 9001
                        ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" : ProxyFailureTests.ok)
            }
            client.reset()
        }
        #expect(ports.count == 40)
        #expect(ports.count { $0 == 9001 } == 5)
        #expect(world.metric(#"headgate_upstream_available{upstream="http://127.0.0.1:9001"}"#) == 0)
        #expect(world.metric(#"headgate_upstream_ejections_total{upstream="http://127.0.0.1:9001"}"#) == 1)
        #expect(world.isAtRest)
    }
}
