/// Something about a ledger that cannot be so unless it was damaged or changed.
package struct LedgerFinding: Hashable, Sendable {
    /// What kind of thing it is; stable, for code.
    package let kind: Kind
    /// What is wrong and where; for people.
    package let message: String

    /// The kinds of findings.
    package enum Kind: String, CaseIterable, Sendable {
        /// A checkpoint is no checkpoint, or not signed by the key.
        case signature
        /// There is a gap, or less than the newest checkpoint says.
        case missingRecord = "missing_record"
        /// A record is not what the tree commits to.
        case changedRecord = "changed_record"
        /// The tree is not what its records make it.
        case changedTree = "changed_tree"
        /// The records do not lead to a root that was signed: history was rewritten.
        case rewritten
        /// Somebody has a checkpoint of more records than there are: the tail was removed.
        case tailRemoved = "tail_removed"
        /// There are records after the newest checkpoint.
        case unsignedRecord = "unsigned_record"
        /// What readers filter by, times, or versions are not in order.
        case disorder
        /// What a command was told is not what its records say.
        case changedCommand = "changed_command"
        /// What was saved for the next start is not what the records make it.
        case changedProjection = "changed_projection"
    }
}

/// What an audit of a ledger came to.
package struct LedgerAuditReport: Hashable, Sendable {
    /// The newest checkpoint.
    package internal(set) var checkpoint: Checkpoint
    /// The key that the audit went by.
    package internal(set) var verifier: NoteVerifier
    /// How many records were erased.
    package internal(set) var erasedCount: Int64 = 0
    /// How many other checkpoints were held against the records.
    package internal(set) var otherCheckpointCount = 0
    /// What was found, in the order in which it was; not more than `findingCountMax`.
    package internal(set) var findings: [LedgerFinding] = []

    /// The most findings that are listed; a damaged file can have one for each record.
    package static let findingCountMax = 100

    /// Whether the ledger is what it says to be.
    package var isSound: Bool { findings.isEmpty }

    /// Adds a finding.
    package mutating func add(_ kind: LedgerFinding.Kind, _ message: String) {
        let finding = LedgerFinding(kind: kind, message: message)
        guard findings.count < LedgerAuditReport.findingCountMax, !findings.contains(finding) else { return }
        findings.append(finding)
    }
}
