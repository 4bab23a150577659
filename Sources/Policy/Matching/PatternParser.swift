/// Reads one pattern and says exactly what is wrong with a bad one.
///
/// Strict on purpose: a pattern that no normalised path can match would leave its operation unprotected in silence.
struct PatternParser {
    /// The text in UTF-8.
    let bytes: [UInt8]

    /// Takes the text of a pattern.
    init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads the whole text.
    func parse() throws(PatternProblem) -> OperationPattern {
        let words = words
        guard let first = words.first else {
            throw PatternProblem(
                message: "A pattern is a method and a path; this one is empty.", suggestion: "ANY /**", utf8Offset: 0,
                utf8Length: bytes.count)
        }
        guard words.count > 1 else { throw loneWord(first) }
        guard words.count == 2 else {
            let path = words[1].lowerBound..<words[words.count - 1].upperBound
            let parts = words.dropFirst().map(text)
            throw problem(
                path, "A path holds no spaces; write a space in a literal as %20, and each pattern on its own.",
                suggestion: parts.dropFirst().contains { $0.hasPrefix("/") } ? nil : parts.joined(separator: "%20"))
        }
        return OperationPattern(method: try method(first), segments: try segments(of: words[1]))
    }

    /// The bytes of a range as text.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// A problem with a part of the text.
    func problem(_ range: Range<Int>, _ message: String, suggestion: String?) -> PatternProblem {
        PatternProblem(
            message: message, suggestion: suggestion, utf8Offset: range.lowerBound, utf8Length: range.count)
    }

    /// The parts of a range between separators, without the empty ones.
    func parts(of range: Range<Int>, separatedBy isSeparator: (UInt8) -> Bool) -> [Range<Int>] {
        bytes[range].split(whereSeparator: isSeparator).map(\.indices)
    }

    /// The parts between spaces and tabs.
    private var words: [Range<Int>] {
        parts(of: bytes.indices) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private func loneWord(_ word: Range<Int>) -> PatternProblem {
        let content = text(word)
        if content.hasPrefix("/") {
            return problem(
                word, "A pattern begins with a method; ANY stands for all of them.", suggestion: "ANY \(content)")
        }
        return problem(
            word, "A pattern is a method, a space and a path that begins with \"/\".", suggestion: "\(content) /")
    }

    private func method(_ word: Range<Int>) throws(PatternProblem) -> String? {
        let name = text(word)
        if name == "ANY" || name == "*" { return nil }
        if RequestMethod.names.contains(name) { return name }
        let capitals = name.uppercased()
        if capitals == "ANY" || RequestMethod.names.contains(capitals) {
            throw problem(word, "Methods are written in capitals.", suggestion: capitals)
        }
        if name.contains(where: { "|,+".contains($0) }) {
            throw problem(word, "A pattern names one method; write one pattern for each.", suggestion: nil)
        }
        throw problem(
            word, "\"\(name)\" is not a registered HTTP method.", suggestion: RequestMethod.nearest(to: name) ?? "ANY")
    }
}
