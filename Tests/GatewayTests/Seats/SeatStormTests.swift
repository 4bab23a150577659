import Admission
import NIOCore
import NIOPosix
import Policy
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Seats that are asked for and given back from several threads at once.
final class SeatStorm: Sendable {
    let gate: SeatGate
    let limitMax: Int
    private let group: MultiThreadedEventLoopGroup
    private let policies: [Snapshot]
    private let clock = Atomic<Int64>(0)
    /// Seats that are held by the count of those who hold them, and the most there ever were.
    private let held = Atomic<Int>(0)
    private let heldMax = Atomic<Int>(0)
    private let told = Atomic<Int>(0)

    init(_ policies: [Snapshot], limitMax: Int, on group: MultiThreadedEventLoopGroup) {
        self.policies = policies
        self.limitMax = limitMax
        self.group = group
        gate = SeatGate(policy: policies[0], on: group.next(), at: .zero) { .zero }
    }

    var outcome: (heldMax: Int, held: Int, told: Int) {
        (heldMax.load(ordering: .relaxed), held.load(ordering: .relaxed), told.load(ordering: .relaxed))
    }

    func tick() -> Nanoseconds { Nanoseconds(clock.wrappingAdd(1_000, ordering: .relaxed).newValue) }

    func hold(_ seats: Int) {
        let now = held.wrappingAdd(seats, ordering: .relaxed).newValue
        heldMax.max(now, ordering: .relaxed)
    }

    func release(_ seats: Int) { held.wrappingSubtract(seats, ordering: .relaxed) }

    func noteTold() { told.wrappingAdd(1, ordering: .relaxed) }

    /// One event loop's part.
    ///
    /// - Returns: how many requests waited and were not cancelled.
    func run(seed: UInt64, on eventLoop: any EventLoop, count: Int) -> EventLoopFuture<Int> {
        let promise = eventLoop.makePromise(of: Int.self)
        eventLoop.execute { [self] in
            StormPart(self, seed: seed, on: eventLoop, policies: policies, rounds: count, promise).go()
        }
        return promise.futureResult
    }
}

/// What one event loop does in the storm: asks, ends and cancels at random, and ends everything at last.
final class StormPart {
    private let storm: SeatStorm
    private let eventLoop: any EventLoop
    private let policies: [Snapshot]
    private let isReloading: Bool
    private var random: SeededGenerator
    private var rounds: Int
    private let promise: EventLoopPromise<Int>
    private var waiters: [StormWaiter] = []
    private var waiting = 0

    init(
        _ storm: SeatStorm, seed: UInt64, on eventLoop: any EventLoop, policies: [Snapshot], rounds: Int,
        _ promise: EventLoopPromise<Int>
    ) {
        self.storm = storm
        self.eventLoop = eventLoop
        self.policies = policies
        self.rounds = rounds
        self.promise = promise
        isReloading = seed % 2 == 0
        random = SeededGenerator(seed: seed)
    }

    /// Some rounds, and then the loop's other work before the next.
    func go() {
        for _ in 0..<Int.random(in: 1...8, using: &random) { round() }
        guard rounds > 0 else {
            for waiter in waiters where waiter.end(.abandoned) { waiting -= 1 }
            return promise.succeed(waiting)
        }
        eventLoop.assumeIsolated().execute { self.go() }
    }

    private func round() {
        rounds -= 1
        if isReloading, rounds % 97 == 0 {
            storm.gate.apply(policies[Int.random(in: policies.indices, using: &random)], at: storm.tick())
        }
        ask(by: policies[Int.random(in: policies.indices, using: &random)])
        guard waiters.count > 8 else { return }
        let chosen = waiters.remove(at: Int.random(in: waiters.indices, using: &random))
        if chosen.end(Bool.random(using: &random) ? .completed : .failed) { waiting -= 1 }
    }

    private func ask(by policy: Snapshot) {
        let waiter = StormWaiter(storm, on: eventLoop)
        let request = SeatRequest(
            policy: policy, tenant: TenantKey(bits: UInt128(UInt64.random(in: 1...5, using: &random)) << 96),
            tier: Int.random(in: policy.tiers.indices, using: &random), seats: Int.random(in: 1...3, using: &random))
        switch storm.gate.ask(request, for: waiter, at: storm.tick()).course {
        case .started(let hold): waiter.seatsGranted(hold, waited: .zero)
        case .queued(let hold):
            waiter.queued(hold)
            waiting += 1
        case .refused: return
        }
        waiters.append(waiter)
    }
}

/// One who holds or waits in the storm, on its event loop.
final class StormWaiter: SeatWaiter {
    private enum State {
        case new
        case waiting(SeatHold)
        case running(SeatHold)
        case over
    }

    let eventLoop: any EventLoop
    private let storm: SeatStorm
    private let state = Mutex(State.new)

    init(_ storm: SeatStorm, on eventLoop: any EventLoop) {
        self.storm = storm
        self.eventLoop = eventLoop
    }

    func queued(_ hold: SeatHold) { state.withLock { $0 = .waiting(hold) } }

    /// Ends it or stops waiting.
    ///
    /// - Returns: whether it waited, so that nobody is told anything.
    func end(_ ending: Ending) -> Bool {
        let previous = state.withLock { state in
            defer { state = .over }
            return state
        }
        switch previous {
        case .new, .over: return false
        case .waiting(let hold):
            storm.gate.cancel(hold, at: storm.tick())
            return true
        case .running(let hold):
            storm.release(Int(hold.seats))
            storm.gate.finish(hold, ending, latency: .milliseconds(1), at: storm.tick())
            return false
        }
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {
        let isNew = state.withLock { state in
            defer { state = .running(hold) }
            if case .new = state { return true }
            return false
        }
        if !isNew { storm.noteTold() }
        storm.hold(Int(hold.seats))
    }

    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {
        state.withLock { $0 = .over }
        storm.noteTold()
    }
}

@Suite struct `a storm on the gate` {
    private static let tiers = [
        SeatPolicy.tier("high", reserve: 3_000, depth: 5, wait: .milliseconds(2)), SeatPolicy.tier("low", depth: 20),
    ]

    private func run(_ policies: [Snapshot], limitMax: Int, seed: UInt64) async throws -> SeatStorm {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        let storm = SeatStorm(policies, limitMax: limitMax, on: group)
        let futures = group.makeIterator().enumerated().map {
            storm.run(seed: seed * 3 + UInt64($0.offset), on: $0.element, count: 3_000)
        }
        var waited = 0
        for future in futures { waited += try await future.get() }
        // What was granted to one loop while its own part had ended is ended now; those who run them are still told.
        for loop in group.makeIterator() { try await loop.submit {}.get() }
        #expect(storm.outcome.told == waited && waited > 50, "everybody is told once")
        try await group.shutdownGracefully()
        return storm
    }

    @Test(arguments: [UInt64](1...4))
    func `neither loses nor doubles a seat, and never holds more than there are`(seed: UInt64) async throws {
        let policy = try SeatPolicy.with(Self.tiers, limit: .fixed(6))
        let storm = try await run([policy], limitMax: 6, seed: seed)
        #expect(storm.outcome.heldMax <= 6 && storm.outcome.heldMax > 3)
        #expect(storm.gate.counts.inUse == 0 && storm.gate.counts.tiers.allSatisfy { $0.waiting == 0 })
        #expect(storm.outcome.held == 0 && storm.gate.staleCount == 0)
    }

    @Test(arguments: [UInt64](1...4))
    func `loses nothing either while policies change`(seed: UInt64) async throws {
        let other = [SeatPolicy.tier("low", depth: 3), SeatPolicy.tier("high", depth: 9), SeatPolicy.tier("new")]
        let policies = [
            try SeatPolicy.with(Self.tiers, limit: .fixed(6)), try SeatPolicy.with(other, limit: .fixed(9)),
            try SeatPolicy.with([SeatPolicy.tier("low")], limit: .adaptive(min: 2, first: 5, max: 8), waitingMax: 7),
        ]
        let storm = try await run(policies, limitMax: 9, seed: seed)
        #expect(storm.outcome.heldMax <= 9)
        #expect(storm.gate.counts.inUse == 0 && storm.gate.counts.tiers.allSatisfy { $0.waiting == 0 })
        #expect(storm.outcome.held == 0 && storm.gate.staleCount == 0)
    }
}
