/// Finds how far the source of a node reaches, of which Yams tells the first character only.
struct SourceExtent {
    private let text: SourceText

    /// Looks into a text.
    init(_ text: SourceText) { self.text = text }

    /// Where the content of a node begins, after its anchor, its tag and what may stand between.
    ///
    /// `offset` is where libyaml says that the node begins.
    func content(from offset: Int) -> Int {
        var offset = offset
        while let scalar = text.scalar(at: offset), scalar == "&" || scalar == "!" {
            while let next = text.scalar(at: offset), !isBlank(next), !SourceText.isLineBreak(next) { offset += 1 }
            offset = afterBlanks(offset)
        }
        return offset
    }

    /// The tag that stands before the content of a node, before its anchor or behind it.
    func tag(from offset: Int) -> Range<Int>? {
        var offset = offset
        while let scalar = text.scalar(at: offset), scalar == "&" || scalar == "!" {
            let start = offset
            while let next = text.scalar(at: offset), !isBlank(next), !SourceText.isLineBreak(next) { offset += 1 }
            if scalar == "!" { return start..<offset }
            offset = afterBlanks(offset)
        }
        return nil
    }

    /// The first offset that is neither white space nor inside a comment.
    func afterBlanks(_ start: Int) -> Int {
        var offset = start
        while let scalar = text.scalar(at: offset) {
            if isBlank(scalar) || SourceText.isLineBreak(scalar) {
                offset += 1
            } else if scalar == "#", offset > 0, let before = text.scalar(at: offset - 1),
                isBlank(before) || SourceText.isLineBreak(before)
            {
                offset = text.endOfLine(from: offset)
            } else {
                return offset
            }
        }
        return offset
    }

    /// The first offset after a scalar whose content begins at `start`, on its first line.
    ///
    /// - Returns: the end, and where the characters of `value` stand if the line has exactly these.
    func scalar(_ value: String, from start: Int) -> (end: Int, verbatim: Range<Int>?) {
        guard let first = text.scalar(at: start) else { return (start, nil) }
        if first == "\"" || first == "'" {
            let end = endOfQuoted(from: start)
            let inner = start + 1..<max(start + 1, end - 1)
            return (end, matches(value, at: inner.lowerBound) == inner.upperBound ? inner : nil)
        }
        if let end = matches(value, at: start) { return (end, start..<end) }
        return (trimmedEndOfLine(from: start), nil)
    }

    /// The first offset after a list or mapping in brackets, if it ends on the line on which it begins.
    ///
    /// `lastChildEnd` is the first offset after the last thing inside.
    func endOfFlow(from start: Int, lastChildEnd: Int) -> Int {
        let end = text.endOfLine(from: start)
        var offset = max(start + 1, lastChildEnd)
        while offset < end, let scalar = text.scalar(at: offset), isBlank(scalar) || scalar == "," || scalar == ":" {
            offset += 1
        }
        if offset < end, let scalar = text.scalar(at: offset), scalar == "]" || scalar == "}" { return offset + 1 }
        return trimmedEndOfLine(from: start)
    }

    /// The end of the line without trailing white space.
    func trimmedEndOfLine(from start: Int) -> Int {
        var end = text.endOfLine(from: start)
        while end > start, let last = text.scalar(at: end - 1), isBlank(last) { end -= 1 }
        return end
    }

    /// The character of a key that can be exchanged for another without harm to the syntax: its first, unless that is
    /// part of an escape or the key is empty.
    func renamableScalar(ofKeyAt offset: Int) -> Int? {
        var start = content(from: offset)
        guard let first = text.scalar(at: start), !SourceText.isLineBreak(first) else { return nil }
        if first == "\"" || first == "'" {
            start += 1
            guard let inner = text.scalar(at: start), inner != first, inner != "\\", !SourceText.isLineBreak(inner)
            else { return nil }
            return start
        }
        return "[{|>?:-,]}#".unicodeScalars.contains(first) ? nil : start
    }

    private func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    /// The end of `value` if the text has exactly its scalars at `start`.
    private func matches(_ value: String, at start: Int) -> Int? {
        var offset = start
        for scalar in value.unicodeScalars {
            guard text.scalar(at: offset) == scalar, !SourceText.isLineBreak(scalar) else { return nil }
            offset += 1
        }
        return offset
    }

    /// The first offset after the closing quote, or the end of the line if the text goes on.
    private func endOfQuoted(from start: Int) -> Int {
        let quote = text.scalar(at: start)
        let end = text.endOfLine(from: start)
        var offset = start + 1
        while offset < end {
            let scalar = text.scalar(at: offset)
            if scalar == quote {
                guard quote == "'", text.scalar(at: offset + 1) == "'" else { return offset + 1 }
                offset += 1
            } else if scalar == "\\", quote == "\"" {
                offset += 1
            }
            offset += 1
        }
        return trimmedEndOfLine(from: start)
    }
}
