/// Why a data folder, a journal or a decision in it cannot be had.
package struct JournalError: Error, Hashable, Sendable {
    /// What kind of failure it is; stable, for code.
    package let code: Code
    /// What is wrong, where, and what to do instead; for people.
    package let message: String
    /// What the system underneath said.
    package let cause: String?

    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        /// The data folder is not there, or is no folder.
        case noSuchFolder = "no_such_folder"
        /// The folder holds no file of that kind.
        case noJournal = "no_journal"
        /// The file is something else, or was damaged beyond recognition.
        case notAJournal = "not_a_journal"
        /// A newer Headgate wrote the file.
        case tooNew = "too_new"
        /// Another process writes to the folder.
        case inUse = "in_use"
        /// The folder or file cannot be opened, created or read now.
        case unavailable
        /// A row cannot be read back.
        case damaged
        /// The text is no decision id.
        case malformedID = "malformed_id"
        /// More than one decision begins like this.
        case ambiguousID = "ambiguous_id"
        /// No decision has this id.
        case unknownID = "unknown_id"
    }

    /// States a failure.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension JournalError: CustomStringConvertible {
    /// The message, and the cause in parentheses.
    package var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
