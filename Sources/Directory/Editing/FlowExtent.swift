internal import Policy

/// Where a list or mapping in brackets ends, and what comes last inside it.
struct FlowExtent {
    /// The offset of the closing bracket.
    let closing: Int
    /// The first offset after what comes last inside, comments not counted; the offset after the opening bracket if
    /// there is nothing.
    let contentEnd: Int
    /// Whether that last thing is a comma.
    let endsWithComma: Bool

    /// Looks for the closing bracket; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - start: the offset of the opening bracket.
    /// - Complexity: O(n) in the extent.
    init?(_ text: SourceText, from start: Int) {
        var offset = start
        var depth = 0
        var contentEnd = start + 1
        var endsWithComma = false
        var isInPlainText = false
        while let scalar = text.scalar(at: offset) {
            var end = offset + 1
            var isComma = false
            switch scalar {
            case " ", "\t": break
            case _ where SourceText.isLineBreak(scalar): break
            case "#" where FlowExtent.isAfterBlank(text, offset):
                offset = text.endOfLine(from: offset)
                continue
            case "\"" where !isInPlainText, "'" where !isInPlainText:
                guard let quotedEnd = FlowExtent.endOfQuoted(text, from: offset) else { return nil }
                end = quotedEnd
            case "{", "[":
                depth += 1
                isInPlainText = false
            case "}", "]":
                depth -= 1
                isInPlainText = false
            case ",":
                isComma = depth == 1
                isInPlainText = false
            case ":": isInPlainText = isInPlainText && !FlowExtent.endsKey(text, offset)
            default: isInPlainText = true
            }
            if depth == 0 {
                self.closing = offset
                self.contentEnd = contentEnd
                self.endsWithComma = endsWithComma
                return
            }
            if scalar != " ", scalar != "\t", !SourceText.isLineBreak(scalar), offset > start {
                contentEnd = end
                endsWithComma = isComma
            }
            offset = end
        }
        return nil
    }

    /// The first offset after a text in quotes; `nil` if the quotes are never closed.
    static func endOfQuoted(_ text: SourceText, from start: Int) -> Int? {
        let quote = text.scalar(at: start)
        var offset = start + 1
        while let scalar = text.scalar(at: offset) {
            offset += 1
            if scalar == "\\", quote == "\"" {
                offset += 1
            } else if scalar == quote {
                guard quote == "'", text.scalar(at: offset) == "'" else { return offset }
                offset += 1
            }
        }
        return nil
    }

    private static func isAfterBlank(_ text: SourceText, _ offset: Int) -> Bool {
        guard let before = text.scalar(at: offset - 1) else { return true }
        return before == " " || before == "\t" || SourceText.isLineBreak(before)
    }

    /// Whether the colon at an offset ends a key, and is not part of a text as in `12:30`.
    private static func endsKey(_ text: SourceText, _ offset: Int) -> Bool {
        guard let next = text.scalar(at: offset + 1) else { return true }
        return next == " " || next == "\t" || SourceText.isLineBreak(next) || ",[]{}".unicodeScalars.contains(next)
    }
}
