internal import Foundation
internal import Ledger
internal import Synchronization

/// Listens for what other processes append, on a connection of its own.
///
/// A notification is a hint, which everybody who may connect can send; the ledger says what is so. What is missed while
/// the connection is lost is found by looking, right after it was made anew and once a second anyway.
final class PostgresAlarm: LedgerAlarm {
    private let address: PostgresAddress
    private let connection = Mutex<PostgresConnection?>(nil)
    /// Becomes readable when the waiting is over.
    private let end = Pipe()

    /// The longest wait: what is not notified shows so much later.
    private static let pauseMilliseconds: Int32 = 1_000

    /// An alarm that does not listen yet.
    init(_ address: PostgresAddress) { self.address = address }

    func wait() -> Int64? {
        let ending = end.fileHandleForReading.fileDescriptor
        do throws(LedgerError) {
            return try connection.withLock { (held) throws(LedgerError) -> Int64? in
                guard var current = held.take() else {
                    var current = try PostgresConnection(to: address)
                    try current.execute("LISTEN \"\(address.channel)\"")
                    held = consume current
                    return nil
                }
                let texts = try current.notifications(or: ending, milliseconds: PostgresAlarm.pauseMilliseconds)
                held = consume current
                return texts.compactMap { Int64($0) }.max()
            }
        } catch {
            _ = Readiness.wait(for: [ending], milliseconds: PostgresAlarm.pauseMilliseconds)
            return nil
        }
    }

    func stop() {
        try? end.fileHandleForWriting.write(contentsOf: Data([0]))
        connection.withLock { $0 = nil }
    }
}

extension PostgresAddress {
    /// The channel on which appends are notified: a database has one set of them, so the schema is part of the name.
    var channel: String { "headgate:\(schema)" }
}
