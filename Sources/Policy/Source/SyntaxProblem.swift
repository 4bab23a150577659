internal import Yams

/// A complaint of libyaml in words for people who do not know YAML's grammar.
struct SyntaxProblem {
    private let code: DiagnosticCode
    private let message: String
    private let line: Int
    private let column: Int
    private let suggestion: String?

    /// Translates what Yams threw while it parsed a text.
    init(_ error: any Error, in text: SourceText) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(Complaint(problem: problem, mark: mark, context: context), in: text)
        default:
            self.init(.invalidSyntax, "this is not YAML", line: 1, column: 1)
        }
    }

    /// The diagnostic, under one character.
    func diagnostic(file: Int) -> Diagnostic {
        let span = SourceSpan(file: file, line: line, column: column, length: 1)
        return Diagnostic(.error, code, message, at: span, suggestion: suggestion)
    }

    private init(_ code: DiagnosticCode, _ message: String, line: Int, column: Int, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.suggestion = suggestion
    }

    private init(_ code: DiagnosticCode, _ message: String, at mark: Yams.Mark, suggestion: String? = nil) {
        self.init(code, message, line: mark.line, column: mark.column, suggestion: suggestion)
    }

    /// What libyaml says: a problem at a place, and often the place where the thing it was reading began.
    private struct Complaint {
        var problem: String
        var mark: Yams.Mark
        var context: YamlError.Context?

        /// Where the thing began that was being read.
        var start: Yams.Mark { context?.mark ?? mark }

        /// Whether it concerns a line such as `%YAML 1.2`.
        var isAboutDirective: Bool {
            context?.text.hasSuffix("directive") == true || problem.hasSuffix("directive")
                || problem == "found incompatible YAML document"
        }
    }

    private init(_ complaint: Complaint, in text: SourceText) {
        let offset = text.offset(line: complaint.mark.line, column: complaint.mark.column)
        guard !complaint.isAboutDirective else {
            self.init(
                .invalidSyntax, "a line that begins with `%` is a YAML directive, and directives are not read",
                at: complaint.start, suggestion: "remove the line, or put the text in quotes")
            return
        }
        guard text.scalars[offset...].contains(where: { !$0.properties.isWhitespace }) else {
            self.init(endOf: text, complaint)
            return
        }
        if let nesting = SyntaxProblem.nesting(complaint, in: text) {
            self = nesting
        } else if let tab = SyntaxProblem.tab(near: complaint.mark, in: text) {
            self = tab
        } else if let known = SyntaxProblem.structural(complaint) ?? SyntaxProblem.unclosed(complaint) {
            self = known
        } else if let known = SyntaxProblem.lexical(complaint, at: text.scalar(at: offset)) {
            self = known
        } else {
            self.init(.invalidSyntax, "this is not YAML: \(complaint.problem)", at: complaint.mark)
        }
    }

    /// Something that the end of the file cuts off; libyaml places it beyond the last line.
    private init(endOf text: SourceText, _ complaint: Complaint) {
        if let unclosed = SyntaxProblem.unclosed(complaint, isAtEnd: true) {
            self = unclosed
            return
        }
        let last = text.scalars.lastIndex { !$0.properties.isWhitespace } ?? 0
        let place = text.position(of: last)
        self.init(
            .invalidSyntax, "the file ends after this, where more is expected", line: place.line,
            column: place.column, suggestion: "complete the value, or close what is still open")
    }

    /// A tab in the indentation, which libyaml reports in several ways.
    private static func tab(near mark: Yams.Mark, in text: SourceText) -> SyntaxProblem? {
        let line = text.line(mark.line)
        let indentation = line.prefix { $0 == " " || $0 == "\t" }
        guard let tab = indentation.firstIndex(of: "\t"), mark.column <= indentation.count + 1 else { return nil }
        return SyntaxProblem(
            .tabIndentation, "a tab stands in the indentation; YAML indents with spaces only", line: mark.line,
            column: tab - line.startIndex + 1, suggestion: "replace each tab by two spaces")
    }

    /// Nesting at which libyaml gives up, far beyond ours: reported where ours ends, if brackets alone make it.
    private static func nesting(_ complaint: Complaint, in text: SourceText) -> SyntaxProblem? {
        guard complaint.problem.hasPrefix("Maximum nesting level reached") else { return nil }
        let message = "the file is nested more than \(SourceReader.depthMax) levels deep"
        var depth = 0
        var quote: Unicode.Scalar?
        for (offset, scalar) in text.scalars.enumerated() {
            switch scalar {
            case "\"", "'": quote = quote == nil ? scalar : quote == scalar ? nil : quote
            case "[" where quote == nil, "{" where quote == nil: depth += 1
            case "]" where quote == nil, "}" where quote == nil: depth -= 1
            default: continue
            }
            guard depth > SourceReader.depthMax else { continue }
            let place = text.position(of: offset)
            return SyntaxProblem(.tooLarge, message, line: place.line, column: place.column)
        }
        return SyntaxProblem(.tooLarge, message, at: complaint.mark)
    }

    /// Keys, items and documents in places where they cannot be.
    private static func structural(_ complaint: Complaint) -> SyntaxProblem? {
        switch complaint.problem {
        case "mapping values are not allowed in this context":
            SyntaxProblem(
                .invalidSyntax, "a `:` makes a key of what stands before it, but no key can stand here",
                at: complaint.mark,
                suggestion: "put the text in quotes if the colon belongs to it; else check the indentation")
        case "could not find expected ':'":
            SyntaxProblem(
                .invalidSyntax, "a key is expected here, but no `:` follows", at: complaint.start,
                suggestion: "write `key: value`, or check the indentation")
        case "did not find expected key":
            SyntaxProblem(
                .invalidSyntax,
                "this does not fit into the mapping that begins in line \(complaint.start.line)", at: complaint.mark,
                suggestion: "give all keys of one mapping the same indentation, and quote texts that go on after a "
                    + "closing quote")
        case "did not find expected '-' indicator":
            SyntaxProblem(
                .invalidSyntax, "this does not fit into the list that begins in line \(complaint.start.line)",
                at: complaint.mark, suggestion: "begin each item with `- ` in the same column")
        case "block sequence entries are not allowed in this context":
            SyntaxProblem(
                .invalidSyntax, "a list item cannot begin here", at: complaint.mark,
                suggestion: "put the first `-` on a line of its own, below the key")
        case "mapping keys are not allowed in this context", "did not find expected node content":
            SyntaxProblem(
                .invalidSyntax, "a value is expected here", at: complaint.mark,
                suggestion: "write a value, or put the text in quotes")
        case "did not find expected <document start>":
            SyntaxProblem(
                .invalidSyntax, "this stands outside of the document above it", at: complaint.mark,
                suggestion: "check the indentation: the first key sets it for all others")
        case "but found another document":
            SyntaxProblem(
                .severalDocuments, "a second document begins here; a file holds one", at: complaint.mark,
                suggestion: "put the second document into a file of its own")
        default: nil
        }
    }

    /// Brackets and quotes that are never closed.
    private static func unclosed(_ complaint: Complaint, isAtEnd: Bool = false) -> SyntaxProblem? {
        switch complaint.problem {
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            let (opening, closing) = complaint.problem.hasSuffix("']'") ? ("[", "]") : ("{", "}")
            let line = complaint.start.line
            return SyntaxProblem(
                .invalidSyntax,
                isAtEnd
                    ? "the `\(opening)` that opens here is never closed"
                    : "`,` or `\(closing)` is expected before this, because `\(opening)` opens in line \(line)",
                at: isAtEnd ? complaint.start : complaint.mark,
                suggestion: "close it with `\(closing)`; a text that holds `,` or a bracket needs quotes")
        case "found unexpected end of stream", "found unexpected document indicator":
            return SyntaxProblem(
                .invalidSyntax, "the quotes that open here are never closed", at: complaint.start,
                suggestion: "close the text with the same kind of quote")
        default: return nil
        }
    }

    /// Characters that may not stand where they stand.
    private static func lexical(_ complaint: Complaint, at scalar: Unicode.Scalar?) -> SyntaxProblem? {
        switch complaint.problem {
        case "found character that cannot start any token":
            SyntaxProblem(
                .invalidSyntax, "a value cannot begin with \(String(scalar ?? " ").quoted)", at: complaint.mark,
                suggestion: "put the text in quotes")
        case "found unknown escape character", "did not find expected hexdecimal number",
            "found invalid Unicode character escape code":
            SyntaxProblem(
                .invalidSyntax, "the escape after this backslash is not known", at: complaint.mark,
                suggestion: "write `\\\\` for a backslash, or use single quotes, where it needs no escape")
        case "did not find expected alphabetic or numeric character":
            SyntaxProblem(
                .invalidSyntax, "a text that begins with `&` needs quotes, because `&` is YAML's mark for anchors",
                at: complaint.start, suggestion: "put the text in quotes")
        case "found unexpected ':'":
            SyntaxProblem(
                .invalidSyntax, "a `:` cannot stand in this text", at: complaint.mark,
                suggestion: "put the text in quotes")
        default: nil
        }
    }
}
