internal import Vocabulary

/// The writing side of the record of use.
final class ConsumptionDuty: Duty {
    private let store: ConsumptionStore
    private let file: DatabaseFile
    private let notify: @Sendable (JournalNotice) -> Void
    private var database: ConsumptionDatabase?
    private var unwritten: Unwritten?
    private var backOff = BackOff()
    private var nextBatch = Nanoseconds.zero

    /// What was taken and is not written yet.
    private struct Unwritten {
        var rows: ArraySlice<ConsumptionBatch.Row>
        var keys: [String: Int32]
        var warnings: [QuotaWarning]
        let daysMax: Int32
    }

    /// Rows that are written with one turn of the thread, which has other duties.
    private static let partCount = 4_000
    /// How long after one batch the next is begun, where little is used.
    private static let interval = Nanoseconds.second
    /// Rows that are written per second in the long run.
    ///
    /// Two thousand rows that lie apart are as many pages, 8 MB a second: about what a disk has to spare.
    private static let rowsPerSecond = 2_000
    /// The longest time between batches.
    private static let intervalMax = Nanoseconds.seconds(60)
    /// Rows that are written at once, however soon after the last batch: they wait in the memory of the loops.
    private static let waitingMax = 100_000

    /// Takes over a store's writing.
    init(
        store: ConsumptionStore, file: DatabaseFile, database: ConsumptionDatabase?,
        notify: @escaping @Sendable (JournalNotice) -> Void
    ) {
        self.store = store
        self.file = file
        self.database = database
        self.notify = notify
    }

    var isBehind: Bool { unwritten != nil && !backOff.isFailing }

    func perform(at now: Moment) {
        guard backOff.allows(now.monotonic) else { return }
        // Nothing new is taken before the old is written: while the disk stalls, one batch waits here and the rest with
        // the loops, whose tables are bounded.
        if unwritten == nil, now.monotonic >= nextBatch || store.waitingCount >= ConsumptionDuty.waitingMax {
            take(at: now)
        }
        _ = writePart(at: now)
    }

    func finish(at now: Moment) {
        // A damaged file is replaced after the first attempt.
        for _ in 0..<2 { while unwritten != nil, writePart(at: now) {} }
        take(at: now)
        for _ in 0..<2 { while unwritten != nil, writePart(at: now) {} }
        store.close()  // first: whoever lets go of the file last puts its log away, and a reader may not
        database?.close()
        database = nil
    }

    private func take(at now: Moment) {
        guard unwritten == nil else { return }
        nextBatch = now.monotonic + ConsumptionDuty.interval
        let taken = store.take()
        guard !taken.batch.isEmpty || !taken.warnings.isEmpty else { return }
        let rows = taken.batch.arranged()
        unwritten = Unwritten(
            rows: rows[...], keys: taken.batch.keys, warnings: taken.warnings, daysMax: taken.daysMax)
        let rest = Nanoseconds.second.count / Int64(ConsumptionDuty.rowsPerSecond) * Int64(rows.count)
        nextBatch = now.monotonic + min(ConsumptionDuty.intervalMax, max(ConsumptionDuty.interval, Nanoseconds(rest)))
    }

    /// Writes the next rows, and with the last of them what else there is.
    ///
    /// - Returns: whether it could be written.
    private func writePart(at now: Moment) -> Bool {
        guard let unwritten else { return true }
        let isLast = unwritten.rows.count <= ConsumptionDuty.partCount
        var part = ConsumptionDatabase.Part(
            rows: unwritten.rows.prefix(ConsumptionDuty.partCount),
            oldest: CalendarPeriod.day.index(at: now.wall) - unwritten.daysMax)
        if isLast { (part.keys, part.warnings) = (unwritten.keys, unwritten.warnings) }
        do throws(StoreFailure) {
            try openDatabase().write(part, at: now.wall)
        } catch {
            store.noteFailure()
            handle(error, at: now)
            backOff.fail(at: now.monotonic)
            return false
        }
        if isLast { self.unwritten = nil } else { self.unwritten?.rows.removeFirst(part.rows.count) }
        store.noteSaved(at: now.wall)
        if backOff.isFailing { notify(JournalNotice(.recovered, "the record of use is written again")) }
        backOff.succeed()
        return true
    }

    private func openDatabase() throws(StoreFailure) -> ConsumptionDatabase {
        if let database { return database }
        let opened = try ConsumptionDatabase(file: file)
        database = opened
        return opened
    }

    private func handle(_ failure: StoreFailure, at now: Moment) {
        database?.close()  // and opened again by the next attempt, in a known state
        database = nil
        if failure.kind == .damaged {
            do throws(StoreFailure) {
                let place = try file.moveAside(at: now.wall)
                notify(.startedFresh("the record of use", after: failure, movedTo: place))
            } catch {
                notify(
                    JournalNotice(.failing, "the record of use is beyond use and cannot be moved: \(error.message)"))
            }
        } else if failure.kind == .refused {
            notify(JournalNotice(.refused, "some use cannot be stored, given up: \(failure.message)"))
            unwritten = nil
        } else if !backOff.isFailing {
            notify(JournalNotice(.failing, "the record of use cannot be written, attempts go on: \(failure.message)"))
        }
    }
}
