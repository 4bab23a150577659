/// Commands that wait for the writing thread, with those who wait for their answers.
///
/// A value without locks or threads; `Ledger` guards one. Whatever comes while one commit is written goes into the next
/// one together: the more wait, the fewer times the disk is asked, and nobody waits longer than for two commits.
struct CommitQueue {
    /// Commands that are judged together: all that one caller handed over.
    struct Request {
        /// The commands.
        let commands: [LedgerCommand]
        /// Who waits.
        let answer: CheckedContinuation<Result<[LedgerAnswer], LedgerError>, Never>
    }

    private var waiting: [Request] = []
    private var waitingCommands = 0
    private(set) var isClosed = false

    /// The most commands that wait; past it something appends without waiting for answers.
    static let depthMax = 100_000
    /// The most bytes of payloads in one commit, unless one request alone has more: the write-ahead log holds them all.
    static let commitBytesMax = 16 << 20

    /// Why a request cannot wait.
    enum Rejection {
        case closed
        case full
    }

    /// Adds a request, unless it cannot wait.
    mutating func add(_ request: Request) -> Rejection? {
        if isClosed { return .closed }
        guard waitingCommands + request.commands.count <= CommitQueue.depthMax || waiting.isEmpty else { return .full }
        waiting.append(request)
        waitingCommands += request.commands.count
        return nil
    }

    /// Takes the requests of the next commit, the oldest first.
    mutating func take() -> [Request] {
        var bytes = 0
        let count = waiting.prefix { request in
            defer { bytes += request.byteCount }
            return bytes == 0 || bytes + request.byteCount <= CommitQueue.commitBytesMax
        }.count
        let taken = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        waitingCommands -= taken.reduce(0) { $0 + $1.commands.count }
        return taken
    }

    /// Lets nothing more in.
    mutating func close() { isClosed = true }
}

extension CommitQueue.Request {
    /// The bytes of all payloads, and something for each event.
    fileprivate var byteCount: Int {
        commands.reduce(0) { sum, command in sum + command.events.reduce(0) { $0 + $1.payload.count + 128 } }
    }
}
