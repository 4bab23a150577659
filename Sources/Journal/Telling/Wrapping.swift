extension String {
    /// Broken at spaces into lines of at most a number of characters; a longer word keeps a line of its own.
    ///
    /// - Complexity: O(n).
    func wrapped(width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: true) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        return lines + [line]
    }

    /// As an item of a list, wrapped and indented.
    func listed(width: Int) -> [String] {
        wrapped(width: width - 4).enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
    }

    /// Filled with spaces up to a number of characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
