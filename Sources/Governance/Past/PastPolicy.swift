internal import Ledger
package import Policy
internal import Vocabulary

/// A policy as it stood in the ledger, and which records have put it there.
package struct PastPolicy: Sendable {
    /// What was proposed, and by whom.
    package let proposal: PolicyProposal
    /// The record that proposed it.
    package let proposed: RecordMark
    /// The record that approved it; none of the first policy of a ledger.
    package let approved: RecordMark?
    /// The record that asked for the moment at which it comes into force, if one did.
    package let scheduled: RecordMark?
    /// The last record that published it; none where a moment was asked for.
    package let published: RecordMark?

    /// The policy, compiled.
    package var snapshot: Snapshot? { try? PolicyText.compile(proposal.facts.documents).get() }

    /// Gathers the policies from their records.
    struct Draft {
        /// What the records make.
        private(set) var registry = Registry()
        private var marks: [String: Marks] = [:]

        private struct Marks {
            var proposed: RecordMark?
            var approved: RecordMark?
            var scheduled: RecordMark?
            var published: RecordMark?
        }

        /// Takes the next record.
        mutating func apply(_ entry: LedgerEntry, _ event: GovernanceEvent?) throws(UnreadableEvent) {
            try registry.apply(entry)
            let mark = RecordMark(entry)
            switch event {
            case .policyProposed(let facts): marks[facts.id, default: Marks()].proposed = mark
            case .policyApproved(let verdict): marks[verdict.id, default: Marks()].approved = mark
            case .policyScheduled(let ending): marks[ending.id, default: Marks()].scheduled = mark
            case .policyPublished(let facts): marks[facts.id, default: Marks()].published = mark
            default: break
            }
        }

        /// A policy with its records.
        func policy(_ proposal: PolicyProposal) -> PastPolicy? {
            guard let marks = marks[proposal.facts.id], let proposed = marks.proposed else { return nil }
            return PastPolicy(
                proposal: proposal, proposed: proposed, approved: marks.approved, scheduled: marks.scheduled,
                published: marks.published)
        }
    }
}
