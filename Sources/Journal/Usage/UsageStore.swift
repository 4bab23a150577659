internal import GRDB
internal import Synchronization
package import Vocabulary

/// What tenants have used, across restarts: at most a second of it is lost when the process is killed.
///
/// `save` takes entries from any thread; the writing thread commits them twice a second.
package final class UsageStore: Sendable {
    /// The key under which `UsageEntry.tenant` is hashed; drawn when the file is made, the same ever after.
    package let hashKey: TenantHashKey
    /// Whether the process before said good-bye; else up to a second of its use, and what it did after `lastSaved`, is
    /// missing.
    ///
    /// True where there was none before.
    package let wasCleanShutdown: Bool
    private let file: DatabaseFile
    private let state: Mutex<State>

    /// What waits to be written.
    struct State {
        /// The newest entry of each key.
        var pending: [UsageKey: UsageEntry] = [:]
        /// Whether somebody called `save` since the last commit, if only to say that nothing changed.
        var isDue = false
        /// Whether the next commit is the last.
        var isGoodbye = false
        /// When the last commit was.
        var lastSaved: WallTime?
        /// Failed attempts.
        var writeErrors: Int64 = 0
    }

    /// Makes the near side of an open file, told how that was found.
    init(file: DatabaseFile, found: UsageDatabase.Found) {
        self.file = file
        hashKey = found.hashKey
        wasCleanShutdown = found.wasCleanShutdown
        state = Mutex(State(lastSaved: found.lastSaved))
    }

    /// When use was last committed, by this process or, before its first commit, by the one before; `nil`: never.
    package var lastSaved: WallTime? { state.withLock { $0.lastSaved } }

    /// Failed attempts to write since the start.
    package var writeErrors: Int64 { state.withLock { $0.writeErrors } }

    /// Hands over entries to be committed within a second; later ones replace earlier ones.
    ///
    /// Call it four times a second, with nothing too: that keeps `lastSaved` true. What waits is bounded by tenants and
    /// slots, however long the disk may be full.
    ///
    /// - Complexity: O(entries).
    package func save(_ entries: [UsageEntry]) {
        state.withLock { state in
            for entry in entries { state.pending[entry.key] = entry }
            state.isDue = true
        }
    }

    /// Says good-bye: the last commit, which closing the archive makes, marks the file as complete.
    package func markCleanShutdown() {
        state.withLock { state in
            state.isGoodbye = true
            state.isDue = true
        }
    }

    /// Reads everything that was saved, tenant by tenant; entries of one tenant follow each other.
    ///
    /// For the start, before requests are served. Quotas may be of a period that has ended meanwhile.
    ///
    /// - Throws: `JournalError` when the file cannot be read to its end; what was handed out until then is good.
    /// - Complexity: O(entries), one row in memory at a time.
    package func load(_ body: (UsageEntry) -> Void) throws(JournalError) {
        let queue = try file.openForReading()
        defer { try? queue.close() }
        do {
            try queue.inDatabase { database in
                var slots: [Int64: UsageSlot] = [:]
                for row in try Row.fetchAll(database, sql: "SELECT number, kind, name FROM slot") {
                    slots[try row.value("number")] = UsageSlot(kind: try row.value("kind"), name: try row.value("name"))
                }
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT high, low, slot, amount, moment FROM usage ORDER BY high, low, slot")
                while let row = try rows.next() {
                    guard let slot = slots[try row.number(at: 2)] else { continue }
                    let high = UInt128(UInt64(bitPattern: try row.number(at: 0)))
                    let low = UInt128(UInt64(bitPattern: try row.number(at: 1)))
                    let tenant = TenantKey(bits: high << 64 | low)
                    body(slot.entry(tenant: tenant, amount: try row.number(at: 3), moment: try row.number(at: 4)))
                }
            }
        } catch {
            throw StoreFailure(error).opening(file.path)
        }
    }

    /// Takes what waits, if there is anything to commit.
    func take() -> State? {
        state.withLock { state in
            guard state.isDue else { return nil }
            defer {
                state.pending = [:]
                state.isDue = false
            }
            return state
        }
    }

    /// Notes a commit.
    func noteSaved(at wall: WallTime) { state.withLock { $0.lastSaved = wall } }

    /// Notes a failed attempt.
    func noteFailure() { state.withLock { $0.writeErrors += 1 } }
}
