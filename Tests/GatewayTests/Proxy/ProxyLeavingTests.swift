import Testing
import Vocabulary

@testable import Gateway

/// Clients that do not wait for their turn, and those that are not allowed to.
@Suite("Clients that leave the queue")
struct ProxyLeavingTests {
    /// A proxy with one seat, and a client that waits for it behind another one.
    private func queue(
        _ listener: ListenerLimits = ListenerLimits(), _ fields: String = "X-A: 1"
    ) throws -> (world: ProxyWorld, first: ClientEnd, second: ClientEnd) {
        let world = try ProxyWorld(seats: 1, listener: listener)
        let (first, second) = (try world.connect(), try world.connect())
        first.send(world.request())
        second.send(world.request("GET /t/b", fields))
        #expect(world.seats.counts.tiers[0].waiting == 1)
        return (world, first, second)
    }

    /// What the requests were recorded as that were not let through.
    private func refusals(in world: ProxyWorld) -> [Reason] {
        world.plane.metrics.total.decisions.keys.filter { $0.outcome == .shed }.map(\.reason)
    }

    @Test func `who leaves is recorded as one that left`() throws {
        let (world, first, second) = try queue()
        second.reset()
        #expect(refusals(in: world) == [.clientClosed])
        #expect(world.metric("headgate_requests_abandoned_total") == 1)
        first.reset()
        #expect(world.isAtRest)
    }

    @Test func `who was refused for want of memory is recorded as that, and hears why`() throws {
        var listener = ListenerLimits()
        listener.heldBytesMax = 30_000
        let (world, first, second) = try queue(listener)
        second.send(String(repeating: "x", count: 60_000))
        let answer = try second.received()
        #expect(Answers(answer).statuses.first == 503)
        #expect(answer.contains("details=\"memory_exhausted\"\r\n"))
        #expect(refusals(in: world) == [.memoryExhausted])
        #expect(world.metric("headgate_requests_abandoned_total") == 0)
        first.reset()
        #expect(world.isAtRest)
    }
}
