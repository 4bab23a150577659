import Admission
import Directory
import Dispatch
import Journal
import NIOPosix
import Policy
import Testing
import Vocabulary

@testable import Gateway

/// Requests of the process that the engine runs in.
@Suite struct `the embedded gate` {
    private let gate: EmbeddedGate
    private let call: EmbeddedCall

    init() throws {
        let policy = try SeatPolicy.with(
            [SeatPolicy.tier("critical", depth: 1, wait: .seconds(60)), SeatPolicy.tier("low")], limit: .fixed(1))
        var contents = DirectoryContents()
        contents.tenants = [Tenant(name: "acme", plan: "only")]
        let hash = KeyedHash(key: (1, 2))
        let bound = DirectoryBinding.bind(DirectorySnapshot(contents, authenticator: nil), to: policy, hash: hash)
        guard let binding = bound.binding else { throw SeatPolicy.Unusable(what: "\(bound.diagnostics)") }
        gate = EmbeddedGate(
            binding: binding, journal: JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0)),
            headers: .ietf11, hash: hash, homeRegion: nil, on: MultiThreadedEventLoopGroup.singleton)
        var call = EmbeddedCall()
        call.tenant = "acme"
        call.method = "GET"
        call.path = "/things/7"
        self.call = call
    }

    private func says(_ answer: EmbeddedAnswer, _ text: String) -> Bool {
        String(decoding: answer.json, as: UTF8.self).contains(text)
    }

    private func untilWaiting(_ count: Int) async {
        while gate.seatCounts.tiers[0].waiting != count { await Task.yield() }
    }

    @Test func `lets one request wait until another gives its seat back`() async throws {
        let first = await gate.admit(call)
        let hold = try #require(first.hold)
        #expect(says(first, #""decision":"admit""#) && first.waited == .zero)
        async let second = gate.admit(call)
        await untilWaiting(1)
        gate.finish(hold, .completed, latency: .milliseconds(1))
        let answer = await second
        #expect(says(answer, #""decision":"queue""#) && answer.waited > .zero)
        gate.finish(try #require(answer.hold), .completed, latency: .milliseconds(1))
        #expect(gate.seatCounts.inUse == 0)
        gate.close()
    }

    @Test func `refuses who finds the queue full, and who may not wait`() async throws {
        let first = await gate.admit(call)
        async let second = gate.admit(call)
        await untilWaiting(1)
        let third = await gate.admit(call)
        #expect(third.hold == nil && says(third, #""decision":"shed""#))
        gate.finish(try #require(first.hold), .completed, latency: nil)
        let held = try #require(await second.hold)
        var hasty = call
        hasty.waitMax = .zero
        let fourth = await gate.admit(hasty)
        #expect(fourth.hold == nil && says(fourth, #""decision":"shed""#))
        gate.finish(held, .completed, latency: nil)
        #expect(gate.seatCounts.inUse == 0)
        gate.close()
    }

    @Test func `frees the place of a task that is cancelled, and its budgets with it`() async throws {
        let first = await gate.admit(call)
        for number in 0..<200 {  // twice as many as the tenant's budget has room for
            let waiter = Task { await gate.admit(call) }
            if number % 2 == 0 { await untilWaiting(1) }
            waiter.cancel()
            let answer = await waiter.value
            #expect(answer.hold == nil && says(answer, #""reason":"client_closed""#))
        }
        #expect(gate.seatCounts.tiers[0].waiting == 0 && gate.seatCounts.inUse == 1)
        gate.finish(try #require(first.hold), .abandoned, latency: nil)
        gate.close()
    }

    @Test func `gives what it spoke of to nobody twice`() async throws {
        let answer = await gate.admit(call)
        let hold = try #require(answer.hold)
        for _ in 0..<3 { gate.finish(hold, .completed, latency: nil) }
        let next = await gate.admit(call)
        let other = await gate.admit(
            {
                var hasty = call; hasty.waitMax = .zero; return hasty
            }())
        #expect(next.hold != nil && other.hold == nil)
        gate.close()
    }

    @Test func `takes a name that nobody has for a stranger`() async {
        var stranger = call
        stranger.tenant = "nobody"
        let answer = await gate.admit(stranger)
        #expect(answer.hold == nil && says(answer, #""reason":"unknown_credential""#))
        gate.close()
    }
}
