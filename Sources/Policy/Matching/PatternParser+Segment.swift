extension PatternParser {
    /// Reads one segment.
    func segment(_ range: Range<Int>, isLast: Bool) throws(PatternProblem) -> OperationPattern.Segment {
        let content = text(range)
        switch content {
        case "*": return .parameter("")
        case "**" where isLast: return .rest
        case "**":
            throw problem(
                range, "\"**\" stands for all that follows, so nothing follows it; \"*\" stands for one segment.",
                suggestion: "*")
        default: break
        }
        let inner = content.dropFirst().dropLast()
        if content == "{\(inner)}", isName(inner) { return .parameter(String(inner)) }
        if content.contains(where: { "{}*".contains($0) }) || content.hasPrefix(":") || content.hasPrefix("<") {
            throw malformedParameter(range, content, isLast: isLast)
        }
        return .literal(try literal(range))
    }

    /// Letters, digits, `_` and `-`, beginning with a letter or `_`.
    private func isName(_ text: Substring) -> Bool {
        guard let first = text.first, !first.isNumber, first != "-" else { return false }
        return text.allSatisfy(isNameCharacter)
    }

    private func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }

    /// What looks like a parameter of some router and is none here: `:id`, `<int:id>`, `{id:[0-9]+}`, `{path...}`,
    /// `v*`.
    private func malformedParameter(_ range: Range<Int>, _ content: String, isLast: Bool) -> PatternProblem {
        let means = "A parameter is a whole segment, {name} or *, and \"**\" at the end stands for all that follows."
        let restMarks = ["**", "{*", "...", ":path}", "<path:", ".*}", ".+}"]
        let isExpressRest = content.hasPrefix(":") && (content.hasSuffix("*") || content.hasSuffix("+"))
        if isExpressRest || restMarks.contains(where: { content.contains($0) }) {
            return problem(range, means, suggestion: isLast ? "**" : "*")
        }
        let inner = content.drop { $0 != "{" && $0 != ":" && $0 != "<" }.dropFirst()
        let candidates = inner.split { !isNameCharacter($0) }
        let name = content.hasPrefix("<") ? candidates.last : candidates.first
        guard let name, isName(name) else { return problem(range, means, suggestion: "*") }
        return problem(range, means, suggestion: "{\(name)}")
    }

    /// Reads a literal through the same eyes as a request's segment.
    private func literal(_ range: Range<Int>) throws(PatternProblem) -> String {
        guard bytes[range].allSatisfy({ $0 < 0x80 }) else { throw beyondASCII(range) }
        var scan = SegmentScan()
        var folded = FoldedText()
        do throws(PathProblem) {
            let span = bytes.span
            var offset = range.lowerBound
            while offset < range.upperBound {
                try scan.append(try PercentDecoding.byte(of: span, at: &offset, end: range.upperBound), to: &folded)
            }
            try scan.check()
        } catch {
            throw unmatchable(range, error)
        }
        guard scan.isASCII else { throw beyondASCII(range) }
        guard let length = folded.length else {
            throw problem(
                range, "A literal has at most \(FoldedText.bytesMax) bytes; let a parameter match this segment.",
                suggestion: "*")
        }
        return String(decoding: (0..<length).map { folded.bytes[$0] }, as: UTF8.self)
    }

    private func beyondASCII(_ range: Range<Int>) -> PatternProblem {
        problem(
            range,
            "A literal is ASCII: other letters can be written in several ways, and a pattern would see only one of them. "
                + "Let a parameter match this segment.", suggestion: "*")
    }

    /// A literal that no request can match, and what its author probably meant.
    private func unmatchable(_ range: Range<Int>, _ reason: PathProblem) -> PatternProblem {
        let content = text(range)
        let suggestion: String? =
            switch reason {
            case .encodedSlash: content.replacing("%2F", with: "/").replacing("%2f", with: "/")
            case .backslash: content.replacing("\\", with: "/").replacing("%5C", with: "/").replacing("%5c", with: "/")
            case .pathParameter: content.firstIndex(of: ";").map { String(content[..<$0]) }
            case .malformedEscape: content.replacing(#/%(?![0-9A-Fa-f]{2})/#, with: "%25")
            case .paddedSegment: content.replacing(#/^(%20)+|(%20)+$/#, with: "")
            default: nil
            }
        return problem(
            range, "No request can match this segment, because such requests are refused: \(reason.summary)",
            suggestion: suggestion)
    }
}
