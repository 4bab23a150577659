/// What other files can see has a comment that says what it is.
///
/// Asked of types, functions, computed properties, initializers with logic, everything that is marked `package`, and
/// what a protocol asks for. Not asked of what a protocol elsewhere has named and described (members of an extension
/// that conforms, the types a conforming type chooses, operators, overrides), nor of initializers that only store
/// arguments.
enum DocumentationRule {
    /// What protocols of NIO, of the argument parser and of the standard library name, wherever a type implements it.
    private static let namedElsewhere: Set = [
        "channelActive", "channelInactive", "channelRead", "channelReadComplete", "channelWritabilityChanged", "encode",
        "errorCaught", "handlerAdded", "handlerRemoved", "hash", "next", "run", "userInboundEventTriggered", "validate",
    ]

    /// The declarations of one file that lack a comment.
    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.area == "Sources" else { return [] }
        return file.declarations.filter { isAskedFor($0, file) && !isDocumented($0, file) }.map {
            Violation(file.path, $0.keywordLine, "\($0.keyword) \($0.name): say what it is in a /// comment")
        }
    }

    private static func isDocumented(_ declaration: Declaration, _ file: SwiftFile) -> Bool {
        file.comments(rightAbove: declaration.lines.lowerBound).contains(where: \.isDocumentation)
    }

    private static func isAskedFor(_ declaration: Declaration, _ file: SwiftFile) -> Bool {
        let around = file.chain(from: declaration.parent)
        guard !declaration.isLocal, !declaration.isPrivate, !declaration.modifiers.contains("override"),
            !around.contains(where: { $0.isPrivate || $0.isLocal || $0.isFunction })
        else { return false }
        let conforms = around.first?.hasInheritanceClause == true
        let isWitness = conforms && (around.first?.keyword == "extension" || namedElsewhere.contains(declaration.name))
        let isPackage = declaration.modifiers.contains("package") || around.first?.keyword == "protocol"
        switch declaration.keyword {
        case "struct", "class", "enum", "actor", "protocol": return true
        case "typealias": return !conforms
        case "func", "subscript": return !isWitness && !isOperator(declaration.name)
        case "init": return !isWitness && (isPackage || !onlyStores(declaration, file))
        case "var", "let": return !isWitness && (isPackage || isComputed(declaration, file))
        default: return false
        }
    }

    private static func isOperator(_ name: String) -> Bool {
        name.unicodeScalars.allSatisfy { !$0.properties.isAlphabetic && $0 != "_" && $0 != "`" }
    }

    private static func isComputed(_ declaration: Declaration, _ file: SwiftFile) -> Bool {
        guard let body = declaration.body else { return false }
        return !file.tokens[declaration.tokens.lowerBound..<body.lowerBound].contains { $0.text == "=" }
    }

    /// Whether every statement of an initializer's body is `name = argument` or `self.name = argument`.
    private static func onlyStores(_ declaration: Declaration, _ file: SwiftFile) -> Bool {
        guard let body = declaration.body else { return false }
        var next = body.lowerBound
        while next < body.upperBound {
            if file.text(next) == "self", file.text(next + 1) == "." { next += 2 }
            guard next + 2 < body.upperBound, file.tokens[next].kind == .word, file.text(next + 1) == "=",
                file.tokens[next + 2].kind == .word
            else { return false }
            next += 3
            guard next == body.upperBound || file.tokens[next].startsLine else { return false }
        }
        return true
    }
}
