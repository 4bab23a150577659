internal import Vocabulary

/// The writing side of the usage store: twice a second, everything that changed, in one transaction.
final class UsageDuty: Duty {
    private let store: UsageStore
    private let file: DatabaseFile
    private let notify: @Sendable (JournalNotice) -> Void
    private var database: UsageDatabase?
    private var unwritten: Commit?
    private var backOff = BackOff()
    private var nextCommit = Nanoseconds.zero

    /// What one transaction writes.
    private struct Commit {
        let batch: UsageBatch
        let isGoodbye: Bool
        let wall: WallTime
    }

    /// How long after one commit the next is begun.
    ///
    /// A killed process may lose a second. What changes right after a commit has looked is looked at by the next one:
    /// half a second later, and up to a fifth of a second more that the thread sleeps (`Scribe`). 0.3 s remain for what
    /// the thread writes meanwhile for the journal, and for this commit: 20,000 tenants take some ten milliseconds.
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
        _ = writeAll(at: now)
    }

    func finish(at now: Moment) {
        if !writeAll(at: now) { _ = writeAll(at: now) }  // a damaged file is replaced after the first
        database?.close()
        database = nil
    }

    /// Writes what could not be written before, then what has changed since.
    ///
    /// Nothing new is taken before the old is written: while the disk stalls, one batch waits here and the rest in the
    /// engine, where a tenant that changes again takes no more room.
    private func writeAll(at now: Moment) -> Bool {
        if let unwritten, !attempt(unwritten, at: now) { return false }
        guard let taken = store.take(at: now) else { return true }
        return attempt(Commit(batch: taken.batch, isGoodbye: taken.isGoodbye, wall: now.wall), at: now)
    }

    private func attempt(_ commit: Commit, at now: Moment) -> Bool {
        unwritten = commit
        do throws(StoreFailure) {
            let database = try openDatabase(at: now.wall)
            try database.write(commit.batch, isGoodbye: commit.isGoodbye, at: commit.wall)
            unwritten = nil
            store.noteSaved(at: commit.wall)
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
