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

    @Test func `bodies that are still to come have half of the seats at most, and others get past them`() throws {
        let world = try ProxyWorld(seats: 4)
        let slow = try (0..<20).map { index in
            let client = try world.connect()
            let expects = index % 2 == 0
            client.send(
                world.request(
                    "POST /t/a", "Content-Length: 9000", expects ? "Expect: 100-continue" : "X-A: b",
                    body: expects ? "" : ProxyWorld.gathered))
            return client
        }
        world.eventLoop.run()
        #expect(world.seats.counts.inUse == 2 && world.seats.counts.tiers[0].waiting == 0)
        #expect(world.services.arriving.counts == (2, 18))
        #expect(world.metric("headgate_bodies_waiting") == 18)
        for _ in 0..<5 {
            let quick = try world.connect()
            quick.send(world.request("POST /t/a", "Content-Length: 3", body: "abc"))
            try world.upstream().send(ProxyFailureTests.ok)
            #expect(try Answers(quick.received()).statuses == [200])
        }
        // Those that rest are ended one after the other, and those that wait for nothing hear so after two seconds.
        world.advance(seconds: 4)
        let statuses = try slow.map { client in
            let text = try client.received()
            return Answers(text.replacing("HTTP/1.1 100 Continue\r\n\r\n", with: "")).statuses
        }
        #expect(statuses.prefix(2) == [[408], [408]] && statuses.count { $0 == [503] } >= 8, "\(statuses)")
        for client in slow { client.reset() }
        #expect(world.isAtRest && world.services.arriving.counts == (0, 0))
    }

    @Test func `what waits gives its memory to what matters more, and hears why`() throws {
        var listener = ListenerLimits()
        listener.heldBytesMax = 300_000
        let world = try ProxyWorld(seats: 1, listener: listener)
        let first = try world.connect()
        first.send(world.request())
        let upstream = try world.upstream()
        func post(_ path: String) throws -> ClientEnd {
            let client = try world.connect()
            client.send(
                world.request("POST /\(path)", "Content-Length: 60000", body: String(repeating: "b", count: 40_000)))
            world.eventLoop.run()
            return client
        }
        let low = try (0..<8).map { _ in try post("low/a") }
        let refused = try low.map { try $0.received() }
        #expect(refused.contains(""), "some wait")
        let high = try post("t/a")
        #expect(try high.received() == "", "it waits, whatever the others hold")
        let texts = try zip(refused, low).map { try $0 + $1.received() }
        for text in texts where !text.isEmpty {
            #expect(text.contains("503 ") && text.contains("\r\nRetry-After: "))
            #expect(text.contains("details=\"memory_exhausted\""))
        }
        #expect(texts.count { $0.isEmpty } == refused.count { $0.isEmpty } - 1, "one had to go")
        upstream.send(ProxyFailureTests.ok)
        #expect(try Answers(first.received()).statuses == [200])
        #expect(try world.upstream().received().contains("POST /t/a"), "and is the next")
        for client in low + [high] { client.reset() }
        #expect(world.isAtRest)
    }

    @Test func `a body that comes in time passes through although others wait`() throws {
        let world = try ProxyWorld(seats: 2)
        let clients = try (0..<3).map { _ in try world.connect() }
        for client in clients {
            client.send(world.request("POST /t/a", "Content-Length: 9192", body: ProxyWorld.gathered))
        }
        world.eventLoop.run()
        #expect(world.services.arriving.counts == (1, 2))
        for (index, client) in clients.enumerated() {
            // Each goes on to its upstream while the one before is answered: two connections, by turns.
            let upstream = world.doors.opened[index % 2]
            for _ in 0..<4 {
                world.eventLoop.advanceTime(by: .milliseconds(240))
                client.send(String(repeating: "x", count: 250))
            }
            upstream.send(ProxyFailureTests.ok)
            #expect(try Answers(client.received()).statuses == [200])
        }
        #expect(world.isAtRest && world.services.arriving.counts == (0, 0))
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
