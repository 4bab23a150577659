import Admission
import NIOCore
import NIOEmbedded
import Policy
import Testing
import Vocabulary

@testable import Gateway

@Suite struct `the gate to the seats` {
    private func policy(limit: Seats.Limit = .fixed(2)) throws -> Snapshot {
        try SeatPolicy.with([SeatPolicy.tier("critical"), SeatPolicy.tier("low")], limit: limit)
    }

    @Test func `starts what it can, and tells the next when seats come back`() throws {
        let policy = try policy()
        let world = SeatWorld(policy)
        let waiter = NotingWaiter(on: world.loop)
        let first = try #require(world.ask(policy, for: waiter).hold)
        _ = world.ask(policy, for: waiter)
        #expect(first.seats == 1 && waiter.news.isEmpty)
        let third = NotingWaiter(on: world.loop)
        #expect(world.ask(policy, for: third).isQueued)
        world.pass(milliseconds: 5)
        world.gate.finish(first, .completed, latency: nil, at: world.now)
        #expect(third.news.isEmpty, "never called out of another's call")
        world.loop.run()
        #expect(third.news == [.granted(seats: 1, waited: 5_000_000)])
        world.gate.finish(first, .completed, latency: nil, at: world.now)
        #expect(world.gate.staleCount == 1 && world.gate.counts.inUse == 2, "a hold ends once")
    }

    @Test func `ends a wait that has become too long, by its timer`() throws {
        let policy = try SeatPolicy.with([SeatPolicy.tier("critical", wait: .milliseconds(40))], limit: .fixed(1))
        let world = SeatWorld(policy)
        let (first, second) = (NotingWaiter(on: world.loop), NotingWaiter(on: world.loop))
        _ = world.ask(policy, for: first)
        #expect(world.ask(policy, for: second).isQueued)
        world.pass(milliseconds: 39)
        #expect(second.news.isEmpty)
        world.pass(milliseconds: 3)
        let waited = try #require(second.news.first)
        guard case .refused(.queueTimeout, let time) = waited else { return #expect(Bool(false), "\(waited)") }
        #expect((40_000_000...42_000_000).contains(time) && second.news.count == 1)
        #expect(world.gate.counts.tiers[0].refused == [0, 0, 1, 0])
    }

    @Test func `sets its timer anew when an earlier deadline comes, and again after that`() throws {
        let policy = try SeatPolicy.with(
            [SeatPolicy.tier("critical", wait: .milliseconds(100)), SeatPolicy.tier("low", wait: .milliseconds(20))],
            limit: .fixed(1))
        let world = SeatWorld(policy)
        let waiters = (0..<3).map { _ in NotingWaiter(on: world.loop) }
        _ = world.ask(policy, for: waiters[0])
        #expect(world.ask(policy, tier: 0, for: waiters[1]).isQueued)
        #expect(world.ask(policy, tier: 1, for: waiters[2]).isQueued)
        world.pass(milliseconds: 22)
        #expect(waiters[1].news.isEmpty && waiters[2].news.count == 1)
        world.pass(milliseconds: 81)
        #expect(waiters[1].news.count == 1)
    }

    @Test func `takes seats back that were granted to one who has just gone, and does not call`() throws {
        let policy = try policy(limit: .fixed(1))
        let world = SeatWorld(policy)
        let waiters = (0..<3).map { _ in NotingWaiter(on: world.loop) }
        let holds = waiters.compactMap { world.ask(policy, for: $0).hold }
        world.gate.finish(holds[0], .completed, latency: nil, at: world.now)
        world.gate.cancel(holds[1], at: world.now)
        world.loop.run()
        #expect(waiters[1].news.isEmpty && waiters[2].news.count == 1)
        world.gate.cancel(holds[1], at: world.now)
        world.gate.finish(holds[2], .completed, latency: nil, at: world.now)
        #expect(world.gate.counts.inUse == 0 && world.gate.staleCount == 0, "the name it waited by is still its name")
    }

    @Test func `does not tell one who has gone that it was refused`() throws {
        let policy = try SeatPolicy.with([SeatPolicy.tier("critical", wait: .milliseconds(10))], limit: .fixed(1))
        let world = SeatWorld(policy)
        let waiters = (0..<2).map { _ in NotingWaiter(on: world.loop) }
        let holds = waiters.compactMap { world.ask(policy, for: $0).hold }
        world.gate.finish(holds[0], .completed, latency: nil, at: .milliseconds(10))
        world.gate.cancel(holds[1], at: .milliseconds(10))
        world.loop.run()
        #expect(waiters[1].news.isEmpty && world.gate.counts.inUse == 0)
    }

    @Test func `puts all of whom nobody is known into one queue`() throws {
        let policy = try policy(limit: .fixed(1))
        let world = SeatWorld(policy)
        let waiters = (0..<4).map { _ in NotingWaiter(on: world.loop) }
        let unknown = SeatRequest(policy: policy, tenant: nil, tier: 1)
        let hold = try #require(world.gate.ask(unknown, for: waiters[0], at: world.now).course.hold)
        _ = world.gate.ask(unknown, for: waiters[1], at: world.now)
        _ = world.gate.ask(unknown, for: waiters[2], at: world.now)
        _ = world.ask(policy, tier: 1, tenant: 7, for: waiters[3])
        world.gate.finish(hold, .completed, latency: nil, at: .milliseconds(5))
        world.loop.run()
        #expect(waiters.map(\.news.count) == [0, 0, 0, 1], "the tenant has its turn before more of the unknown")
    }
}

@Suite struct `a gate whose policy changes` {
    @Test func `keeps what runs and waits, and finds tiers again by name`() throws {
        let (high, low) = (SeatPolicy.tier("high"), SeatPolicy.tier("low"))
        let before = try SeatPolicy.with([high, low], limit: .fixed(1))
        let after = try SeatPolicy.with([SeatPolicy.tier("new"), low, high], limit: .fixed(2))
        let world = SeatWorld(before)
        let waiters = (0..<4).map { _ in NotingWaiter(on: world.loop) }
        let holds = waiters.enumerated().compactMap { world.ask(before, tier: $0 % 2, for: $1).hold }
        world.gate.apply(after, at: world.now)
        world.loop.run()
        #expect(world.gate.counts.tiers.map(\.waiting) == [0, 1, 1, 0])
        #expect(waiters.map(\.news.count) == [0, 1, 0, 0], "low comes first now, and there are two seats")
        #expect(world.ask(before, tier: 0, for: waiters[0]).isQueued)
        #expect(world.gate.counts.tiers[2].waiting == 2, "asked by the old policy, whose first tier is the third now")
        for hold in holds { world.gate.finish(hold, .completed, latency: nil, at: world.now) }
        #expect(world.gate.staleCount == 0, "each of them was given seats by those before it")
    }

    @Test func `gives what a tier held that is gone to the last that is stated`() throws {
        let before = try SeatPolicy.with([SeatPolicy.tier("high"), SeatPolicy.tier("low")], limit: .fixed(1))
        let after = try SeatPolicy.with([SeatPolicy.tier("high"), SeatPolicy.tier("other")], limit: .fixed(1))
        let world = SeatWorld(before)
        let waiters = (0..<2).map { _ in NotingWaiter(on: world.loop) }
        let holds = waiters.compactMap { world.ask(before, tier: 1, for: $0).hold }
        world.gate.apply(after, at: world.now)
        #expect(world.gate.counts.tiers.map(\.inUse) == [0, 1, 0] && world.gate.counts.tiers[1].waiting == 1)
        world.gate.finish(holds[0], .completed, latency: nil, at: world.now)
        world.loop.run()
        #expect(waiters[1].news.count == 1)
        world.gate.finish(holds[1], .completed, latency: nil, at: world.now)
        #expect(world.gate.counts.inUse == 0 && world.gate.staleCount == 0)
    }

    @Test func `becomes adaptive and stated again without losing seats`() throws {
        let tiers = [SeatPolicy.tier("high")]
        let adaptive = try SeatPolicy.with(tiers, limit: .adaptive(min: 2, first: 5, max: 50))
        let world = SeatWorld(try SeatPolicy.with(tiers, limit: .fixed(3)))
        #expect(world.gate.counts.limit == 3)
        world.gate.apply(adaptive, at: world.now)
        #expect(world.gate.counts.limit == 5)
        for step in 0..<100 {
            let asked = (0..<5).map { _ in world.ask(adaptive, for: NotingWaiter(on: world.loop)) }
            let now = Nanoseconds(Int64(step + 1) * 10_000_000)
            for answer in asked {
                if let hold = answer.hold { world.gate.finish(hold, .completed, latency: .milliseconds(10), at: now) }
            }
        }
        #expect(world.gate.counts.limit > 5, "used and quick: more seats")
        world.gate.apply(try SeatPolicy.with(tiers, limit: .fixed(4)), at: .seconds(2))
        #expect(world.gate.counts.limit == 4 && world.gate.counts.inUse == 0)
    }
}
