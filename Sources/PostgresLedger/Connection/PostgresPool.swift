internal import Dispatch
internal import Ledger
internal import Synchronization

/// A few sessions for reading, so that a long search keeps nobody waiting.
final class PostgresPool: Sendable {
    private let sessions: [PostgresSession]
    private let free: Mutex<[Int]>
    private let places: DispatchSemaphore

    /// How many sessions there are: one for the writing thread, one for who follows, and two for questions.
    static let sessionCount = 4

    /// Sessions with nothing open yet.
    init(_ address: PostgresAddress) {
        sessions = (0..<PostgresPool.sessionCount).map { _ in PostgresSession(address) }
        free = Mutex(Array(sessions.indices))
        places = DispatchSemaphore(value: sessions.count)
    }

    /// Does something that may be repeated on a session that nobody uses, as soon as there is one.
    func use<Value: Sendable>(
        _ body: (inout PostgresConnection) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        places.wait()
        defer { places.signal() }
        // The one given back last is the one most likely to have a connection.
        let index = free.withLock { $0.removeLast() }
        defer { free.withLock { $0.append(index) } }
        return try sessions[index].use(repeatable: true, body)
    }

    /// Closes all connections.
    func close() {
        for session in sessions { session.close() }
    }
}
