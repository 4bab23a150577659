internal import Vocabulary

/// The writing thread's side: prepares commits, writes them, and finds its place again when one fails.
struct CommitDesk {
    private var appender: LedgerAppender
    private var isLost = false
    private let store: any LedgerStore
    private let signer: NoteSigner
    private let clock: () -> WallTime

    /// Goes on from an appender.
    init(appender: LedgerAppender, store: any LedgerStore, signer: NoteSigner, clock: @escaping () -> WallTime) {
        self.appender = appender
        self.store = store
        self.signer = signer
        self.clock = clock
    }

    /// How many records there are.
    var size: Int64 { appender.size }

    /// Writes what becomes of commands; when this returns it is on the disk.
    ///
    /// - Throws: when nothing was written, as far as the store can tell. The next call looks at the store first, and so
    ///   also goes on where another process has left off.
    mutating func commit(_ commands: [LedgerCommand]) throws(LedgerError) -> [LedgerAnswer] {
        if isLost {
            appender = try LedgerAppender(store: store, signer: signer)
            isLost = false
        }
        let prepared = try appender.prepare(commands, at: clock(), reading: store)
        if prepared.next.head != appender.head {
            do throws(LedgerError) {
                try store.write(prepared.changes)
            } catch {
                isLost = true
                throw error
            }
        }
        appender = prepared.next
        return prepared.answers
    }
}
