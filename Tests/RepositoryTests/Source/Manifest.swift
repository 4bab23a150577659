/// What the rules need to know of `Package.swift`.
struct Manifest {
    /// One target.
    struct Target: Hashable {
        /// Its name.
        var name: String
        /// Where its files are.
        var directory: String
        /// Whether it holds tests.
        var isTest: Bool
        /// The line it is declared on.
        var line: Int
    }

    /// The targets, in their order.
    let targets: [Target]
    /// The addresses of the packages it depends on, and the lines they stand on.
    let addresses: [(text: String, line: Int)]

    /// Reads the manifest's tokens.
    init(_ file: SwiftFile) {
        var targets: [Target] = []
        var addresses: [(text: String, line: Int)] = []
        for index in file.tokens.indices where file.tokens[index].kind == .word {
            let word = file.tokens[index].text
            if word == "url", file.text(index + 1) == ":" {
                addresses.append((String(file.text(index + 2).dropFirst()), file.tokens[index].line))
            }
            let isTest = word == "testTarget"
            guard isTest || ["target", "executableTarget", "systemLibrary"].contains(word), file.text(index - 1) == ".",
                let name = Manifest.argument("name", file, callAt: index + 1)
            else { continue }
            let path = Manifest.argument("path", file, callAt: index + 1)
            targets.append(
                Target(
                    name: name, directory: path ?? (isTest ? "Tests/" : "Sources/") + name, isTest: isTest,
                    line: file.tokens[index].line))
        }
        self.targets = targets
        self.addresses = addresses
    }

    /// The text given for a label in the call whose parenthesis opens at an index.
    private static func argument(_ label: String, _ file: SwiftFile, callAt start: Int) -> String? {
        var depth = 0
        for index in start..<file.tokens.count {
            if ["(", "["].contains(file.text(index)) { depth += 1 }
            if [")", "]"].contains(file.text(index)) { depth -= 1 }
            if depth == 0 { return nil }
            if depth == 1, file.text(index) == label, file.text(index + 1) == ":" {
                return String(file.text(index + 2).dropFirst())
            }
        }
        return nil
    }
}
