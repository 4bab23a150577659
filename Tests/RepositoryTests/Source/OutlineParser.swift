/// Finds the declarations in the tokens of a Swift file.
///
/// No parser of Swift: it follows braces, and at places where a declaration may begin it looks for attributes,
/// modifiers and a keyword. A declaration without braces ends before the next token that begins a line and may begin a
/// declaration. That is right for code in the checked-in format, which is all it has to read.
struct OutlineParser {
    private let tokens: [Token]
    private var index = 0
    private(set) var declarations: [Declaration] = []

    /// Reads the tokens of a whole file.
    init(_ tokens: [Token]) {
        self.tokens = tokens
        while index < tokens.count {
            parseMembers(of: nil)
            stepOverToken()  // a brace too many; the compiler has more to say about it
        }
    }

    private func text(at index: Int) -> String { index < tokens.count ? tokens[index].text : "" }

    /// Parses what stands between the braces of a type, or in a file.
    private mutating func parseMembers(of parent: Int?) {
        while index < tokens.count, text(at: index) != "}" {
            if !parseDeclaration(parent: parent, isLocal: false) { stepOverCode(parent: parent) }
        }
    }

    /// Parses what stands between the braces of a function; only functions and types in it are of interest.
    private mutating func parseCode(of parent: Int?) {
        while index < tokens.count, text(at: index) != "}" {
            if tokens[index].startsLine, let head = head(at: index), head.mayBeLocal,
                parseDeclaration(parent: parent, isLocal: true)
            {
                continue
            }
            stepOverCode(parent: parent)
        }
    }

    private mutating func stepOverCode(parent: Int?) {
        let opensCode = text(at: index) == "{"
        stepOverToken()
        guard opensCode else { return }
        parseCode(of: parent)
        stepOverToken()
    }

    private mutating func stepOverToken() { index = min(index + 1, tokens.count) }

    /// The attributes, modifiers and keyword of a declaration.
    private struct Head {
        var keyword: Int
        var word: String
        var modifiers: [String]

        var mayBeLocal: Bool { word == "func" || Declaration.typeKeywords.contains(word) && word != "extension" }
    }

    /// The head of the declaration that begins at a token, if one does.
    private func head(at start: Int) -> Head? {
        var position = start
        var modifiers: [String] = []
        while position < tokens.count {
            let word = text(at: position)
            if word == "@" {
                position = end(ofArgumentsAt: position + 2)
            } else if tokens[position].kind == .word, isKeyword(at: position) {
                return Head(keyword: position, word: word, modifiers: modifiers)
            } else if tokens[position].kind == .word, Declaration.modifiers.contains(word) {
                let end = end(ofArgumentsAt: position + 1)
                modifiers.append(tokens[position..<end].map(\.text).joined())
                position = end
            } else {
                return nil
            }
        }
        return nil
    }

    /// Whether a word begins a declaration: `actor` does not when it is a variable, nor `class` when it is a modifier.
    private func isKeyword(at position: Int) -> Bool {
        guard Declaration.typeKeywords.contains(text(at: position)) else {
            return Declaration.keywords.contains(text(at: position))
        }
        guard position + 1 < tokens.count, tokens[position + 1].kind == .word else { return false }
        let next = tokens[position + 1].text
        return !Declaration.modifiers.contains(next) && !Declaration.keywords.contains(next)
    }

    /// Where the brackets end that open at a token and touch what stands before; the token itself if none do.
    private func end(ofArgumentsAt start: Int) -> Int {
        guard text(at: start) == "(", tokens[start].touchesPrevious else { return min(start, tokens.count) }
        return end(ofBracketAt: start)
    }

    private func end(ofBracketAt start: Int) -> Int {
        var depth = 0
        var position = start
        repeat {
            if ["(", "[", "{", "\\("].contains(text(at: position)) { depth += 1 }
            if [")", "]", "}"].contains(text(at: position)) { depth -= 1 }
            position += 1
        } while depth > 0 && position < tokens.count
        return position
    }

    /// Parses the declaration that begins here, if one does.
    private mutating func parseDeclaration(parent: Int?, isLocal: Bool) -> Bool {
        guard let head = head(at: index) else { return false }
        let start = index
        let number = declarations.count
        declarations.append(
            Declaration(
                keyword: head.word, name: name(after: head), modifiers: head.modifiers,
                lines: tokens[start].line...tokens[start].line, keywordLine: tokens[head.keyword].line,
                tokens: start..<start, body: nil, parent: parent, isLocal: isLocal,
                hasInheritanceClause: hasInheritanceClause(after: head)))
        index = head.keyword + 1
        parseRest(of: number)
        declarations[number].tokens = start..<index
        declarations[number].lines = tokens[start].line...max(tokens[start].line, tokens[index - 1].line)
        return true
    }

    private func name(after head: Head) -> String {
        guard head.word != "init", head.word != "deinit", head.word != "subscript" else { return head.word }
        var position = head.keyword + 1
        // `import struct Module.Name` imports from `Module`.
        if head.word == "import", Declaration.keywords.contains(text(at: position)) { position += 1 }
        return text(at: position)
    }

    private func hasInheritanceClause(after head: Head) -> Bool {
        guard Declaration.typeKeywords.contains(head.word) else { return false }
        var angles = 0
        for token in tokens[min(head.keyword + 1, tokens.count)...] {
            switch token.text {
            case "{", "where": return false
            case ":" where angles == 0: return true
            case "<": angles += 1
            case ">": angles -= 1
            default: continue
            }
        }
        return false
    }

    /// Moves behind the last token of a declaration whose keyword was read.
    private mutating func parseRest(of number: Int) {
        let isType = declarations[number].isType
        while index < tokens.count {
            switch text(at: index) {
            case "(", "[": index = end(ofBracketAt: index)
            case "{":
                let start = index + 1
                index = start
                if isType { parseMembers(of: number) } else { parseCode(of: number) }
                declarations[number].body = start..<index
                stepOverToken()
                if isType || declarations[number].isFunction { return }
            case "}", ";": return
            default:
                if tokens[index].startsLine, tokens[index].kind == .directive || head(at: index) != nil { return }
                index += 1
            }
        }
    }
}
