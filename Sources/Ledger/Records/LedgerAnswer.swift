package import Vocabulary

/// What became of a command.
package enum LedgerAnswer: Hashable, Sendable {
    /// Its events are in the ledger, and on the disk.
    case appended(LedgerReceipt)
    /// A command with this id and content was appended before; this is what it was told.
    case repeated(LedgerReceipt)
    /// Nothing was appended.
    case refused(LedgerRefusal)

    /// Where the events are, unless the command was refused.
    package var receipt: LedgerReceipt? {
        switch self {
        case .appended(let receipt), .repeated(let receipt): receipt
        case .refused: nil
        }
    }
}

/// Where the events of a command are.
package struct LedgerReceipt: Hashable, Sendable {
    /// The sequence numbers of its events.
    package let sequences: Range<Int64>
    /// When they were appended.
    package let time: WallTime

    /// States where events are.
    package init(sequences: Range<Int64>, time: WallTime) {
        self.sequences = sequences
        self.time = time
    }

    /// Reads what storage says; no places where it says some that cannot be.
    package init(first: Int64, count: Int64, time: WallTime) {
        let (end, overflow) = first.addingReportingOverflow(count)
        let isRange = first >= 0 && count >= 0 && !overflow
        self.init(sequences: isRange ? first..<end : 0..<0, time: time)
    }
}

/// Why a command was not appended; the ledger is as if it had not been asked.
package enum LedgerRefusal: Hashable, Sendable {
    /// A stream is at another version than the command expects: somebody else was faster.
    case versionConflict(stream: String, expected: Int64, actual: Int64)
    /// The command's id was used for other events before.
    case idReused(String)
    /// The command cannot be appended to any ledger, or erases what is not there.
    case malformed(String)
}

extension LedgerRefusal: CustomStringConvertible {
    /// In words.
    package var description: String {
        switch self {
        case .versionConflict(let stream, let expected, let actual):
            "\(stream) is at version \(actual), not \(expected); read it again"
        case .idReused(let id): "the id \(id) was used for another command; a new command needs an id of its own"
        case .malformed(let why): why
        }
    }
}
