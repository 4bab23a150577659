internal import Dispatch
package import Vocabulary

/// Everything one server keeps in its data folder: the journal, the usage store, the record of use, the answer store,
/// and the threads that write them.
///
/// ```swift
/// let archive = try Archive(path: data, settings: JournalSettings(), clock: { Moment.now }) {
///     logger.warning("\($0)")
/// }
/// archive.journal.record(record)
/// archive.usage.markCleanShutdown()
/// archive.close()
/// ```
package final class Archive: Sendable {
    /// The journal.
    package let journal: JournalWriter
    /// The usage store.
    package let usage: UsageStore
    /// What tenants have used, day by day.
    package let consumption: ConsumptionStore
    /// The answers to requests with idempotency keys.
    package let answers: AnswerArchive
    private let folder: DataFolder
    private let scribe: Scribe
    private let answerScribe: Scribe

    /// Opens the folder, making what is missing, and starts the thread.
    ///
    /// A file that is no database is moved aside and told of; everything that goes wrong later is counted and retried.
    /// So is a disk without room, already at the start: decisions are worth more than their record. What was saved of
    /// usage is read then, and written again once there is room.
    ///
    /// - Parameters:
    ///   - path: the data folder; made with mode 0700.
    ///   - settings: how the journal is kept.
    ///   - clock: both clocks; read on the writing thread.
    ///   - notify: called from the writing thread, and before this returns, with what belongs into the log.
    /// - Throws: `unavailable`, `inUse` naming the other process, or `tooNew`.
    package init(
        path: String, settings: JournalSettings, clock: @escaping @Sendable () -> Moment,
        notify: @escaping @Sendable (JournalNotice) -> Void
    ) throws(JournalError) {
        folder = try DataFolder(path: path)
        let wall = clock().wall
        let storage = SQLiteDecisionStorage(path: folder.journalPath, sampling: settings.admitSampling)
        let decisions = try Archive.opened(folder.journalPath, notify: notify) { () throws(StoreFailure) in
            try storage.open()
        } clear: { () throws(StoreFailure) in
            try storage.moveAside(at: wall)
        }
        let file = DatabaseFile.usage(at: folder.usagePath)
        let key = TenantHashKey.random()
        let notifyOfUsage: @Sendable (JournalNotice) -> Void = { notify($0.about(.usage)) }
        let database = try Archive.opened(file.path, notify: notifyOfUsage) { () throws(StoreFailure) in
            try UsageDatabase(file: file, hashKey: key, required: false, at: wall)
        } clear: { () throws(StoreFailure) in
            try file.moveAside(at: wall)
        }
        let alarm = DispatchSemaphore(value: 0)
        journal = JournalWriter(settings: settings, alarm: alarm)
        if let database {
            usage = UsageStore(file: file, found: database.found)
        } else {
            usage = UsageStore(file: file, found: try UsageDatabase.found(readOnly: file, hashKey: key))
        }
        let consumptionDuty: ConsumptionDuty
        (consumption, consumptionDuty) = try Archive.openConsumption(in: folder, at: wall, notify: notify)
        let duties: [any Duty] = [
            UsageDuty(store: usage, file: file, database: database, notify: notifyOfUsage), consumptionDuty,
            JournalDuty(
                writer: journal, storage: storage, store: decisions, retention: settings.retention, notify: notify),
        ]
        (answers, answerScribe) = try Archive.openAnswers(in: folder, clock: clock, notify: notify)
        scribe = Scribe(duties: duties, alarm: alarm, clock: clock)
    }

    /// Opens the record of use.
    private static func openConsumption(
        in folder: DataFolder, at wall: WallTime, notify: @escaping @Sendable (JournalNotice) -> Void
    ) throws(JournalError) -> (ConsumptionStore, ConsumptionDuty) {
        let file = DatabaseFile.consumption(at: folder.consumptionPath)
        let notifyOfConsumption: @Sendable (JournalNotice) -> Void = { notify($0.about(.consumption)) }
        // The longest calendar period, and a few days.
        let lastYear = WallTime(milliseconds: wall.milliseconds - 400 * CivilDate.millisecondsPerDay)
        var warned: [QuotaWarning] = []
        let database = try opened(file.path, notify: notifyOfConsumption) { () throws(StoreFailure) in
            let database = try ConsumptionDatabase(file: file)
            try database.forget(before: lastYear)
            warned = try database.warnings(since: lastYear)
            return database
        } clear: { () throws(StoreFailure) in
            try file.moveAside(at: wall)
        }
        let store = ConsumptionStore(file: file, warned: warned)
        return (store, ConsumptionDuty(store: store, file: file, database: database, notify: notifyOfConsumption))
    }

    /// Opens the answer store and starts its thread.
    private static func openAnswers(
        in folder: DataFolder, clock: @escaping @Sendable () -> Moment,
        notify: @escaping @Sendable (JournalNotice) -> Void
    ) throws(JournalError) -> (AnswerArchive, Scribe) {
        let file = DatabaseFile.answers(at: folder.answersPath)
        let key = TenantHashKey.random()
        let notifyOfAnswers: @Sendable (JournalNotice) -> Void = { notify($0.about(.answers)) }
        let wall = clock().wall
        let database = try opened(file.path, notify: notifyOfAnswers) { () throws(StoreFailure) in
            try AnswerDatabase(file: file, hashKey: key, required: false)
        } clear: { () throws(StoreFailure) in
            try file.moveAside(at: wall)
        }
        let alarm = DispatchSemaphore(value: 0)
        let found = if let database { database.hashKey } else { try AnswerDatabase.key(readOnly: file, orElse: key) }
        let archive = AnswerArchive(file: file, hashKey: found, alarm: alarm)
        let duty = AnswerDuty(archive: archive, file: file, database: database, notify: notifyOfAnswers)
        return (archive, Scribe(duties: [duty], alarm: alarm, standsBack: false, clock: clock))
    }

    /// Writes what waits, closes the files and ends the thread; returns when that is done.
    ///
    /// Call it once, at the end, and not from an event loop. What is recorded afterwards is lost.
    package func close() {
        answerScribe.stop()
        scribe.stop()
        folder.release()
    }

    deinit { close() }

    /// Opens a file; clears the place and tries once more when what stands there is beyond use.
    ///
    /// - Returns: what was opened; `nil` when the disk has no room for it now.
    private static func opened<Opened>(
        _ path: String, notify: (JournalNotice) -> Void,
        open: () throws(StoreFailure) -> Opened, clear: () throws(StoreFailure) -> String?
    ) throws(JournalError) -> Opened? {
        do {
            return try open()
        } catch {
            if error.isForWantOfRoom { return nil }
            guard error.kind == .damaged else { throw error.opening(path) }
            return try reopened(path, after: error, notify: notify, open: open, clear: clear)
        }
    }

    private static func reopened<Opened>(
        _ path: String, after failure: StoreFailure, notify: (JournalNotice) -> Void,
        open: () throws(StoreFailure) -> Opened, clear: () throws(StoreFailure) -> String?
    ) throws(JournalError) -> Opened {
        do {
            let place = try clear()
            notify(.startedFresh(path, after: failure, movedTo: place))
            return try open()
        } catch {
            throw error.opening(path)
        }
    }
}
