internal import Vocabulary

/// How far back a report looks.
enum ExperienceWindow: Int, CaseIterable, Sendable {
    /// The last minute.
    case minute
    /// The last ten minutes.
    case tenMinutes
    /// The last hour.
    case hour

    /// The name in reports.
    var name: String {
        switch self {
        case .minute: "1m"
        case .tenMinutes: "10m"
        case .hour: "1h"
        }
    }

    /// How long one slice is: a window moves on by slices, so it covers its length less a part of one.
    var slice: Nanoseconds {
        switch self {
        case .minute: .seconds(10)
        case .tenMinutes: .seconds(60)
        case .hour: .seconds(300)
        }
    }

    /// How many slices there are, the present one among them.
    var sliceCount: Int64 {
        switch self {
        case .minute: 6
        case .tenMinutes: 10
        case .hour: 12
        }
    }
}

/// The latencies of the last while, in slices of time; the oldest one goes when a new one begins.
struct SlidingCounts: Sendable {
    private let window: ExperienceWindow
    /// The slices in which something was counted, ascending by number.
    private var slices: [(number: Int64, counts: LatencyCounts)] = []

    /// Nothing counted.
    init(_ window: ExperienceWindow) { self.window = window }

    /// Adds what was counted until now.
    ///
    /// - Complexity: O(buckets in use).
    mutating func add(_ counts: LatencyCounts, at now: Nanoseconds) {
        let number = now.count / window.slice.count
        drop(before: number)
        if let last = slices.indices.last, slices[last].number == number {
            slices[last].counts.add(counts)
        } else {
            slices.append((number, counts))
        }
    }

    /// What the window holds.
    ///
    /// - Complexity: O(slices · buckets in use).
    func counts(at now: Nanoseconds) -> LatencyCounts {
        let oldest = now.count / window.slice.count - window.sliceCount + 1
        return slices.reduce(into: LatencyCounts()) { sum, slice in
            if slice.number >= oldest { sum.add(slice.counts) }
        }
    }

    private mutating func drop(before number: Int64) {
        let oldest = number - window.sliceCount + 1
        slices.removeAll { $0.number < oldest }
    }
}
