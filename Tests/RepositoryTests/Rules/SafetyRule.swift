/// Where the compiler's checks are set aside, a `// SAFETY:` comment says why that is right.
///
/// It stands, for each `unsafe`, `@unchecked`, `@safe`, `nonisolated(unsafe)` and `unowned(unsafe)`,
/// - on the same line or right above it, or
/// - in a function or property around it, above it, or right above that function or property, or
/// - in a type around it: right above the type, or directly in its body, where it may explain a stored property.
///
/// A comment inside one function says nothing about another.
enum SafetyRule {
    /// The uses in one file that nothing explains; one for each line.
    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.area == "Sources" else { return [] }
        var found: [Violation] = []
        for index in file.tokens.indices where isUse(file, index) {
            let line = file.tokens[index].line
            guard found.last?.line != line, !isExplained(file, index) else { continue }
            found.append(Violation(file.path, line, "say why this is right in a SAFETY comment"))
        }
        return found
    }

    private static func isUse(_ file: SwiftFile, _ index: Int) -> Bool {
        let token = file.tokens[index]
        guard token.kind == .word else { return false }
        if token.text == "unsafe" { return file.text(index + 1) != ":" }
        return file.text(index - 1) == "@" && ["unchecked", "safe", "unsafe"].contains(token.text)
    }

    private static func isReason(_ comment: Comment) -> Bool {
        !comment.isDocumentation && comment.text.contains("SAFETY: ")
    }

    private static func isExplained(_ file: SwiftFile, _ index: Int) -> Bool {
        let line = file.tokens[index].line
        if file.comments(rightAbove: line).contains(where: isReason) { return true }
        if file.comments.contains(where: { $0.lines.lowerBound == line && isReason($0) }) { return true }
        return file.chain(from: file.declaration(aroundToken: index)).contains { declaration in
            if file.comments(rightAbove: declaration.lines.lowerBound).contains(where: isReason) { return true }
            if declaration.isType { return isExplained(inBodyOf: declaration, file) }
            return file.comments.contains {
                isReason($0) && $0.lines.lowerBound >= declaration.lines.lowerBound && $0.lines.upperBound < line
            }
        }
    }

    /// Whether a reason stands in the body of a type outside of what the type declares, or above a stored property.
    private static func isExplained(inBodyOf type: Declaration, _ file: SwiftFile) -> Bool {
        let members = file.declarations.filter {
            $0.tokens.lowerBound > type.tokens.lowerBound && type.tokens.contains($0.tokens.lowerBound)
        }
        let others = members.filter { !["let", "var"].contains($0.keyword) }
        let above = Set(others.flatMap { file.comments(rightAbove: $0.lines.lowerBound) })
        return file.comments.contains { comment in
            isReason(comment) && type.lines.contains(comment.lines.lowerBound) && !above.contains(comment)
                && !members.contains { $0.lines.contains(comment.lines.lowerBound) }
        }
    }
}
