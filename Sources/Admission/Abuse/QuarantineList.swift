package import Policy
package import Vocabulary

/// Who is in quarantine: a bounded list, changed by rules and by people.
package struct QuarantineList: Sendable {
    /// The entries, by their names.
    package private(set) var entries: [DecisionID: Quarantine] = [:]
    private var bySubject: [Quarantine.Subject: DecisionID] = [:]

    /// The most entries: what people can still read through, and small enough to rebuild the table at once.
    package static let countMax = 4_096
    /// The most lengths of prefixes: a request is looked up once for each.
    package static let prefixLengthsMax = 16

    /// What became of an attempt to add an entry.
    package enum Addition: Hashable, Sendable {
        /// It stands in the list, in the place of another one about the same subject if there was one.
        case added(replaced: DecisionID?)
        /// A stronger or longer one about the same subject stands there already.
        case covered(DecisionID)
        /// The list is full.
        case full
        /// There are prefixes of too many different lengths.
        case tooManyLengths
    }

    /// An empty list.
    package init() {}

    /// Adds an entry.
    ///
    /// One subject has one entry. What a person says replaces what was there; what a rule finds replaces it only if it
    /// is the stronger action of a rule, or holds longer.
    ///
    /// - Complexity: O(1); O(n) for prefixes of a new length.
    package mutating func add(_ entry: Quarantine) -> Addition {
        let former = self.entry(about: entry.subject)
        if let former, former.holds(at: entry.since), entry.rule != nil, !entry.isStronger(than: former) {
            return .covered(former.id)
        }
        guard former != nil || entries.count < QuarantineList.countMax else { return .full }
        if case .addresses(let prefix) = entry.subject, former == nil {
            var lengths = prefixLengths
            lengths.insert(prefix.length)
            guard lengths.count <= QuarantineList.prefixLengthsMax else { return .tooManyLengths }
        }
        if let former { entries[former.id] = nil }
        entries[entry.id] = entry
        bySubject[entry.subject] = entry.id
        return .added(replaced: former?.id)
    }

    /// The entry about a subject.
    package func entry(about subject: Quarantine.Subject) -> Quarantine? {
        bySubject[subject].flatMap { entries[$0] }
    }

    /// Takes an entry out.
    package mutating func lift(_ id: DecisionID) -> Quarantine? {
        guard let entry = entries.removeValue(forKey: id) else { return nil }
        bySubject[entry.subject] = nil
        return entry
    }

    /// Takes out what is over.
    ///
    /// - Complexity: O(n).
    package mutating func expire(at wall: WallTime) -> [Quarantine] {
        let over = entries.values.filter { !$0.holds(at: wall) }.sorted { $0.id < $1.id }
        for entry in over { _ = lift(entry.id) }
        return over
    }

    /// The entries, oldest first.
    package var sorted: [Quarantine] { entries.values.sorted { $0.id < $1.id } }

    /// The lengths of prefixes, single addresses among them.
    package var prefixLengths: Set<Int> {
        Set(
            entries.values.compactMap { entry in
                if case .addresses(let prefix) = entry.subject { prefix.length } else { nil }
            })
    }

    /// How many entries are about subjects of a kind.
    package func count(of kind: AbuseRule.SubjectKind) -> Int { entries.values.count { $0.subject.kind == kind } }
}

extension Quarantine {
    /// Whether a rule's entry may take another's place: that one is a rule's too, and it is milder or over sooner.
    fileprivate func isStronger(than other: Quarantine) -> Bool {
        guard other.rule != nil else { return false }
        if other.stage != stage { return stage > other.stage }
        return (action.rawValue, until) > (other.action.rawValue, other.until)
    }
}
