internal import Vocabulary

/// The writing side of the usage store: twice a second, everything that changed, in one transaction.
final class UsageDuty: Duty {
    private let store: UsageStore
    private let file: DatabaseFile
    private let notify: @Sendable (JournalNotice) -> Void
    private var database: UsageDatabase?
    private var unsaved: [UsageKey: UsageEntry] = [:]
    private var isDue = false
    private var isGoodbye = false
    private var backOff = BackOff()
    private var nextCommit = Nanoseconds.zero

    /// How long use may stay uncommitted.
    ///
    /// Half of the second that a killed process may lose: the other half is for the hands that it goes through before.
    private static let interval = Nanoseconds.milliseconds(500)

    /// Takes over a store's writing.
    init(
        store: UsageStore, file: DatabaseFile, database: UsageDatabase?,
        notify: @escaping @Sendable (JournalNotice) -> Void
    ) {
        self.store = store
        self.file = file
        self.database = database
        self.notify = notify
    }

    func perform(at now: Moment) {
        guard now.monotonic >= nextCommit, backOff.allows(now.monotonic) else { return }
        nextCommit = now.monotonic + UsageDuty.interval
        collect()
        if isDue { _ = attempt(at: now) }
    }

    func finish(at now: Moment) {
        collect()
        if isDue, !attempt(at: now) { _ = attempt(at: now) }  // a damaged file is replaced after the first
        database?.close()
        database = nil
    }

    private func collect() {
        guard let taken = store.take() else { return }
        unsaved.merge(taken.pending) { _, newer in newer }
        isGoodbye = isGoodbye || taken.isGoodbye
        isDue = true
    }

    private func attempt(at now: Moment) -> Bool {
        do throws(StoreFailure) {
            let database = try openDatabase(at: now.wall)
            let entries = unsaved.values.sorted { $0.tenant.bits < $1.tenant.bits }  // neighbours share pages
            try database.write(entries, isGoodbye: isGoodbye, at: now.wall)
            unsaved = [:]
            isDue = false
            store.noteSaved(at: now.wall)
            if backOff.isFailing { notify(JournalNotice(.recovered, "the usage store is written again")) }
            backOff.succeed()
            return true
        } catch {
            store.noteFailure()
            handle(error, at: now)
            backOff.fail(at: now.monotonic)
            return false
        }
    }

    private func openDatabase(at wall: WallTime) throws(StoreFailure) -> UsageDatabase {
        if let database { return database }
        let opened = try UsageDatabase(file: file, hashKey: store.hashKey, required: true, at: wall)
        database = opened
        return opened
    }

    private func handle(_ failure: StoreFailure, at now: Moment) {
        database?.close()  // and opened again by the next attempt, in a known state
        database = nil
        if failure.kind == .damaged {
            do throws(StoreFailure) {
                let place = try file.moveAside(at: now.wall)
                notify(.startedFresh("the usage store", after: failure, movedTo: place))
            } catch {
                notify(
                    JournalNotice(.failing, "the usage store is beyond use and cannot be moved: \(error.message)"))
            }
        } else if !backOff.isFailing {
            notify(JournalNotice(.failing, "the usage store cannot be written, attempts go on: \(failure.message)"))
        }
    }
}
