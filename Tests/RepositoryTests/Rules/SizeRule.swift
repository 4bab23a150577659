/// Files and functions stay small enough to be read in one go.
enum SizeRule {
    /// The most lines of a file; past it something wants to be split along a seam that has a name.
    static let fileLinesMax = 400
    /// The most lines of a function, from its keyword to its last brace.
    static let functionLinesMax = 70
    /// The most characters of a line with a comment; the formatter sees to code, and leaves comments as they are.
    static let lineLengthMax = 120

    /// A file that is too long.
    static func longFile(_ file: SwiftFile) -> [Violation] {
        let count = file.lines.count - (file.lines.last?.isEmpty == true ? 1 : 0)
        guard count > fileLinesMax else { return [] }
        return [Violation(file.path, fileLinesMax, "\(count) lines, more than \(fileLinesMax)")]
    }

    /// Functions that are too long.
    static func longFunctions(in file: SwiftFile) -> [Violation] {
        file.declarations.compactMap { declaration in
            guard declaration.isFunction || declaration.keyword == "var", declaration.body != nil else { return nil }
            let count = declaration.lines.upperBound - declaration.keywordLine + 1
            guard count > functionLinesMax else { return nil }
            let message = "\(declaration.name) has \(count) lines, more than \(functionLinesMax)"
            return Violation(file.path, declaration.keywordLine, message)
        }
    }

    /// Comments whose lines are too long.
    static func longComments(in file: SwiftFile) -> [Violation] {
        file.comments.flatMap(\.lines).compactMap { number in
            let length = file.lines[number - 1].count
            guard length > lineLengthMax else { return nil }
            return Violation(file.path, number, "\(length) characters, more than \(lineLengthMax)")
        }
    }
}
