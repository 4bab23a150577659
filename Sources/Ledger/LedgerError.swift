/// Why a ledger, or something in it, cannot be had.
package struct LedgerError: Error, Hashable, Sendable {
    /// What kind of failure it is; stable, for code.
    package let code: Code
    /// What is wrong, where, and what to do instead; for people.
    package let message: String
    /// What the system underneath said.
    package let cause: String?

    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        /// There is no ledger at this place.
        case noLedger = "no_ledger"
        /// The file is something else.
        case notALedger = "not_a_ledger"
        /// A newer Headgate wrote the file.
        case tooNew = "too_new"
        /// Another process has appended to the ledger meanwhile.
        case otherWriter = "other_writer"
        /// The disk has no room.
        case noRoom = "no_room"
        /// The folder or the file may only be read.
        case readOnly = "read_only"
        /// The file was removed or replaced while it was open.
        case replaced
        /// The storage cannot be used now.
        case unavailable
        /// What is stored cannot be so: it was damaged or changed.
        case damaged
        /// The ledger was closed.
        case closed
        /// A text that others wrote does not have the form it should have.
        case malformed
        /// The ledger holds no such record.
        case unknown
        /// What is asked for was erased.
        case erased
        /// A proof or a signature does not hold.
        case invalid
    }

    /// States a failure.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension LedgerError: CustomStringConvertible {
    /// The message, and the cause in parentheses.
    package var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
