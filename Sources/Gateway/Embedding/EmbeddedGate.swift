internal import Admission
package import Directory
package import Journal
package import NIOCore
internal import Policy
internal import Synchronization
package import Vocabulary

/// Decides requests inside the process that serves them: budgets first, then seats, without a connection in between.
///
/// Each event loop has a decider of its own, as with listeners; requests take turns.
package final class EmbeddedGate: Sendable {
    private let plane: DataPlane
    private let seats: SeatGate
    private let desks: [EmbeddedDesk]
    private let turn = Atomic<UInt>(0)
    private let sweeping: RepeatedTask

    /// A gate for a first policy and directory.
    ///
    /// - Parameters:
    ///   - binding: the directory, resolved against the policy.
    ///   - journal: where decisions are recorded.
    ///   - headers: how answers tell callers about their limits.
    ///   - hash: turns names of tenants into the engine's keys; the one that the binding was made with.
    ///   - homeRegion: the region this process stands in.
    ///   - group: where requests are decided and wait.
    package init(
        binding: DirectoryBinding, journal: JournalWriter, headers: HeaderProfile, hash: KeyedHash,
        homeRegion: String?, on group: any EventLoopGroup
    ) {
        let now = Clock.monotonic()
        let engine = AdmissionEngine(snapshot: binding.policy, at: now)
        let plane = DataPlane(
            engine: engine, binding: binding, journal: journal, headers: headers, hash: hash, homeRegion: homeRegion)
        let seats = SeatGate(policy: binding.policy, on: group.next(), at: now)
        self.plane = plane
        self.seats = seats
        desks = group.makeIterator().map { EmbeddedDesk(plane: plane, seats: seats, on: $0) }
        precondition(!desks.isEmpty, "a group has event loops")
        // What the server does every second, too: forgets what is idle, and adds up what callers have felt.
        sweeping = group.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            var clock = Clock()
            let now = clock.now()
            plane.settleHealth(with: seats, at: now)
            plane.engine.sweep(limitPerShard: 1_000, at: now)
            plane.idempotency.expire(upTo: 1_000, at: now.monotonic)
            plane.nearMisses.sweep(at: now.monotonic)
            plane.experience.collect(plane.state.policy, at: now.monotonic)
        }
    }

    /// What requests are decided by.
    package var binding: DirectoryBinding { plane.state.binding }

    /// What holds seats and what waits.
    package var seatCounts: SeatCounts { seats.counts }

    /// Makes a policy and a directory the ones that hold; nothing that runs or waits is lost.
    package func apply(_ binding: DirectoryBinding) {
        var clock = Clock()
        let now = clock.now()
        plane.apply(binding, at: now)
        seats.apply(binding.policy, at: now.monotonic)
    }

    /// Decides a request, and waits for its seats as long as it may; a task that is cancelled gives its place back.
    package func admit(_ call: EmbeddedCall) async -> EmbeddedAnswer {
        let desk = desks[Int(turn.wrappingAdd(1, ordering: .relaxed).oldValue % UInt(desks.count))]
        let exchange = EmbeddedExchange(call, at: desk)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                desk.eventLoop.execute { exchange.begin { continuation.resume(returning: $0) } }
            }
        } onCancel: {
            desk.eventLoop.execute { exchange.leave() }
        }
    }

    /// Gives seats back; does nothing for a hold that has ended.
    package func finish(_ hold: SeatHold, _ ending: EmbeddedEnding, latency: Nanoseconds?) {
        seats.finish(hold, Ending(ending), latency: latency, at: Clock.monotonic())
    }

    /// Ends what goes on beside requests.
    package func close() { sweeping.cancel() }
}

/// What decides on one event loop.
final class EmbeddedDesk: Sendable {
    /// The loop.
    let eventLoop: any EventLoop
    /// Where seats come from.
    let seats: SeatGate
    /// Decides.
    let decider: NIOLoopBoundBox<Decider>

    /// A desk of its own for a loop.
    init(plane: DataPlane, seats: SeatGate, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.seats = seats
        decider = NIOLoopBoundBox.makeBoxSendingValue(Decider(plane: plane), eventLoop: eventLoop)
    }
}

extension Ending {
    /// The same, as the scheduler says it.
    fileprivate init(_ ending: EmbeddedEnding) {
        switch ending {
        case .completed: self = .completed
        case .failed: self = .failed
        case .abandoned: self = .abandoned
        }
    }
}
