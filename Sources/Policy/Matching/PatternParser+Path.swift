extension PatternParser {
    /// Reads the path of a pattern.
    func segments(of path: Range<Int>) throws(PatternProblem) -> [OperationPattern.Segment] {
        try checkShape(of: path)
        let ranges = parts(of: path) { $0 == UInt8(ascii: "/") }
        guard ranges.count <= OperationMatcher.segmentsMax else {
            throw problem(
                path, "A path has at most \(OperationMatcher.segmentsMax) segments; longer requests are refused.",
                suggestion: nil)
        }
        var segments: [OperationPattern.Segment] = []
        var names: Set<String> = []
        for range in ranges {
            let segment = try segment(range, isLast: range.upperBound == path.upperBound)
            if case .parameter(let name) = segment, !name.isEmpty, !names.insert(name).inserted {
                throw problem(
                    range, "The parameter \"\(name)\" appears twice.", suggestion: "{\(unused(name, names))}")
            }
            segments.append(segment)
        }
        return segments
    }

    /// Checks all that concerns the path as a whole.
    private func checkShape(of path: Range<Int>) throws(PatternProblem) {
        let content = text(path)
        guard path.count <= OperationMatcher.pathBytesMax else {
            throw problem(
                path, "A path has at most \(OperationMatcher.pathBytesMax) bytes; longer requests are refused.",
                suggestion: nil)
        }
        guard content.hasPrefix("/") else { throw missingSlash(path, content) }
        if let delimiter = path.first(where: { bytes[$0] == UInt8(ascii: "?") || bytes[$0] == UInt8(ascii: "#") }) {
            throw problem(
                delimiter..<path.upperBound, "Only the path is matched, never a query or a fragment.", suggestion: "")
        }
        for offset in path.dropFirst() where bytes[offset] == UInt8(ascii: "/") {
            if bytes[offset - 1] == UInt8(ascii: "/") {
                throw problem(
                    offset - 1..<offset + 1, "Empty segments are removed before a path is matched.", suggestion: "/")
            }
        }
        if path.count > 1, bytes[path.upperBound - 1] == UInt8(ascii: "/") {
            let stem = String(content.dropLast())
            throw problem(
                path, "A slash at the end is removed before a path is matched; \(stem)/** stands for all below.",
                suggestion: stem)
        }
    }

    private func missingSlash(_ path: Range<Int>, _ content: String) -> PatternProblem {
        if let scheme = content.firstRange(of: "://") {
            let rest = content[scheme.upperBound...]
            let start = rest.firstIndex(of: "/") ?? rest.endIndex
            return problem(
                path, "A pattern holds the path only, without scheme and host.",
                suggestion: start == rest.endIndex ? "/" : String(rest[start...]))
        }
        let suggestion = content.allSatisfy { $0 == "*" } ? "/**" : "/" + content
        return problem(path, "A path begins with \"/\".", suggestion: suggestion)
    }

    /// A name like this one that is still free: `id2` for a second `id`.
    private func unused(_ name: String, _ names: Set<String>) -> String {
        var number = 2
        while names.contains("\(name)\(number)") { number += 1 }
        return "\(name)\(number)"
    }
}
