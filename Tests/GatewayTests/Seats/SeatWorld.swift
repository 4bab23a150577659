import Admission
import NIOCore
import NIOEmbedded
import Policy
import Synchronization
import Vocabulary

@testable import Gateway

/// Policies that differ in their seats.
enum SeatPolicy {
    /// Something could not be built.
    struct Unusable: Error {
        let what: String
    }

    private static let text = """
        headgate: 1
        name: seats
        owner: tests
        tiers: [{ name: critical }, { name: low }]
        classes:
          work: { tier: critical, consequence: low, owner: tests }
        service: { rate: 1000/s, burst: 1000 }
        operations:
          read: { match: "GET /things/{thing}", tier: critical }
        plans:
          only: { tenant: { rate: 100/s, burst: 100 } }
        """

    /// A policy with tiers and a limit; quarantine is added.
    static func with(_ tiers: [Tier], limit: Seats.Limit = .fixed(2), waitingMax: Int = 100) throws -> Snapshot {
        let compiled = PolicyCompiler.compile([SourceFile(name: "seats.yaml", text: text)])
        guard let policy = compiled.snapshot else { throw Unusable(what: "\(compiled.diagnostics)") }
        return Snapshot(
            version: policy.version, name: policy.name, owner: policy.owner,
            tiers: tiers + [Tier(name: "quarantine", floorBasisPoints: 0)],
            classes: policy.classes, operations: policy.operations, plans: policy.plans, regions: policy.regions,
            service: policy.service, seats: Seats(limit: limit, waitingMax: waitingMax), unknown: policy.unknown,
            defaultClass: policy.defaultClass, matcher: policy.matcher)
    }

    /// A tier in which requests wait up to a time.
    static func tier(_ name: String, reserve: Int64 = 0, depth: Int64 = 50, wait: Nanoseconds = .second) -> Tier {
        Tier(name: name, reserveBasisPoints: reserve, queue: .init(depthMax: depth, waitMax: wait))
    }
}

/// One who notes what it is told.
final class NotingWaiter: SeatWaiter {
    /// What it was told.
    enum News: Equatable {
        case granted(seats: Int, waited: Int64)
        case refused(Reason, waited: Int64)
    }

    let eventLoop: any EventLoop
    private let notes = Mutex<(news: [News], hold: SeatHold?)>(([], nil))

    init(on eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// All it was told.
    var news: [News] { notes.withLock { $0.news } }
    /// The seats it was granted.
    var hold: SeatHold? { notes.withLock { $0.hold } }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {
        notes.withLock {
            $0.news.append(.granted(seats: Int(hold.seats), waited: waited.count))
            $0.hold = hold
        }
    }

    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {
        notes.withLock { $0.news.append(.refused(reason, waited: waited.count)) }
    }
}

/// A gate on an event loop whose time is what the test says.
struct SeatWorld {
    let loop = EmbeddedEventLoop()
    let gate: SeatGate
    private let time: TestTime

    /// The time that everybody reads.
    final class TestTime: Sendable {
        private let count = Mutex<Int64>(0)
        var now: Nanoseconds { Nanoseconds(count.withLock { $0 }) }
        func advance(by nanoseconds: Int64) { count.withLock { $0 += nanoseconds } }
    }

    init(_ policy: Snapshot) {
        let time = TestTime()
        self.time = time
        gate = SeatGate(policy: policy, on: loop, at: time.now) { time.now }
    }

    var now: Nanoseconds { time.now }

    /// Lets time pass, and the timer with it.
    func pass(milliseconds: Int64) {
        loop.run()
        for _ in 0..<milliseconds {
            time.advance(by: 1_000_000)
            loop.advanceTime(by: .milliseconds(1))
        }
    }

    /// Asks for seats.
    func ask(
        _ policy: Snapshot, tier: Int = 0, tenant: UInt64 = 1, seats: Int = 1, for waiter: NotingWaiter
    ) -> SeatAnswer.Course {
        gate.ask(
            SeatRequest(policy: policy, tenant: TenantKey(bits: UInt128(tenant) << 96), tier: tier, seats: seats),
            for: waiter, at: now
        ).course
    }
}

extension SeatAnswer.Course {
    /// What runs or waits.
    var hold: SeatHold? {
        switch self {
        case .started(let hold), .queued(let hold): hold
        case .refused: nil
        }
    }

    var isQueued: Bool { if case .queued = self { true } else { false } }
    var refusal: Reason? { if case .refused(let reason, _) = self { reason } else { nil } }
}
