internal import Dispatch
internal import Foundation
internal import GRDB
internal import Synchronization
package import Vocabulary

/// Answers to requests with idempotency keys, across restarts.
///
/// The near side: takes records from any thread, at once, and leaves the rest to a thread of its own, because a request
/// waits for each of them. What comes while one transaction is written goes into the next one together.
package final class AnswerArchive: Sendable {
    /// The key under which names and requests are hashed; drawn when the file is made, the same ever after.
    package let hashKey: TenantHashKey
    private let file: DatabaseFile
    private let queue = Mutex(AnswerQueue())
    private let alarm: DispatchSemaphore

    /// Makes the near side of an open file.
    init(file: DatabaseFile, hashKey: TenantHashKey, alarm: DispatchSemaphore) {
        self.file = file
        self.hashKey = hashKey
        self.alarm = alarm
    }

    /// Records that could not be written since the start; the requests went on without.
    package var failureCount: Int64 { queue.withLock { $0.failureCount } }

    /// Keeps a record in the place of the one of the same name.
    ///
    /// Calls back once it is committed, on the thread that writes. Where it cannot be written, that is counted and said
    /// in the log, and the callback comes all the same: a full disk must not stop the traffic. Then it may come at
    /// once.
    package func keep(_ record: AnswerRecord, then: @escaping @Sendable () -> Void) {
        let event = AnswerQueue.Event.keep(record, then: then)
        let isFirst = queue.withLock { queue in
            let isFirst = queue.add(event)
            if isFirst == nil { queue.failureCount += 1 }
            return isFirst
        }
        guard let isFirst else { return then() }
        if isFirst { alarm.signal() }
    }

    /// Removes records; nobody waits for that.
    package func remove(_ names: [IdempotencyName]) {
        guard !names.isEmpty else { return }
        queue.withLock { queue in
            for name in names { _ = queue.add(.remove(name)) }
        }
        alarm.signal()
    }

    /// Reads everything, oldest first.
    ///
    /// For the start, before requests are served. A record that cannot be read is left out.
    ///
    /// - Throws: `JournalError` when the file cannot be read to its end.
    package func load(_ body: (AnswerRecord) -> Void) throws(JournalError) {
        let database: DatabaseQueue
        do {
            database = try file.openForReading(ownsFolder: true)
        } catch {
            guard error.code == .noJournal else { throw error }
            return  // the disk has had no room for it so far
        }
        defer { try? database.close() }
        do {
            try database.inDatabase { database in
                // Numbers first: sorting the rows themselves would hold all answers twice.
                let numbers = try Int64.fetchAll(database, sql: "SELECT number FROM answer ORDER BY since, number")
                for number in numbers {
                    let row = try Row.fetchOne(
                        database, sql: "SELECT * FROM answer WHERE number = ?", arguments: [number])
                    if let record = try row.flatMap({ try AnswerRecord($0) }) { body(record) }
                }
            }
        } catch {
            throw StoreFailure(error).opening(file.path)
        }
    }

    /// Takes what waits.
    func takeAll() -> [AnswerQueue.Event] { queue.withLock { $0.takeAll() } }

    /// Notes records that could not be written.
    func noteFailure(_ count: Int) { queue.withLock { $0.failureCount += Int64(count) } }
}

extension AnswerRecord {
    /// Reads a row; `nil` for one that no version has written.
    fileprivate init?(_ row: Row) throws {
        let request: Data? = try row.optional("request")
        guard let name = IdempotencyName(blob: try row.value("name")),
            let target = DecisionID(blob: try row.value("target")),
            let decision = DecisionID(blob: try row.value("decision"))
        else { return nil }
        let status: Int? = try row.optional("status")
        let fields: Data? = try row.optional("fields")
        let body: Data? = try row.optional("body")
        self.init(
            name: name,
            fingerprint: RequestFingerprint(
                target: target.bits, body: request.flatMap { DecisionID(blob: $0) }.map(\.bits)),
            decision: decision, since: WallTime(milliseconds: try row.value("since")),
            answer: status.map {
                StoredAnswer(status: $0, fields: [UInt8](fields ?? Data()), body: body.map { [UInt8]($0) })
            })
    }
}
