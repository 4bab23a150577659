internal import Vocabulary

/// The writing side of the record of use.
final class ConsumptionDuty: Duty {
    private let store: ConsumptionStore
    private let file: DatabaseFile
    private let notify: @Sendable (JournalNotice) -> Void
    private var database: ConsumptionDatabase?
    private var unwritten: (batch: ConsumptionBatch, warnings: [QuotaWarning], daysMax: Int32)?
    private var backOff = BackOff()
    private var nextCommit = Nanoseconds.zero

    /// How long after one commit the next is begun, where little is used.
    private static let interval = Nanoseconds.second
    /// Rows that are written per second in the long run.
    ///
    /// Two thousand rows that lie apart are as many pages, 8 MB a second: about what a disk has to spare.
    private static let rowsPerSecond = 2_000
    /// The longest time between commits.
    private static let intervalMax = Nanoseconds.seconds(60)
    /// Rows that are written at once, however soon after the last commit: they wait in the memory of the loops.
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

    func perform(at now: Moment) {
        guard backOff.allows(now.monotonic),
            now.monotonic >= nextCommit || store.waitingCount >= ConsumptionDuty.waitingMax
        else { return }
        let rows = writeAll(at: now)
        let rest = Nanoseconds.second.count / Int64(ConsumptionDuty.rowsPerSecond) * Int64(rows)
        nextCommit =
            now.monotonic + min(ConsumptionDuty.intervalMax, max(ConsumptionDuty.interval, Nanoseconds(rest)))
    }

    func finish(at now: Moment) {
        _ = writeAll(at: now)
        if unwritten != nil { _ = writeAll(at: now) }  // a damaged file is replaced after the first
        database?.close()
        database = nil
        store.close()
    }

    /// Writes what could not be written before, then what was used since.
    ///
    /// Nothing new is taken before the old is written: while the disk stalls, one batch waits here and the rest with
    /// the loops, whose tables are bounded.
    ///
    /// - Returns: how many rows were written.
    private func writeAll(at now: Moment) -> Int {
        var count = 0
        if unwritten != nil {
            guard let written = attempt(at: now) else { return 0 }
            count = written
        }
        let taken = store.take()
        guard !taken.batch.isEmpty || !taken.warnings.isEmpty else { return count }
        unwritten = taken
        return count + (attempt(at: now) ?? 0)
    }

    private func attempt(at now: Moment) -> Int? {
        guard let unwritten else { return 0 }
        do throws(StoreFailure) {
            let database = try openDatabase()
            try database.write(
                unwritten.batch, unwritten.warnings,
                oldest: CalendarPeriod.day.index(at: now.wall) - unwritten.daysMax, at: now.wall)
            self.unwritten = nil
            store.noteSaved(at: now.wall)
            if backOff.isFailing { notify(JournalNotice(.recovered, "the record of use is written again")) }
            backOff.succeed()
            return unwritten.batch.counts.count
        } catch {
            store.noteFailure()
            handle(error, at: now)
            backOff.fail(at: now.monotonic)
            return nil
        }
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
