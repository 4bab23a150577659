/// What other files can see has a comment that says what it is.
///
/// Asked of types, functions, computed properties, initializers with logic, everything that is marked `package`, and
/// what a protocol asks for. Not asked of what is described where it was named first: what a conforming type does for a
/// protocol, members of an extension that conforms, operators, overrides. Nor of initializers that only store.
struct DocumentationRule {
    /// Our own protocols.
    private let protocols: Set<String>
    /// What our own protocols ask for, and with it describe.
    private let requirements: Set<String>

    /// Reads the protocols of all files.
    init(_ files: [SwiftFile]) {
        let protocols = files.flatMap { file in file.declarations.filter { $0.keyword == "protocol" }.map(\.name) }
        let requirements = files.flatMap { file in
            file.declarations.filter { $0.parent.map { file.declarations[$0].keyword } == "protocol" }.map(\.name)
        }
        self.protocols = Set(protocols)
        self.requirements = Set(requirements)
    }

    /// What protocols of NIO, of the argument parser and of the standard library name, wherever a type implements it.
    private static let namedElsewhere: Set = [
        "channelActive", "channelInactive", "channelRead", "channelReadComplete", "channelWritabilityChanged", "encode",
        "errorCaught", "handlerAdded", "handlerRemoved", "hash", "next", "run", "userInboundEventTriggered", "validate",
    ]

    /// The declarations of one file that lack a comment.
    func violations(in file: SwiftFile) -> [Violation] {
        guard file.area == "Sources" else { return [] }
        return file.declarations.filter { isAskedFor($0, file) && !isDocumented($0, file) }.map {
            Violation(file.path, $0.keywordLine, "\($0.keyword) \($0.name): say what it is in a /// comment")
        }
    }

    private func isDocumented(_ declaration: Declaration, _ file: SwiftFile) -> Bool {
        file.comments(rightAbove: declaration.lines.lowerBound).contains(where: \.isDocumentation)
    }

    private func isAskedFor(_ declaration: Declaration, _ file: SwiftFile) -> Bool {
        let around = file.chain(from: declaration.parent)
        guard !declaration.isLocal, !declaration.isPrivate, !declaration.modifiers.contains("override"),
            !around.contains(where: { $0.isPrivate || $0.isLocal || $0.isFunction })
        else { return false }
        let conforms = around.first?.hasInheritanceClause == true
        let isWitness = isWitness(declaration, of: around.first, file)
        let isPackage = declaration.modifiers.contains("package") || around.first?.keyword == "protocol"
        switch declaration.keyword {
        case "struct", "class", "enum", "actor", "protocol": return true
        // A shorthand that keeps the name says nothing new.
        case "typealias": return !conforms && file.text(declaration.tokens.upperBound - 1) != declaration.name
        case "func", "subscript": return !isWitness && !DocumentationRule.isOperator(declaration.name)
        case "init": return !isWitness && (isPackage || !DocumentationRule.onlyStores(declaration, file))
        case "let": return !isWitness && isPackage
        case "var": return !isWitness && (isPackage || DocumentationRule.isComputed(declaration, file))
        default: return false
        }
    }

    /// Whether a protocol describes what a member of a type does.
    private func isWitness(_ declaration: Declaration, of type: Declaration?, _ file: SwiftFile) -> Bool {
        guard let type, type.keyword != "protocol" else { return false }
        let isNamedElsewhere =
            type.keyword == "extension" || DocumentationRule.namedElsewhere.contains(declaration.name)
        if type.hasInheritanceClause, isNamedElsewhere { return true }
        let head = type.tokens.lowerBound..<(type.body?.lowerBound ?? type.tokens.upperBound)
        return requirements.contains(declaration.name) && head.contains { protocols.contains(file.text($0)) }
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
