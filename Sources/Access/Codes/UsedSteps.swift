/// The steps whose one-time codes were accepted: each is good once, whatever the clock has done in between.
///
/// The highest alone would not do. A clock that was ahead for a while leaves a step of the future behind, and until
/// that moment nobody could sign in. A clock that was set back would make codes good again that were used. So all are
/// remembered, in whatever order they came, and no clock is asked what can be forgotten. Beyond 1,000 the earliest
/// goes, and all before it count as used from then on: more is refused than was used, and never less.
package struct UsedSteps: Hashable, Sendable {
    /// The last step of which everything up to it counts as used; `nil`: none does.
    package private(set) var floor: Int64?
    /// The steps after it that were used, ascending.
    package private(set) var steps: [Int64]

    /// The most that are remembered one by one: eight hours of a code in every step.
    package static let countMax = 1_000

    /// Restores what is stored; without anything, nothing was used.
    package init(floor: Int64? = nil, steps: [Int64] = []) {
        self.floor = floor
        self.steps = steps.sorted()
    }

    /// Whether a step counts as used.
    ///
    /// - Complexity: O(log n).
    package func contains(_ step: Int64) -> Bool {
        if let floor, step <= floor { return true }
        let place = place(of: step)
        return place < steps.count && steps[place] == step
    }

    /// Takes note that a step was used.
    ///
    /// - Complexity: O(n).
    package mutating func insert(_ step: Int64) {
        guard !contains(step) else { return }
        steps.insert(step, at: place(of: step))
        if steps.count > UsedSteps.countMax { floor = steps.removeFirst() }
    }

    /// The first place whose step is not smaller.
    private func place(of step: Int64) -> Int {
        var range = 0..<steps.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = steps[middle] < step ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
