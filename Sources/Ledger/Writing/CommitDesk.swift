internal import Vocabulary

/// The writing thread's side: prepares commits, writes them, and finds its place again when one fails.
struct CommitDesk {
    /// How often a commit is tried that others keep forestalling.
    ///
    /// Where the store keeps them out the second time holds.
    private static let triesMax = 100

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
    /// Where another process has appended meanwhile, the commands are judged anew, on what the ledger is now: whichever
    /// expects a version that no longer holds is refused.
    ///
    /// - Throws: when nothing was written, as far as the store can tell. The next call looks at the store first.
    mutating func commit(_ commands: [LedgerCommand]) throws(LedgerError) -> [LedgerAnswer] {
        var tries = 1
        while true {
            do throws(LedgerError) {
                if tries == 1 { return try attempt(commands) }
                let store = store
                return try store.alone { () throws(LedgerError) in try attempt(commands) }
            } catch {
                isLost = true
                guard error.code == .otherWriter, tries < CommitDesk.triesMax else { throw error }
                tries += 1
            }
        }
    }

    private mutating func attempt(_ commands: [LedgerCommand]) throws(LedgerError) -> [LedgerAnswer] {
        if isLost {
            appender = try LedgerAppender(store: store, signer: signer)
            isLost = false
        }
        let prepared = try appender.prepare(commands, at: clock(), reading: store)
        if prepared.next.head != appender.head { try store.write(prepared.changes) }
        appender = prepared.next
        return prepared.answers
    }
}
