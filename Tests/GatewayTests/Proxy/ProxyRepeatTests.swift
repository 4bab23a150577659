import Testing
import Vocabulary

@testable import Gateway

/// Repeats that wait for the answer of the first one.
@Suite("Repeats that are passed on")
struct ProxyRepeatTests {
    private static let policy = ProxyWorld.policy + "\nidempotency: { concurrent: join }\n"
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    private static let key = "Idempotency-Key: \"k\""

    private static func timed(_ seconds: Int) -> String { "Headgate-Timeout-Ms: \(seconds * 1_000)" }

    @Test func `a repeat that waits for the first one has its own deadline`() throws {
        let world = try ProxyWorld(policy: ProxyRepeatTests.policy)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request("POST /t/a", ProxyRepeatTests.key))
        let upstream = try world.upstream()
        second.send(world.request("POST /t/a", ProxyRepeatTests.key, ProxyRepeatTests.timed(1)))
        #expect(try second.received().isEmpty)
        world.advance(seconds: 1)
        let answer = try second.received()
        #expect(Answers(answer).statuses == [504])
        #expect(answer.contains("Proxy-Status: headgate; error=http_response_timeout\r\n"))
        // Nobody else hears of it.
        upstream.send(ProxyRepeatTests.ok)
        #expect(try Answers(first.received()).statuses == [200])
        #expect(world.isAtRest)
    }

    @Test func `the server's own deadline holds for a repeat too`() throws {
        var limits = ProxyLimits()
        limits.requestTimeMax = .seconds(2)
        let world = try ProxyWorld(limits: limits, policy: ProxyRepeatTests.policy)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request("POST /t/a", ProxyRepeatTests.key))
        second.send(world.request("POST /t/a", ProxyRepeatTests.key))
        world.advance(seconds: 2)
        #expect(try Answers(first.received()).statuses == [504])
        #expect(try Answers(second.received()).statuses == [504])
        #expect(world.isAtRest)
    }

    @Test func `a repeat that is decided anew does not begin its time anew`() throws {
        let world = try ProxyWorld(seats: 1, policy: ProxyRepeatTests.policy)
        let (other, first, second) = (try world.connect(), try world.connect(), try world.connect())
        other.send(world.request())
        let upstream = try world.upstream()
        first.send(world.request("POST /t/a", ProxyRepeatTests.key))
        second.send(world.request("POST /t/a", ProxyRepeatTests.key, ProxyRepeatTests.timed(3)))
        world.advance(seconds: 1)
        first.reset()
        // The seat is free now: the repeat is passed on, and its upstream never answers.
        upstream.send(ProxyRepeatTests.ok)
        #expect(try Answers(other.received()).statuses == [200])
        #expect(try second.received().isEmpty)
        world.advance(seconds: 2)
        #expect(try Answers(second.received()).statuses == [504])
        #expect(world.isAtRest)
    }

    @Test func `a repeat that is answered in time hears nothing of its deadline`() throws {
        let world = try ProxyWorld(policy: ProxyRepeatTests.policy)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request("POST /t/a", ProxyRepeatTests.key))
        let upstream = try world.upstream()
        second.send(world.request("POST /t/a", ProxyRepeatTests.key, ProxyRepeatTests.timed(1)))
        upstream.send(ProxyRepeatTests.ok)
        #expect(try Answers(first.received()).statuses == [200])
        let answer = try second.received()
        #expect(Answers(answer).statuses == [200])
        #expect(answer.contains("Idempotent-Replayed: true\r\n"))
        world.advance(seconds: 2)
        #expect(try second.received().isEmpty)
        #expect(!second.hasEnded && world.isAtRest)
    }
}
