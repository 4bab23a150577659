internal import Ledger
internal import Synchronization

/// A connection that is made when it is needed, and made anew after it was lost.
final class PostgresSession: Sendable {
    private let address: PostgresAddress
    private let connection = Mutex<PostgresConnection?>(nil)

    /// A session with nothing open yet.
    init(_ address: PostgresAddress) { self.address = address }

    /// Does something with the connection; others wait until it is done.
    ///
    /// What may be repeated is done again, once, on a new connection, if it failed because an old one was lost: a
    /// server that was started anew in between goes unnoticed.
    func use<Value: Sendable>(
        repeatable: Bool = false, _ body: (inout PostgresConnection) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        try connection.withLock { (held) throws(LedgerError) in
            if repeatable, var current = held.take() {
                do throws(LedgerError) {
                    let value = try body(&current)
                    held = consume current
                    return value
                } catch {
                    guard current.isLost else {
                        held = consume current
                        throw error
                    }
                }
            }
            var current: PostgresConnection
            if let open = held.take() { current = open } else { current = try PostgresConnection(to: address) }
            do throws(LedgerError) {
                let value = try body(&current)
                held = consume current
                return value
            } catch {
                if !current.isLost { held = consume current }
                throw error
            }
        }
    }

    /// Closes the connection.
    func close() { connection.withLock { $0 = nil } }
}
