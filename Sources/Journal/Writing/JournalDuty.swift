package import Vocabulary

/// The writing side of a journal: takes what waits, writes it in batches, keeps trying, tidies up.
package final class JournalDuty: Duty {
    private let writer: JournalWriter
    private let storage: any DecisionStorage
    private let retention: JournalRetention
    private let notify: @Sendable (JournalNotice) -> Void
    private var store: (any DecisionStore)?
    private var inFlight = JournalBatch()
    private var backOff = BackOff()

    /// Batches written before the thread looks after its other duties.
    private static let batchesPerTurn = 32

    /// Takes over a journal's writing.
    ///
    /// - Parameters:
    ///   - writer: whose queue is written.
    ///   - storage: opened when first needed, and again after failures.
    ///   - store: the store, where it is open already.
    ///   - retention: how much is kept, and how long.
    ///   - notify: called on the writing thread with what belongs into the log.
    package init(
        writer: JournalWriter, storage: any DecisionStorage, store: (any DecisionStore)? = nil,
        retention: JournalRetention, notify: @escaping @Sendable (JournalNotice) -> Void
    ) {
        self.writer = writer
        self.storage = storage
        self.store = store
        self.retention = retention
        self.notify = notify
    }

    package func perform(at now: Moment) {
        writer.fulfil()
        guard backOff.allows(now.monotonic) else { return }
        for _ in 0..<JournalDuty.batchesPerTurn {
            if inFlight.isEmpty { inFlight = writer.take() }
            let mayBeLast = inFlight.records.isEmpty
            guard let report = attempt(at: now) else { return }
            if mayBeLast, !report.hasMore { return }
        }
    }

    package func finish(at now: Moment) {
        var failures = 0
        while failures < 2 {  // a damaged file is replaced after the first
            if inFlight.isEmpty { inFlight = writer.take() }
            if inFlight.isEmpty { break }
            failures = attempt(at: now) == nil ? failures + 1 : 0
        }
        giveUpRest()
        store?.close()
        store = nil
    }

    /// Writes what is in flight and tidies up once.
    ///
    /// - Returns: what was tidied up; `nil` when something failed.
    private func attempt(at now: Moment) -> PruneReport? {
        do throws(StoreFailure) {
            let store = try openStore()
            if !inFlight.isEmpty {
                try store.write(inFlight)
                writer.settleWritten(inFlight.records.count, at: now.wall)
                inFlight = JournalBatch()
            }
            let report = try store.prune(to: retention, at: now.wall)
            writer.note(report)
            if backOff.isFailing { notify(JournalNotice(.recovered, "the journal is written again")) }
            backOff.succeed()
            return report
        } catch {
            handle(error, at: now)
            return nil
        }
    }

    private func openStore() throws(StoreFailure) -> any DecisionStore {
        if let store { return store }
        let opened = try storage.open()
        store = opened
        return opened
    }

    /// Does what helps against a failure, and says so where that is news.
    private func handle(_ failure: StoreFailure, at now: Moment) {
        writer.noteFailure()
        store?.close()  // and opened again by the next attempt, in a known state
        store = nil
        if failure.kind == .damaged {
            startFresh(after: failure, at: now)
        } else if failure.kind == .refused, !inFlight.isEmpty {
            notify(
                JournalNotice(
                    .refused, "\(inFlight.records.count) decisions cannot be stored, given up: \(failure.message)"))
            writer.settleDropped(inFlight.records)
            inFlight = JournalBatch()
        } else if !backOff.isFailing {
            notify(JournalNotice(.failing, "the journal cannot be written, attempts go on: \(failure.message)"))
        }
        backOff.fail(at: now.monotonic)
    }

    private func startFresh(after failure: StoreFailure, at now: Moment) {
        do throws(StoreFailure) {
            let place = try storage.moveAside(at: now.wall)
            notify(.startedFresh("the journal", after: failure, movedTo: place))
        } catch {
            notify(JournalNotice(.failing, "the journal is beyond use and cannot be moved aside: \(error.message)"))
        }
    }

    private func giveUpRest() {
        while !inFlight.records.isEmpty {
            writer.settleDropped(inFlight.records)
            inFlight = writer.take()
        }
    }
}
