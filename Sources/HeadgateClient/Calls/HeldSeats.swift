package import NIOCore
internal import Synchronization

/// Seats that are given back once, by whoever comes first.
package final class HeldSeats: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let start: NIODeadline
    private let clock: @Sendable () -> NIODeadline
    private let giveBack: @Sendable (Ending) -> Void

    /// How work has ended, as the wire says it.
    package struct Ending: Hashable, Sendable {
        /// How.
        package let outcome: WorkOutcome
        /// The status of its answer, if it had one.
        package let status: Int?
        /// How long it took, in nanoseconds.
        package let latency: Int64
    }

    /// Seats that are held from now on.
    ///
    /// - Parameters:
    ///   - clock: reads the monotonic clock.
    ///   - giveBack: gives the seats back; called once, from any thread, and must not wait.
    package init(
        clock: @escaping @Sendable () -> NIODeadline = NIODeadline.now, giveBack: @escaping @Sendable (Ending) -> Void
    ) {
        start = clock()
        self.clock = clock
        self.giveBack = giveBack
    }

    /// Gives the seats back; does nothing the second time.
    package func end(_ outcome: WorkOutcome, status: Int?) {
        guard !isOver.exchange(true, ordering: .acquiringAndReleasing) else { return }
        giveBack(Ending(outcome: outcome, status: status, latency: (clock() - start).nanoseconds))
    }
}
