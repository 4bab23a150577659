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

    /// Letters, digits, `_` and `-`, not beginning with a digit.
    private func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first else { return false }
        let isDigit = first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9")
        return !isDigit && first != UInt8(ascii: "-") && text.utf8.allSatisfy(isNameByte)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// What looks like a parameter of some router and is none here: `:id`, `<int:id>`, `{id:[0-9]+}`, `{path...}`, `v*`.
    private func malformedParameter(_ range: Range<Int>, _ content: String, isLast: Bool) -> PatternProblem {
        let means = "A parameter is a whole segment, {name} or *, and \"**\" at the end stands for all that follows."
        let inner = content.drop { $0 != "{" && $0 != ":" && $0 != "<" }.dropFirst()
        let isRest = ["**", "{*", "...", "*}", "+}", "path:"].contains { content.contains($0) }
        if isRest { return problem(range, means, suggestion: isLast ? "**" : "*") }
        let candidates = inner.split { !isNameByte($0.utf8.first ?? 0) || $0.utf8.count > 1 }
        let name = content.hasPrefix("<") ? candidates.last : candidates.first
        guard let name, isName(name) else { return problem(range, means, suggestion: "*") }
        return problem(range, means, suggestion: "{\(name)}")
    }

    /// Reads a literal through the same eyes as a request's segment.
    private func literal(_ range: Range<Int>) throws(PatternProblem) -> String {
        guard bytes[range].allSatisfy({ $0 < 0x80 }) else { throw beyondASCII(range) }
        var scan = SegmentScan()
        do throws(PathProblem) {
            let span = bytes.span
            var offset = range.lowerBound
            while offset < range.upperBound {
                try scan.append(try PercentDecoding.byte(of: span, at: &offset, end: range.upperBound))
            }
            try scan.finish()
        } catch {
            throw unmatchable(range, error)
        }
        guard scan.length <= FoldedText.bytesMax else {
            throw problem(
                range, "A literal has at most \(FoldedText.bytesMax) bytes; let a parameter match this segment.",
                suggestion: "*")
        }
        guard scan.isASCII else { throw beyondASCII(range) }
        return scan.text.description
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
            default: nil
            }
        return problem(
            range, "No request can match this segment, because such requests are refused: \(reason.summary)",
            suggestion: suggestion)
    }
}
