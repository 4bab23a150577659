internal import Policy
internal import Vocabulary

/// One rule at work: its detector and what it remembers of its subjects, for all event loops together.
///
/// Subjects are spread over parts with a lock each, so that two loops meet at one only if they serve one subject, or by
/// a chance of one in sixteen.
final class RuleWatch<Detecting: Detector>: Sendable {
    private let parts: Guarded<SubjectTable<Detecting>>
    private let quiet: Nanoseconds

    /// Watches by a detector; a finding about a subject is told once in `quiet`.
    init(_ detector: Detecting, quiet: Nanoseconds) {
        self.quiet = quiet
        parts = Guarded(count: AbuseWatch.partCount) { _ in
            SubjectTable(detector, count: AbuseWatch.subjectsMax / AbuseWatch.partCount)
        }
    }

    /// Looks at a request of a subject; 0 is nobody.
    func note(_ sample: Detecting.Sample, of subject: UInt128, at now: Nanoseconds) -> Evidence? {
        guard subject != 0 else { return nil }
        return parts.withLock(at: part(of: subject)) { $0.note(sample, of: subject, at: now, quiet: quiet) }
    }

    /// Forgets a subject.
    func forget(_ subject: UInt128) { parts.withLock(at: part(of: subject)) { $0.forget(subject) } }

    /// How many subjects are remembered.
    var count: Int { (0..<AbuseWatch.partCount).reduce(0) { sum, part in sum + parts.withLock(at: part) { $0.count } } }

    /// Bits that choose the part, apart from those that choose the place in it.
    private func part(of subject: UInt128) -> Int { Int(UInt64(subject >> 64) % UInt64(AbuseWatch.partCount)) }
}
