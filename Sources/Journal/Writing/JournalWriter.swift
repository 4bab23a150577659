package import Dispatch
internal import Synchronization
package import Vocabulary

/// The near side of a journal: takes decisions from any thread, at once, and leaves the rest to the writing thread.
///
/// Nothing here waits or does I/O; the one lock is held for a few dozen nanoseconds, never while something is written.
package final class JournalWriter: Sendable {
    private let queue: Mutex<JournalQueue>
    private let alarm: DispatchSemaphore

    /// Makes a journal that nobody writes yet.
    ///
    /// The alarm is raised when a batch is full.
    package init(settings: JournalSettings, alarm: DispatchSemaphore) {
        queue = Mutex(JournalQueue(settings: settings))
        self.alarm = alarm
    }

    /// Records a decision whose record is there already.
    ///
    /// A plain admit is kept or left out as sampling says; what finds no room is dropped; all are counted.
    package func record(_ record: DecisionRecord) { self.record(record.heading) { record } }

    /// Records a decision, and asks for what its record is made of only if it is kept: the way for the many plain
    /// admits.
    ///
    /// `promise` is called at most once, before this returns and outside the lock; its record has this heading.
    package func record(_ heading: DecisionHeading, promise: () -> any RecordPromise) {
        guard queue.withLock({ $0.reserve(heading) }) else { return }
        let promise = promise()
        if queue.withLock({ $0.append(promise) }) { alarm.signal() }
    }

    /// Remembers what a policy version is called and says, so that stories can tell long after.
    package func recordPolicy(version: PolicyVersion, name: String, summary: String, at wall: WallTime) {
        let policy = RecordedPolicy(version: version.description, name: name, summary: summary, recorded: wall)
        queue.withLock { $0.append(policy) }
    }

    /// What the journal has done so far; consistent, and never waits for the disk.
    package var statistics: JournalStatistics { queue.withLock { $0.statistics } }

    /// Takes the next batch off the queue.
    func take() -> JournalBatch {
        fulfil()
        return queue.withLock { $0.take() }
    }

    /// Makes the records that were promised; only the writing thread does, so they stay in order.
    ///
    /// Also when they cannot be written: a promise may hold more than its record, such as a policy and a directory.
    func fulfil() {
        let promises = queue.withLock { $0.takePromises() }
        for chunk in promises {
            let records = chunk.map { $0.makeRecord() }
            queue.withLock { $0.fulfil(records) }
        }
    }

    /// Notes that a batch is committed.
    func settleWritten(_ count: Int, at wall: WallTime) { queue.withLock { $0.settleWritten(count, at: wall) } }

    /// Notes that records are given up.
    func settleDropped(_ records: [DecisionRecord]) { queue.withLock { $0.settleDropped(records) } }

    /// Notes a failed attempt.
    func noteFailure() { queue.withLock { $0.noteFailure() } }

    /// Notes what retention did.
    func note(_ report: PruneReport) { queue.withLock { $0.note(report) } }
}
