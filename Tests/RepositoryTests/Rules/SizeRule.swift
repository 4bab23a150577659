/// Files and functions stay small enough to be read in one go.
enum SizeRule {
    /// The most lines of a file; past it something wants to be split along a seam that has a name.
    static let fileLinesMax = 400
    /// The most lines of a function, from its keyword to its last brace.
    static let functionLinesMax = 70
    /// The most characters of a line, as `.swift-format` has it.
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

    /// Lines that are too long.
    static func longLines(in file: SwiftFile) -> [Violation] {
        file.lines.enumerated().compactMap { offset, line in
            guard line.utf8.count > lineLengthMax, line.count > lineLengthMax else { return nil }
            return Violation(file.path, offset + 1, "\(line.count) characters, more than \(lineLengthMax)")
        }
    }
}
