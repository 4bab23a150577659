/// A set of minutes of the week, as few windows as possible.
struct WeekWindows {
    /// Minutes in a week.
    static let minutesPerWeek = 10_080

    /// Disjoint ranges of minutes from Monday 00:00, sorted, none touching the next.
    private var sorted: [Range<Int>] = []

    /// No minute.
    init() {}

    /// The windows that begin on some days at one time of day; one that does not end later on its day ends on the
    /// next.
    init(days: [Int], from: Int, to: Int) {
        for day in days {
            let start = day * 1_440 + from
            let end = start + (to > from ? to - from : to + 1_440 - from)
            insert(start..<min(end, WeekWindows.minutesPerWeek))
            if end > WeekWindows.minutesPerWeek { insert(0..<end - WeekWindows.minutesPerWeek) }
        }
    }

    /// Adds all minutes of another set.
    mutating func formUnion(_ other: WeekWindows) {
        for range in other.sorted { insert(range) }
    }

    /// Whether a minute lies in both sets.
    func overlaps(_ other: WeekWindows) -> Bool {
        sorted.contains { range in other.sorted.contains { $0.overlaps(range) } }
    }

    /// The windows; the last one ends before it begins if it goes on over Sunday's midnight.
    var ranges: [(start: Int, end: Int)] {
        guard let first = sorted.first, let last = sorted.last, sorted.count > 1, first.lowerBound == 0,
            last.upperBound == WeekWindows.minutesPerWeek
        else { return sorted.map { ($0.lowerBound, $0.upperBound) } }
        return sorted.dropFirst().dropLast().map { ($0.lowerBound, $0.upperBound) }
            + [(last.lowerBound, first.upperBound)]
    }

    private mutating func insert(_ range: Range<Int>) {
        var merged = range
        var kept: [Range<Int>] = []
        for other in sorted {
            if other.upperBound < merged.lowerBound || other.lowerBound > merged.upperBound {
                kept.append(other)
            } else {
                merged = min(other.lowerBound, merged.lowerBound)..<max(other.upperBound, merged.upperBound)
            }
        }
        sorted = (kept + [merged]).sorted { $0.lowerBound < $1.lowerBound }
    }
}
