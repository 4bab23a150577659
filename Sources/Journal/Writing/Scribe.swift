internal import Foundation
internal import Synchronization
package import Dispatch
package import Vocabulary

/// The writing thread: performs its duties several times a second, and at once when the alarm is raised.
///
/// A thread of its own rather than a task: it blocks on the disk, which no thread of a shared pool should. It stands
/// back behind those that answer requests.
package final class Scribe: Sendable {
    private let alarm: DispatchSemaphore
    private let ended = DispatchSemaphore(value: 0)
    private let isStopping = Atomic(false)

    /// The longest pause, and so the longest a decision waits for its transaction to begin.
    private static let pause = DispatchTimeInterval.milliseconds(200)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - duties: handed over to the thread for good.
    ///   - alarm: ends a pause early.
    ///   - standsBack: whether the thread stands back behind those that answer requests; not where they wait for it.
    ///   - clock: read once per turn.
    package init(
        duties: sending [any Duty], alarm: DispatchSemaphore, standsBack: Bool = true,
        clock: @escaping @Sendable () -> Moment
    ) {
        self.alarm = alarm
        let handover = Mutex(Optional(duties))
        let thread = Thread { [self] in
            guard let duties = handover.withLock({ $0.take() }) else { return }
            if standsBack { ThreadPriority.standBack() }
            run(duties, clock: clock)
        }
        thread.name = standsBack ? "headgate-records" : "headgate-answers"
        thread.start()
    }

    /// Finishes all duties and ends the thread; returns when that is done.
    ///
    /// Call it once, and not from an event loop.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        alarm.signal()
        ended.wait()
        ended.signal()  // a second call returns too
    }

    private func run(_ duties: [any Duty], clock: () -> Moment) {
        while !isStopping.load(ordering: .acquiring) {
            let now = clock()
            for duty in duties { duty.perform(at: now) }
            let isBehind = duties.contains { $0.isBehind }
            _ = alarm.wait(timeout: isBehind ? .now() : .now() + Scribe.pause)
        }
        let now = clock()
        for duty in duties { duty.finish(at: now) }
        ended.signal()
    }
}
