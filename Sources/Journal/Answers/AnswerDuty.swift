internal import Vocabulary

/// The writing side of the file of answers.
final class AnswerDuty: Duty {
    private let archive: AnswerArchive
    private let file: DatabaseFile
    private let notify: @Sendable (JournalNotice) -> Void
    private var database: AnswerDatabase?
    private var backOff = BackOff()

    /// Takes over an archive's writing.
    init(
        archive: AnswerArchive, file: DatabaseFile, database: AnswerDatabase?,
        notify: @escaping @Sendable (JournalNotice) -> Void
    ) {
        self.archive = archive
        self.file = file
        self.database = database
        self.notify = notify
    }

    func perform(at now: Moment) {
        while true {
            let events = archive.takeAll()
            guard !events.isEmpty else { return }
            write(events, at: now)
            for event in events { event.tell() }
        }
    }

    func finish(at now: Moment) {
        perform(at: now)
        database?.close()
        database = nil
    }

    /// Writes events; what cannot be written is given up, because requests wait for it.
    ///
    /// A beginning that is missing is found missing after a crash alone, and a removal that is missing leaves a key
    /// that is refused longer than need be.
    private func write(_ events: [AnswerQueue.Event], at now: Moment) {
        guard backOff.allows(now.monotonic) else { return archive.noteFailure(events.count) }
        do throws(StoreFailure) {
            try openDatabase().write(events)
            if backOff.isFailing { notify(JournalNotice(.recovered, "the answer store is written again")) }
            backOff.succeed()
        } catch {
            archive.noteFailure(events.count)
            handle(error, at: now)
            backOff.fail(at: now.monotonic)
        }
    }

    private func openDatabase() throws(StoreFailure) -> AnswerDatabase {
        if let database { return database }
        let opened = try AnswerDatabase(file: file, hashKey: archive.hashKey, required: true)
        database = opened
        return opened
    }

    private func handle(_ failure: StoreFailure, at now: Moment) {
        database?.close()  // and opened again by the next attempt, in a known state
        database = nil
        if failure.kind == .damaged {
            do throws(StoreFailure) {
                let place = try file.moveAside(at: now.wall)
                notify(.startedFresh("the answer store", after: failure, movedTo: place))
            } catch {
                notify(JournalNotice(.failing, "the answer store is beyond use and cannot be moved: \(error.message)"))
            }
        } else if !backOff.isFailing {
            notify(
                JournalNotice(
                    .failing,
                    "the answer store cannot be written; requests go on, and a crash would lose their answers: "
                        + failure.message))
        }
    }
}
