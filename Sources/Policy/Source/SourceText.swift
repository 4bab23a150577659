/// The scalars of a file with a table of its lines.
///
/// Lines end where libyaml ends them: after LF, CR LF, CR, NEL, LS and PS.
package struct SourceText {
    /// All scalars.
    package let scalars: [Unicode.Scalar]
    /// The offset of the first scalar of each line; never empty.
    package let lineStarts: [Int]

    /// Splits a text.
    ///
    /// - Complexity: O(n).
    package init(_ text: String) {
        self.init(scalars: Array(text.unicodeScalars))
    }

    /// Splits scalars.
    package init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        var starts = [0]
        for (offset, scalar) in scalars.enumerated() where SourceText.isLineBreak(scalar) {
            let isHalfOfPair = scalar == "\r" && offset + 1 < scalars.count && scalars[offset + 1] == "\n"
            if !isHalfOfPair { starts.append(offset + 1) }
        }
        lineStarts = starts
    }

    /// Whether a scalar ends a line.
    package static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// The offset of a line and column, both from 1; clamped to the text.
    package func offset(line: Int, column: Int) -> Int {
        guard line >= 1 else { return 0 }
        guard line <= lineStarts.count else { return scalars.count }
        return min(lineStarts[line - 1] + max(0, column - 1), scalars.count)
    }

    /// The line and column of an offset, both from 1.
    ///
    /// - Complexity: O(log lines).
    package func position(of offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + 1, offset - lineStarts[low] + 1)
    }

    /// The offset of the line break that ends the line of an offset, or the end of the text.
    ///
    /// - Complexity: O(log lines).
    package func endOfLine(from offset: Int) -> Int {
        let line = position(of: offset).line
        guard line < lineStarts.count else { return scalars.count }
        let end = lineStarts[line] - 1
        let isPair = end > 0 && scalars[end] == "\n" && scalars[end - 1] == "\r"
        return max(offset, isPair ? end - 1 : end)
    }

    /// The scalars of a line, counted from 1, without its break; empty beyond the text.
    package func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
        guard number >= 1, number <= lineStarts.count else { return [] }
        let start = lineStarts[number - 1]
        return scalars[start..<endOfLine(from: start)]
    }

    /// The scalar at an offset, if the text reaches so far.
    package func scalar(at offset: Int) -> Unicode.Scalar? {
        offset >= 0 && offset < scalars.count ? scalars[offset] : nil
    }
}
