import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

/// How many tunnels there may be.
@Suite("Tunnels that are bounded")
struct ProxyTunnelTests {
    private static let asks = ["Connection: upgrade", "Upgrade: websocket"]
    private static let agreed = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"

    private func world(_ most: Int, ofTenant: Int, policy: String = ProxyWorld.policy) throws -> ProxyWorld {
        var limits = ProxyLimits()
        limits.tunnelsMax = most
        limits.tunnelsPerTenantMax = ofTenant
        return try ProxyWorld(limits: limits, policy: policy)
    }

    /// A client asks for a tunnel, and its upstream agrees.
    private func open(_ world: ProxyWorld) throws -> ClientEnd {
        let client = try world.connect()
        client.send(world.request("GET /t/a", ProxyTunnelTests.asks[0], ProxyTunnelTests.asks[1]))
        world.eventLoop.run()
        for upstream in world.doors.opened where try !upstream.received().isEmpty {
            upstream.send(ProxyTunnelTests.agreed)
        }
        return client
    }

    @Test(arguments: [(2, 9), (9, 2)])
    func `one more than there may be is refused, and another one has its place when it ends`(
        most: Int, ofTenant: Int
    ) throws {
        let world = try world(most, ofTenant: ofTenant)
        let clients = try (0..<2).map { _ in try open(world) }
        for client in clients { #expect(try client.received().hasPrefix("HTTP/1.1 101 ")) }
        #expect(world.seats.counts.inUse == 0)
        #expect(world.metric("headgate_tunnels") == 2)
        let third = try open(world)
        let answer = try third.received()
        #expect(Answers(answer).statuses == [503])
        #expect(answer.contains("Proxy-Status: headgate; error=http_request_denied; details=\"concurrency_limit\"\r\n"))
        // What asks for no tunnel goes on.
        let plain = try world.connect()
        plain.send(world.request())
        try world.upstream().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try Answers(plain.received()).statuses == [200])
        clients[0].reset()
        #expect(world.metric("headgate_tunnels") == 1)
        #expect(try open(world).received().hasPrefix("HTTP/1.1 101 "))
    }

    @Test func `an upstream that does not agree, or does not answer, leaves the place to others`() throws {
        let world = try world(1, ofTenant: 1)
        for isAnswered in [true, false] {
            let client = try world.connect()
            client.send(world.request("GET /t/a", ProxyTunnelTests.asks[0], ProxyTunnelTests.asks[1]))
            let upstream = try world.upstream()
            #expect(world.metric("headgate_tunnels") == 1)
            if isAnswered {
                upstream.send("HTTP/1.1 426 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            } else {
                upstream.reset()
            }
            #expect(try Answers(client.received()).statuses == [isAnswered ? 426 : 502])
            #expect(world.metric("headgate_tunnels") == 0)
        }
        #expect(world.isAtRest)
    }

    @Test func `what is not enforced is counted and not refused`() throws {
        let world = try world(1, ofTenant: 1, policy: ProxyWorld.policy + "\nstages: { default: shadow }\n")
        let clients = try (0..<3).map { _ in try open(world) }
        for client in clients { #expect(try client.received().hasPrefix("HTTP/1.1 101 ")) }
        #expect(world.metric("headgate_tunnels") == 3)
    }
}
