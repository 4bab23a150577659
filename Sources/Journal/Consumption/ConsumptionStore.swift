internal import GRDB
internal import Synchronization
package import Vocabulary

/// What tenants have used, day by day, when keys were used last, and of which shares of quotas somebody was told.
///
/// The writing thread asks a source what was used and commits it at once: every second, and less often where more is
/// used than two thousand rows a second, so that the disk has time for the rest. That long is what a killed process
/// loses.
package final class ConsumptionStore: Sendable {
    private let file: DatabaseFile
    private let state: Mutex<State>

    /// Where to ask what was used.
    package struct Source: Sendable {
        /// Takes out what was used since it was asked last.
        package let collect: @Sendable () -> ConsumptionBatch
        /// How much there is to collect, in rows.
        package let waitingCount: @Sendable () -> Int

        /// Joins the two.
        package init(
            collect: @escaping @Sendable () -> ConsumptionBatch, waitingCount: @escaping @Sendable () -> Int
        ) {
            self.collect = collect
            self.waitingCount = waitingCount
        }
    }

    private struct State {
        var source: Source?
        var warned: [QuotaWarning] = []
        var unwritten: [QuotaWarning] = []
        var daysMax: Int32 = 400
        var lastSaved: WallTime?
        var writeErrors: Int64 = 0
        var reading: DatabaseQueue?
    }

    /// Makes the near side of a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - warned: of what somebody was told before.
    init(file: DatabaseFile, warned: [QuotaWarning]) {
        self.file = file
        state = Mutex(State(warned: warned))
    }

    /// Names the source, and how many days are kept; it is asked on the writing thread from now on.
    package func attach(_ source: Source, daysMax: Int32 = 400) {
        state.withLock { state in
            state.source = source
            state.daysMax = daysMax
        }
    }

    /// Of what somebody was told before this process began, within about a year.
    package var warned: [QuotaWarning] { state.withLock { $0.warned } }

    /// Remembers that somebody was told.
    package func note(_ warning: QuotaWarning) { state.withLock { $0.unwritten.append(warning) } }

    /// When use was committed last; `nil`: not since the start.
    package var lastSaved: WallTime? { state.withLock { $0.lastSaved } }

    /// Failed attempts to write since the start.
    package var writeErrors: Int64 { state.withLock { $0.writeErrors } }

    /// How much there is to write, in rows.
    var waitingCount: Int { state.withLock { $0.source }?.waitingCount() ?? 0 }

    /// Takes what there is to write.
    func take() -> (batch: ConsumptionBatch, warnings: [QuotaWarning], daysMax: Int32) {
        let (source, warnings, daysMax) = state.withLock { state in
            defer { state.unwritten = [] }
            return (state.source, state.unwritten, state.daysMax)
        }
        return (source?.collect() ?? ConsumptionBatch(), warnings, daysMax)
    }

    /// Notes a commit.
    func noteSaved(at wall: WallTime) { state.withLock { $0.lastSaved = wall } }

    /// Notes a failed attempt.
    func noteFailure() { state.withLock { $0.writeErrors += 1 } }

    /// Reads the file, from any thread that may wait for the disk.
    ///
    /// - Throws: why it cannot be read.
    func read<Answer>(_ body: (Database) throws -> Answer) throws(JournalError) -> Answer {
        let queue = try reading()
        do {
            return try queue.inDatabase(body)
        } catch {
            // Opened anew by the next one: the file may have been moved aside.
            state.withLock { $0.reading = nil }
            throw StoreFailure(error).opening(file.path)
        }
    }

    private func reading() throws(JournalError) -> DatabaseQueue {
        if let open = state.withLock({ $0.reading }) { return open }
        let queue = try file.openForReading()
        state.withLock { $0.reading = queue }
        return queue
    }

    /// Lets go of the file.
    func close() { state.withLock { $0.reading = nil } }
}
