internal import Vocabulary

/// Counts that are added to often, each in a place that is found without hashing a name.
///
/// Most decisions end in one of a few ways: their count for the present minute lies in the place that class and reason
/// lead to. Two that want the same place push each other out, into the table behind, which is right but slower.
struct RecentTallies {
    private var entries = [Entry](repeating: Entry(), count: RecentTallies.placeCount)

    /// A power of two, so that a place is a mask; with a few classes and reasons each has its own.
    private static let placeCount = 64

    private struct Entry {
        var key: TallyKey?
        var count = TallyCount()
    }

    /// The place for a decision.
    static func place(of heading: DecisionHeading) -> Int {
        (heading.classHint &* 31 &+ Int(heading.reason.rawValue)) & (placeCount - 1)  // any place will do
    }

    /// Counts a decision if its count is in its place.
    ///
    /// - Returns: whether it was.
    mutating func add(_ heading: DecisionHeading, isDropped: Bool, isNew: Bool) -> Bool {
        let place = RecentTallies.place(of: heading)
        guard let key = entries[place].key, key.isOf(heading) else { return false }
        entries[place].count.add(isDropped: isDropped, isNew: isNew)
        return true
    }

    /// Gives a place to a decision's count, which begins at nothing.
    ///
    /// - Returns: what stood there.
    mutating func begin(_ key: TallyKey, at place: Int) -> (key: TallyKey, count: TallyCount)? {
        let former = entries[place]
        entries[place] = Entry(key: key)
        return former.key.map { ($0, former.count) }
    }

    /// Takes all counts out.
    mutating func takeAll() -> [(key: TallyKey, count: TallyCount)] {
        let counts = entries.compactMap { entry in entry.key.map { ($0, entry.count) } }
        self = RecentTallies()
        return counts
    }
}
