/// Lays text out in lines that fit a terminal, a review and a printed page.
enum TextLayout {
    /// The longest line.
    static let widthMax = 120

    /// Breaks text at spaces into lines that fit; a word that is longer than a line is broken anywhere.
    ///
    /// - Parameters:
    ///   - text: one paragraph.
    ///   - first: what the first line begins with.
    ///   - rest: what all other lines begin with.
    /// - Returns: the lines; one at least.
    /// - Complexity: O(n).
    static func wrap(_ text: String, first: String = "", rest: String = "") -> [String] {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !isEmpty, line.count + 1 + word.count > widthMax {
                lines.append(line)
                line = rest
                isEmpty = true
            }
            var remaining = word
            if !isEmpty { line += " " }
            while line.count + remaining.count > widthMax {
                let room = widthMax - line.count
                lines.append(line + remaining.prefix(room))
                remaining = remaining.dropFirst(room)
                line = rest
            }
            line += remaining
            isEmpty = false
        }
        return lines + [line]
    }

    /// The text with spaces behind it until it is as wide as its column.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The text with spaces before it until it is as wide as its column.
    static func aligned(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// The line without the spaces at its end.
    static func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
