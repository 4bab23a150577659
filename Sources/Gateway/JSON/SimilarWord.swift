/// The candidate that a mistyped word probably means: the nearest one, at most two edits away and
/// nearer than its length.
///
/// - Complexity: O(candidates × letters²); for messages only.
func similarWord(to word: String, among candidates: [String]) -> String? {
    let nearest = candidates.map { (distance: editDistance(word, $0), word: $0) }.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= 2, nearest.distance < nearest.word.utf8.count / 2 else { return nil }
    return nearest.word
}

/// The least number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (Damerau 1964, in the restricted form that edits no place twice).
private func editDistance(_ first: String, _ second: String) -> Int {
    let (left, right) = (Array(first.lowercased().utf8), Array(second.lowercased().utf8))
    var rows = [Array(0...right.count)]
    for row in 1..<max(1, left.count + 1) {
        var distances = [row]
        for column in 1..<max(1, right.count + 1) {
            let cost = left[row - 1] == right[column - 1] ? 0 : 1
            var best = min(rows[row - 1][column] + 1, distances[column - 1] + 1, rows[row - 1][column - 1] + cost)
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                best = min(best, rows[row - 2][column - 2] + 1)
            }
            distances.append(best)
        }
        rows.append(distances)
    }
    return rows[left.count][right.count]
}
