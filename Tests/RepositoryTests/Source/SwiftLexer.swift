/// Cuts Swift source into tokens and comments.
///
/// Knows strings (with interpolation, over several lines, raw), regular expressions on one line, nested comments and
/// raw identifiers, which is what it takes not to mistake a word in a text for code. What it cannot read is an error
/// and not a wrong answer.
struct SwiftLexer {
    /// Why a file cannot be read.
    struct Failure: Error, CustomStringConvertible {
        var line: Int
        var description: String
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineHasToken = false
    private var endOfPrevious = -1
    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []

    /// Reads a whole file.
    init(_ text: String) throws(Failure) {
        bytes = Array(text.utf8)
        try readCode(endsAtParenthesis: false)
    }

    private func byte(_ ahead: Int = 0) -> UInt8 { position + ahead < bytes.count ? bytes[position + ahead] : 0 }

    private func isAt(_ text: StaticString) -> Bool {
        let end = position + text.utf8CodeUnitCount
        return end <= bytes.count && String(decoding: bytes[position..<end], as: UTF8.self) == text.description
    }

    /// Reads to the end, or to the parenthesis that closes an interpolation.
    private mutating func readCode(endsAtParenthesis: Bool) throws(Failure) {
        var depth = 0
        while position < bytes.count {
            switch byte() {
            case UInt8(ascii: "\n"): skipNewline()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"): readLineComment()
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): try readBlockComment()
            case UInt8(ascii: "\""): try readString(hashes: 0)
            case UInt8(ascii: "/") where isAtRegularExpression: try readRegularExpression(hashes: 0)
            case UInt8(ascii: "#"): try readNumberSign()
            case UInt8(ascii: "`"): try readRawIdentifier()
            case let digit where digit.isDigit: readNumber()
            case let letter where letter.isWordPart: readWhile(.word) { $0.isWordPart }
            case UInt8(ascii: ")") where endsAtParenthesis && depth == 0: return
            case let other:
                if other == UInt8(ascii: "(") { depth += 1 }
                if other == UInt8(ascii: ")") { depth -= 1 }
                readSymbol()
            }
        }
        if endsAtParenthesis { throw Failure(line: line, description: "an interpolation does not end") }
    }

    private mutating func skipNewline() {
        position += 1
        line += 1
        lineHasToken = false
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, line startLine: Int, text: String? = nil) {
        tokens.append(
            Token(
                kind: kind, text: text ?? String(decoding: bytes[start..<position], as: UTF8.self), line: startLine,
                startsLine: !lineHasToken, touchesPrevious: start == endOfPrevious))
        lineHasToken = true
        endOfPrevious = position
    }

    private mutating func readWhile(_ kind: Token.Kind, _ belongs: (UInt8) -> Bool) {
        let start = position
        while position < bytes.count, belongs(byte()) { position += 1 }
        append(kind, from: start, line: line)
    }

    private mutating func readNumber() {
        let start = position
        while byte().isWordPart || byte() == UInt8(ascii: ".") && byte(1).isDigit { position += 1 }
        append(.number, from: start, line: line)
    }

    private mutating func readSymbol() {
        let start = position
        let first = byte()
        position += 1
        if first == UInt8(ascii: "!"), byte() == UInt8(ascii: "=") {
            while byte() == UInt8(ascii: "=") { position += 1 }
        } else if first.isOperatorPart {
            while byte().isOperatorPart, !isAt("//"), !isAt("/*") { position += 1 }
        }
        append(.symbol, from: start, line: line)
    }
}

extension SwiftLexer {
    private mutating func readLineComment() {
        let start = position
        while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
        appendComment(from: start, line: line)
    }

    private mutating func readBlockComment() throws(Failure) {
        let start = position
        let startLine = line
        var depth = 0
        repeat {
            guard position < bytes.count else { throw Failure(line: startLine, description: "a comment does not end") }
            if isAt("/*") {
                depth += 1
                position += 2
            } else if isAt("*/") {
                depth -= 1
                position += 2
            } else {
                if byte() == UInt8(ascii: "\n") { line += 1 }
                position += 1
            }
        } while depth > 0
        appendComment(from: start, line: startLine)
    }

    private mutating func appendComment(from start: Int, line startLine: Int) {
        comments.append(
            Comment(
                text: String(decoding: bytes[start..<position], as: UTF8.self), lines: startLine...line,
                startsLine: !lineHasToken))
    }

    /// Reads a raw string, a line of conditional compilation, or a name such as `#expect`.
    private mutating func readNumberSign() throws(Failure) {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        if byte(hashes) == UInt8(ascii: "\"") { return try readString(hashes: hashes) }
        if byte(hashes) == UInt8(ascii: "/") { return try readRegularExpression(hashes: hashes) }
        let start = position
        position += hashes
        while byte().isWordPart { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        if ["#if", "#elseif", "#else", "#endif"].contains(name) {
            while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
            append(.directive, from: start, line: line)
        } else {
            append(.word, from: start, line: line)
        }
    }

    private mutating func readRawIdentifier() throws(Failure) {
        let start = position
        position += 1
        while byte() != UInt8(ascii: "`") {
            guard position < bytes.count, byte() != UInt8(ascii: "\n") else {
                throw Failure(line: line, description: "a raw identifier does not end on its line")
            }
            position += 1
        }
        position += 1
        append(.word, from: start, line: line)
    }

    private mutating func readString(hashes: Int) throws(Failure) {
        let startLine = line
        position += hashes
        // Text begins on the next line after three quotes; without that, `#""""#` is a string of two.
        let quotes = isAt("\"\"\"\n") ? 3 : 1
        position += quotes
        var start = position
        while true {
            guard position < bytes.count, quotes == 3 || byte() != UInt8(ascii: "\n") else {
                throw Failure(line: startLine, description: "a string does not end")
            }
            if endsString(quotes: quotes, hashes: hashes) {
                appendLiteral(from: start, line: startLine)
                position += quotes + hashes
                endOfPrevious = position
                return
            }
            if byte() == UInt8(ascii: "\\"), isFollowed(by: UInt8(ascii: "#"), times: hashes) {
                try readEscape(hashes: hashes, literalStart: &start, line: startLine)
            } else {
                if byte() == UInt8(ascii: "\n") { line += 1 }
                position += 1
            }
        }
    }

    /// Steps over an escaped character, or reads the code of an interpolation.
    private mutating func readEscape(hashes: Int, literalStart: inout Int, line startLine: Int) throws(Failure) {
        guard byte(1 + hashes) == UInt8(ascii: "(") else {
            if byte(1 + hashes) == UInt8(ascii: "\n") { line += 1 }
            position += 2 + hashes
            return
        }
        appendLiteral(from: literalStart, line: startLine)
        let start = position
        position += 2 + hashes
        append(.symbol, from: start, line: line, text: "\\(")
        try readCode(endsAtParenthesis: true)
        position += 1
        append(.symbol, from: position - 1, line: line)
        literalStart = position
    }

    /// Whether the slash here begins a regular expression: an operand may stand here, and no space follows it.
    private var isAtRegularExpression: Bool {
        guard let previous = tokens.last, previous.kind == .symbol else { return tokens.isEmpty }
        guard ![")", "]", "}", "!", "?"].contains(previous.text) else { return false }
        return byte(1) != UInt8(ascii: " ") && byte(1) != UInt8(ascii: "\n")
    }

    private mutating func readRegularExpression(hashes: Int) throws(Failure) {
        position += hashes + 1
        let start = position
        while byte() != UInt8(ascii: "/") || !isFollowed(by: UInt8(ascii: "#"), times: hashes) {
            guard position < bytes.count, byte() != UInt8(ascii: "\n") else {
                throw Failure(line: line, description: "a regular expression does not end on its line")
            }
            position += byte() == UInt8(ascii: "\\") ? 2 : 1
        }
        appendLiteral(from: start, line: line)
        position += hashes + 1
        endOfPrevious = position
    }

    private mutating func appendLiteral(from start: Int, line startLine: Int) {
        let literal = String(decoding: bytes[start..<position], as: UTF8.self)
        append(.string, from: start, line: startLine, text: "\"" + literal)
    }

    private func endsString(quotes: Int, hashes: Int) -> Bool {
        guard byte() == UInt8(ascii: "\""), quotes == 1 || isAt("\"\"\"") else { return false }
        // A quote before the three that end the string belongs to it.
        if quotes == 3, hashes == 0, byte(3) == UInt8(ascii: "\"") { return false }
        return (0..<hashes).allSatisfy { byte(quotes + $0) == UInt8(ascii: "#") }
    }

    private func isFollowed(by expected: UInt8, times: Int) -> Bool {
        (0..<times).allSatisfy { byte(1 + $0) == expected }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    fileprivate var isWordPart: Bool {
        isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "$") || self >= 0x80
            || (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z")
    }

    fileprivate var isOperatorPart: Bool { "/=-+*%<>&|^~".utf8.contains(self) }
}
