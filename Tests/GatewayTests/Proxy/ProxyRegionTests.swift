import NIOEmbedded
import Testing

@testable import Gateway

/// Which region a request is for.
@Suite("Regions that the proxy is told")
struct ProxyRegionTests {
    private static let policy =
        ProxyWorld.policy + """

            regions: { wide: { rate: 1000000/s, burst: 1000000 }, narrow: { rate: 1/day, burst: 2 } }
            """

    /// The statuses of three requests in a row that name the narrow region, which has no room for all of them.
    private func statuses(_ trust: HTTPPeer.Trust?) throws -> [Int] {
        let world = try ProxyWorld(policy: ProxyRegionTests.policy)
        let client = try world.connect(trust)
        return try (0..<3).flatMap { _ in
            client.send(world.request("GET /t/a", "Headgate-Region: narrow"))
            world.eventLoop.run()
            for upstream in world.doors.opened where try !upstream.received().isEmpty {
                upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
            return try Answers(client.received()).statuses
        }
    }

    @Test func `a client does not choose its region`() throws { #expect(try statuses(nil) == [200, 200, 200]) }

    @Test func `a proxy that is trusted does`() throws { #expect(try statuses(.loopback).last == 503) }
}
