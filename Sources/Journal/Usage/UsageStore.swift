internal import GRDB
internal import Synchronization
package import Vocabulary

/// What tenants have used, across restarts: at most a second of it is lost when the process is killed.
///
/// The writing thread asks a source what has changed and commits it at once, twice a second.
package final class UsageStore: Sendable {
    /// The key under which tenants are hashed; drawn when the file is made, the same ever after.
    package let hashKey: TenantHashKey
    /// Whether the process before said good-bye; else up to a second of its use, and what it did after `lastSaved`, is
    /// missing.
    ///
    /// True where there was none before.
    package let wasCleanShutdown: Bool
    private let file: DatabaseFile
    private let state: Mutex<State>

    /// Tells what changed since it was asked last, each tenant once.
    package typealias Source = @Sendable (Moment) -> UsageBatch

    private struct State {
        var source: Source?
        var isGoodbye = false
        var lastSaved: WallTime?
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

    /// Names the source; it is asked on the writing thread from now on.
    ///
    /// While the disk is full or slow it is not asked, so it is for the source to bound what waits.
    package func attach(_ source: @escaping Source) { state.withLock { $0.source = source } }

    /// Says good-bye: the last commit, which closing the archive makes, marks the file as complete.
    package func markCleanShutdown() { state.withLock { $0.isGoodbye = true } }

    /// Reads everything that was saved, many tenants at a time, each once, in no order.
    ///
    /// For the start, before requests are served. What is long over by `wall` is left out; quotas may be of a period
    /// that has ended meanwhile.
    ///
    /// - Throws: `JournalError` when the file cannot be read to its end; what was handed out until then is good.
    /// - Complexity: O(tenants), a sixteenth of them in memory at a time.
    package func load(at wall: WallTime, _ body: (UsageBatch) -> Void) throws(JournalError) {
        let queue = try file.openForReading(ownsFolder: true)
        defer { try? queue.close() }
        do {
            try queue.inDatabase { database in
                // Where the disk has no room, what the first version saved is there still, and nothing else.
                if let first = try FirstUsage(of: database, lastSaved: lastSaved ?? wall) { return body(first.batch) }
                let catalogue = try UsageCatalogue(of: database)
                for part in 0..<UsageParts.count { body(try catalogue.batch(ofPart: part, at: wall, in: database)) }
            }
        } catch {
            throw StoreFailure(error).opening(file.path)
        }
    }

    /// Takes what there is to commit; `nil`: nobody has anything to say.
    func take(at moment: Moment) -> (batch: UsageBatch, isGoodbye: Bool)? {
        let (source, isGoodbye) = state.withLock { ($0.source, $0.isGoodbye) }
        guard source != nil || isGoodbye else { return nil }
        return (source?(moment) ?? UsageBatch(), isGoodbye)
    }

    /// Notes a commit of what was so at a moment.
    func noteSaved(at wall: WallTime) { state.withLock { $0.lastSaved = wall } }

    /// Notes a failed attempt.
    func noteFailure() { state.withLock { $0.writeErrors += 1 } }
}

extension UsageCatalogue {
    /// What a part says, the newest of each tenant.
    fileprivate func batch(ofPart part: Int, at wall: WallTime, in database: Database) throws -> UsageBatch {
        var batch = UsageBatch()
        var indices: [Int64: Int] = [:]
        try forEachNewest(inPart: part, at: wall, of: database) { row, reader, shape in
            let index =
                indices[row.shape]
                ?? {
                    indices[row.shape] = batch.shapes.count
                    batch.shapes.append(shape)
                    return batch.shapes.count - 1
                }()
            batch.begin(row.tenant, shape: index, at: row.wall)
            for number in reader.numbers { batch.append(number) }
        }
        return batch
    }
}
