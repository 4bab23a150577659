/// One Swift file, read for the rules.
struct SwiftFile: Sendable {
    /// The path from the root of the checkout.
    let path: String
    /// The lines, without their ends.
    let lines: [Substring]
    /// The tokens.
    let tokens: [Token]
    /// The comments.
    let comments: [Comment]
    /// The declarations, in the order in which they begin.
    let declarations: [Declaration]

    /// Which line each comment ends on that has its lines to itself.
    private let commentEndingOn: [Int: Comment]

    /// Reads a file's text.
    ///
    /// - Throws: `Violation` if the text cannot be cut into tokens.
    init(path: String, text: String) throws(Violation) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        do throws(SwiftLexer.Failure) {
            let lexer = try SwiftLexer(text)
            tokens = lexer.tokens
            comments = lexer.comments
        } catch {
            throw Violation(path, error.line, "cannot be read: \(error.description)")
        }
        declarations = OutlineParser(tokens).declarations
        commentEndingOn = Dictionary(
            comments.filter(\.startsLine).map { ($0.lines.upperBound, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The directory under the root, such as `Sources`.
    var area: Substring { path.prefix { $0 != "/" } }

    /// The room in `Sources`, or the target in `Tests`.
    var target: Substring { path.split(separator: "/").dropFirst().first ?? "" }

    /// The comments that stand right above a line, without an empty line in between, lowest first.
    func comments(rightAbove line: Int) -> [Comment] {
        var found: [Comment] = []
        var next = line - 1
        while let comment = commentEndingOn[next] {
            found.append(comment)
            next = comment.lines.lowerBound - 1
        }
        return found
    }

    /// A declaration and those around it, innermost first.
    func chain(from index: Int?) -> [Declaration] {
        var found: [Declaration] = []
        var next = index
        while let index = next {
            found.append(declarations[index])
            next = declarations[index].parent
        }
        return found
    }

    /// The innermost declaration that holds a token.
    func declaration(aroundToken token: Int) -> Int? {
        declarations.lastIndex { $0.tokens.contains(token) }
    }

    /// The text of the token at an index; empty outside of the file.
    func text(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }
}
