package import Vocabulary

/// Who gains and who loses when one policy takes the place of another, in numbers.
///
/// Every line compares one fact that both snapshots state or imply. A verdict is given from the side of those who do
/// the work: more budget, more protection, more that is open to them is a gain. The comparison is symmetric: turned
/// round, every gain is a loss of the same size.
package struct PolicyDifference: Sendable {
    /// The policy that holds now.
    package let from: Side
    /// The policy that would hold instead.
    package let to: Side
    /// What differs: plans first, then classes, operations, tiers, service, regions, seats, descriptors, the
    /// unknown, abuse.
    package let lines: [Line]

    /// One of the two policies.
    package struct Side: Hashable, Sendable {
        /// Its name.
        package let name: String
        /// The digest of what it means.
        package let version: PolicyVersion
    }

    /// One fact that differs.
    package struct Line: Hashable, Sendable {
        /// Whom or what it is about.
        package let subject: Subject
        /// Which fact.
        package let aspect: Aspect
        /// What holds now.
        package let old: Value
        /// What would hold instead.
        package let new: Value
        /// Whether the subject's work is better or worse off.
        package let verdict: Verdict
        /// Whether the subject is protected in either policy: a tier with a reserve, an operation in one, a class whose
        /// work repairs or recovers, and the budgets from which such work lives.
        package let isProtected: Bool
        /// What the numbers do not say.
        package let note: String?
    }

    /// Better, worse, or neither.
    package enum Verdict: UInt8, CaseIterable, Sendable {
        /// More is possible, or it is better protected.
        case gains
        /// Less is possible, or it is less protected.
        case loses
        /// It is different, and which way is for people to judge.
        case changes

        /// The word in texts and documents.
        package var name: String {
            switch self {
            case .gains: "gains"
            case .loses: "loses"
            case .changes: "changes"
            }
        }

        /// The verdict when the policies swap places.
        package var mirrored: Verdict {
            switch self {
            case .gains: .loses
            case .loses: .gains
            case .changes: .changes
            }
        }
    }

    /// Compares two policies.
    ///
    /// - Complexity: O(n) in what the snapshots hold, plus plans × (classes + operations).
    package init(from old: Snapshot, to new: Snapshot) {
        from = Side(name: old.name, version: old.version)
        to = Side(name: new.name, version: new.version)
        var comparison = Comparison(old, new)
        comparison.comparePolicies()
        comparison.comparePlans()
        comparison.compareClasses()
        comparison.compareOperations()
        comparison.compareTiers()
        comparison.compareCapacity()
        comparison.compareSeats()
        comparison.compareDescriptors()
        comparison.compareUnknown()
        comparison.compareRepeats()
        comparison.compareAbuse()
        comparison.compareHealth()
        comparison.compareGovernance()
        lines = comparison.lines
    }

    /// Whether nothing differs that a request or a person could meet.
    package var isEmpty: Bool { lines.isEmpty }
}
