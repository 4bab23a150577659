package import Vocabulary

/// What storage holds at one place of the ledger: what readers filter by, and the sealed record unless it was erased.
package struct LedgerEntry: Hashable, Sendable {
    /// The place.
    package let sequence: Int64
    /// When it was appended.
    package let time: WallTime
    /// Who did it; empty once the record is erased.
    package let actor: String
    /// What happened.
    package let type: String
    /// What it happened to.
    package let stream: String
    /// Which event of its stream it is.
    package let version: Int64
    /// The record, or what is left of it.
    package let content: Content

    /// A record, or what is left of it.
    package enum Content: Hashable, Sendable {
        /// Record and salt.
        case sealed(RecordSeal)
        /// Only the commitment is left.
        case erased(commitment: [UInt8])
    }

    /// Describes what is stored.
    package init(
        sequence: Int64, time: WallTime, actor: String, type: String, stream: String, version: Int64, content: Content
    ) {
        self.sequence = sequence
        self.time = time
        self.actor = actor
        self.type = type
        self.stream = stream
        self.version = version
        self.content = content
    }

    /// Joins a record and what seals it.
    package init(_ record: LedgerRecord, seal: RecordSeal) {
        self.init(
            sequence: record.sequence, time: record.time, actor: record.actor, type: record.type, stream: record.stream,
            version: record.version, content: .sealed(seal))
    }

    /// What the tree commits to.
    package var commitment: [UInt8] {
        switch content {
        case .sealed(let seal): seal.commitment
        case .erased(let commitment): commitment
        }
    }

    /// The record; `nil` once it is erased.
    ///
    /// - Throws: `damaged` when the bytes are no record, or another one than what readers filter by.
    package func record() throws(LedgerError) -> LedgerRecord? {
        guard case .sealed(let seal) = content else { return nil }
        guard let record = LedgerRecord(bytes: seal.record), record.sequence == sequence, record.time == time,
            record.actor == actor, record.type == type, record.stream == stream, record.version == version
        else {
            throw LedgerError(
                .damaged, "record \(sequence) is not what its row says; run 'headgate ledger verify'")
        }
        return record
    }
}
