import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Bodies that come slowly, before and after their requests have seats.
@Suite("Bodies that come slowly")
struct ProxyGatheringTests {
    @Test func `who sends slowly does so without a seat, and hears when that takes too long`() throws {
        let world = try ProxyWorld(seats: 1, limits: ProxyFailureTests.limits)
        let (slow, other) = (try world.connect(), try world.connect())
        slow.send(world.request("POST /t/a", "Content-Length: 1000"))
        for _ in 0..<6 {
            slow.send("x")
            world.advance(seconds: 1)
            #expect(world.seats.counts.inUse == 0)
        }
        other.send(world.request())
        try world.upstream().send(ProxyFailureTests.ok)
        #expect(try Answers(other.received()).statuses == [200])
        world.advance(seconds: 25)
        #expect(try Answers(slow.received()).statuses == [408])
        #expect(world.doors.opened.count == 1)
        #expect(world.isAtRest)
    }

    @Test func `a stream is waited for as long as seats are scarce`() throws {
        let world = try ProxyWorld(seats: 2)
        let (first, stream) = (try world.connect(), try world.connect())
        first.send(world.request())
        let upstream = try world.upstream()
        stream.send(world.request("POST /t/a", "Transfer-Encoding: chunked", body: "3\r\nabc\r\n"))
        world.advance(seconds: 3)
        #expect(world.seats.counts.inUse == 1)
        upstream.send(ProxyFailureTests.ok)
        _ = try (first.received(), upstream.received())
        world.advance(seconds: 1)
        #expect(try upstream.received().hasSuffix("\r\n\r\n3\r\nabc\r\n"))
        upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nABC\r\n")
        #expect(try stream.received().hasSuffix("3\r\nABC\r\n"))
        stream.send("0\r\n\r\n")
        upstream.send("0\r\n\r\n")
        #expect(try stream.received() == "0\r\n\r\n")
        #expect(world.isAtRest)
    }

    @Test func `who leaves before its body is complete has held nothing`() throws {
        let world = try ProxyWorld(seats: 1)
        for fields in [["Content-Length: 10"], ["Content-Length: 10", "Headgate-Timeout-Ms: 2000"]] {
            let client = try world.connect()
            client.send(world.request("POST /t/a", fields.joined(separator: "\r\n"), body: "abc"))
            if fields.count > 1 {
                world.advance(seconds: 3)
                #expect(try Answers(client.received()).statuses == [504])
            }
            client.reset()
            #expect(world.doors.opened.isEmpty)
            #expect(world.isAtRest)
        }
    }

    @Test func `a body that trickles keeps no seat that others wait for`() throws {
        for isWaitedFor in [true, false] {
            let world = try ProxyWorld(seats: 1)
            let (first, second) = (try world.connect(), try world.connect())
            first.send(world.request("POST /t/a", "Content-Length: 9000", body: ProxyWorld.gathered))
            let upstream = try world.upstream()
            if isWaitedFor { second.send(world.request()) }
            for _ in 0..<6 {
                first.send("x")
                world.eventLoop.advanceTime(by: .seconds(1))
            }
            #expect(try Answers(first.received()).statuses == (isWaitedFor ? [408] : []))
            #expect(upstream.hasEnded == isWaitedFor)
            #expect(world.upstreams.upstreams[0].failureCount.load(ordering: .relaxed) == 0)
            if isWaitedFor {
                try world.upstream().send(ProxyFailureTests.ok)
                #expect(try Answers(second.received()).statuses == [200])
            }
            first.reset()
            #expect(world.isAtRest)
        }
    }
}
