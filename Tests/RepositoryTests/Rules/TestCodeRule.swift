/// What must not stand in tests that run without a server: waiting, and chance that cannot be replayed.
enum TestCodeRule {
    /// Where tests drive real servers, and so have to wait for them.
    static let areaThatMayWait = "Tests/Integration/"

    /// What one file of `Tests` has of it.
    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.area == "Tests" else { return [] }
        var found = file.declarations.filter { $0.keyword == "import" && $0.name == "XCTest" }.map {
            Violation(file.path, $0.keywordLine, "XCTest: write it with Swift Testing")
        }
        guard !file.path.hasPrefix(areaThatMayWait) else { return found }
        for index in file.tokens.indices {
            guard let message = wait(file, index) ?? HiddenInput.chance(in: file, at: index) else { continue }
            found.append(Violation(file.path, file.tokens[index].line, message))
        }
        return found
    }

    private static func wait(_ file: SwiftFile, _ index: Int) -> String? {
        let token = file.tokens[index]
        guard token.kind == .word, ["sleep", "usleep", "nanosleep"].contains(token.text), file.text(index + 1) == "("
        else { return nil }
        return "\(token.text): turn a clock that the test owns, or wait for the event itself"
    }
}
