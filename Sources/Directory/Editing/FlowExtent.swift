internal import Policy

/// Where a list or mapping in brackets ends, and what comes last inside it.
struct FlowExtent {
    /// The offset of the closing bracket.
    private(set) var closing: Int
    /// The first offset after what comes last inside, comments not counted; the offset after the opening bracket if
    /// there is nothing.
    private(set) var contentEnd: Int
    /// Whether that last thing is a comma.
    private(set) var endsWithComma = false

    /// How many brackets are open.
    private var depth = 0
    /// Whether a text without quotes has begun, in which quotes and hashes mean nothing.
    private var isInPlainText = false

    /// Looks for the closing bracket; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - start: the offset of the opening bracket.
    /// - Complexity: O(n) in the extent.
    init?(_ text: SourceText, from start: Int) {
        closing = start
        contentEnd = start + 1
        while let scalar = text.scalar(at: closing) {
            if scalar == " " || scalar == "\t" || SourceText.isLineBreak(scalar) {
                closing += 1
            } else if scalar == "#", FlowExtent.isAfterBlank(text, closing) {
                closing = text.endOfLine(from: closing)
            } else {
                guard let end = token(scalar, in: text) else { return nil }
                if depth == 0 { return }
                contentEnd = max(end, contentEnd)
                endsWithComma = scalar == "," && depth == 1
                closing = end
            }
        }
        return nil
    }

    /// Takes in what begins with a character that says something; gives the offset after it, if it ends.
    private mutating func token(_ scalar: Unicode.Scalar, in text: SourceText) -> Int? {
        switch scalar {
        case "\"" where !isInPlainText, "'" where !isInPlainText:
            return FlowExtent.endOfQuoted(text, from: closing)
        case "{", "[":
            depth += 1
            isInPlainText = false
        case "}", "]":
            depth -= 1
            isInPlainText = false
        case ",": isInPlainText = false
        case ":": isInPlainText = isInPlainText && !FlowExtent.endsKey(text, closing)
        default: isInPlainText = true
        }
        return closing + 1
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
