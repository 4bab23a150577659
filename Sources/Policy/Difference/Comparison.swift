internal import Vocabulary

/// Collects the lines of a difference.
struct Comparison {
    typealias Subject = PolicyDifference.Subject
    typealias Aspect = PolicyDifference.Aspect
    typealias Value = PolicyDifference.Value
    typealias Verdict = PolicyDifference.Verdict

    /// The policy that holds now.
    let old: Snapshot
    /// The policy that would hold instead.
    let new: Snapshot
    /// What is protected in either.
    let protection: ProtectedNames
    /// What differs so far.
    private(set) var lines: [PolicyDifference.Line] = []

    /// Prepares to compare two snapshots.
    init(_ old: Snapshot, _ new: Snapshot) {
        self.old = old
        self.new = new
        protection = ProtectedNames(old).union(ProtectedNames(new))
    }

    /// Which of two different values is better for the subject.
    enum Direction {
        /// A higher number, a wider permission.
        case more
        /// A lower number.
        case less
        /// Neither.
        case neither
    }

    /// Adds a line if the values differ.
    mutating func add(
        _ subject: Subject, _ aspect: Aspect, _ first: Value, _ second: Value, _ verdict: Verdict, note: String? = nil
    ) {
        guard first != second else { return }
        lines.append(
            PolicyDifference.Line(
                subject: subject, aspect: aspect, old: first, new: second, verdict: verdict,
                isProtected: protection.covers(subject, aspect), note: note))
    }

    /// Adds a line if two ranks differ; a higher rank is better or worse as `direction` says.
    mutating func add<Rank: Comparable>(
        _ subject: Subject, _ aspect: Aspect, _ first: Value, _ second: Value, rank: (Rank, Rank),
        better direction: Direction, note: String? = nil
    ) {
        add(subject, aspect, first, second, Comparison.verdict(rank.0, rank.1, better: direction), note: note)
    }

    /// The verdict over two ranks.
    static func verdict<Rank: Comparable>(_ first: Rank, _ second: Rank, better direction: Direction) -> Verdict {
        guard first != second else { return .changes }
        switch direction {
        case .more: return second > first ? .gains : .loses
        case .less: return second < first ? .gains : .loses
        case .neither: return .changes
        }
    }

    /// The verdict over several: what they agree on.
    static func verdict(_ verdicts: [Verdict]) -> Verdict {
        let decided = Set(verdicts)
        return decided.count == 1 ? decided.first ?? .changes : .changes
    }
}

extension Comparison {
    /// Adds a line for an amount of which more is better, unless the verdict is given; nothing is the least.
    mutating func addAmount(
        _ subject: Subject, _ aspect: Aspect, _ first: Rate?, _ second: Rate?, verdict: Verdict? = nil
    ) {
        let values = (first.map(Value.rate) ?? .none, second.map(Value.rate) ?? .none)
        let paces = (first.map(Pace.init) ?? .zero, second.map(Pace.init) ?? .zero)
        add(
            subject, aspect, values.0, values.1, verdict ?? Comparison.verdict(paces.0, paces.1, better: .more),
            note: Comparison.note(values))
    }

    /// Adds a line for a limit; no limit is the most, unless the verdict is given.
    mutating func addLimit(
        _ subject: Subject, _ aspect: Aspect, _ first: Rate?, _ second: Rate?, verdict: Verdict? = nil
    ) {
        let values = (first.map(Value.rate) ?? .unlimited, second.map(Value.rate) ?? .unlimited)
        let natural: Verdict =
            if let first, let second {
                Comparison.verdict(Pace(first), Pace(second), better: .more)
            } else {
                first == nil ? .loses : .gains
            }
        add(subject, aspect, values.0, values.1, verdict ?? natural, note: Comparison.note(values))
    }

    /// Adds a line for a derived pace of which more is better.
    mutating func addPace(_ subject: Subject, _ aspect: Aspect, _ first: Pace, _ second: Pace, note: String? = nil) {
        add(subject, aspect, .pace(first), .pace(second), rank: (first, second), better: .more, note: note)
    }

    /// Adds a line for a whole number; `nil` means that there is none, and `missing` what that is worth.
    mutating func addCount(
        _ subject: Subject, _ aspect: Aspect, _ first: Int64?, _ second: Int64?, missing: Int64 = 0,
        better direction: Direction = .more
    ) {
        let absent = missing == .max ? Value.unlimited : .none
        add(
            subject, aspect, first.map(Value.count) ?? absent, second.map(Value.count) ?? absent,
            rank: (first ?? missing, second ?? missing), better: direction)
    }

    /// Adds a line for something that only one policy has.
    mutating func addPresence(_ subject: Subject, _ first: String?, _ second: String?, _ verdict: Verdict) {
        add(subject, .presence, first.map(Value.text) ?? .none, second.map(Value.text) ?? .none, verdict)
    }

    private static func note(_ values: (Value, Value)) -> String? {
        guard let first = values.0.pace, let second = values.1.pace, first == second else { return nil }
        return "the same pace, stated in another period"
    }
}
