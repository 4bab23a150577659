/// Finds the name that somebody probably meant.
package enum Spelling {
    /// Names longer than this are not compared.
    private static let lengthMax = 64
    /// How many names are compared at most: the time spent on one mistake is bounded.
    private static let candidatesMax = 2_000

    /// The candidate nearest to a name, if one is near enough to be meant: a third of the name may differ.
    ///
    /// Of equally near ones the first.
    ///
    /// - Complexity: O(candidates · length²), both bounded.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(lengthMax + 1))
        guard wanted.count <= lengthMax else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(candidatesMax) where candidate != name {
            let other = Array(candidate.lowercased().unicodeScalars.prefix(lengthMax + 1))
            let distanceMax = min(best.map { $0.distance - 1 } ?? .max, max(1, max(wanted.count, other.count) / 3))
            guard other.count <= lengthMax, abs(wanted.count - other.count) <= distanceMax else { continue }
            let distance = distance(wanted, other)
            if distance <= distanceMax { best = (candidate, distance) }
        }
        return best?.name
    }

    /// How many insertions, deletions, replacements and swaps of neighbours turn one word into the other: the optimal
    /// string alignment distance (Damerau 1964, Levenshtein 1966).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var cheapest = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cheapest = min(cheapest, beforeLast[column - 1] + 1)
                }
                current.append(cheapest)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

extension Collection<String> {
    /// The names in backticks, with commas, the last few left out if there are many: "`a`, `b` and 3 more".
    package func listed(max count: Int = 8) -> String {
        let shown = prefix(count).map(\.quoted)
        let rest = self.count - shown.count
        if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}
