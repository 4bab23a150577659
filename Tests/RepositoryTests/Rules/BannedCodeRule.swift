/// What must not stand in `Sources`: ways to crash, loose ends, loose tasks, hidden inputs.
enum BannedCodeRule {
    /// What one file has of it.
    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.area == "Sources" else { return [] }
        let checks = [crash, looseTask, output] + (Room.named(file.target)?.isPure == true ? [hiddenInput] : [])
        var found = looseEnds(in: file)
        for index in file.tokens.indices where file.tokens[index].kind == .word || file.text(index) == "!" {
            for check in checks {
                guard let message = check(file, index) else { continue }
                found.append(Violation(file.path, file.tokens[index].line, message))
            }
        }
        return found
    }

    private static func crash(_ file: SwiftFile, _ index: Int) -> String? {
        let token = file.tokens[index]
        if token.kind == .word, token.text == "fatalError", file.text(index + 1) == "(" {
            return "fatalError: use precondition with the values in the text, or an error"
        }
        // Behind a value and touching it, an exclamation mark is no negation: `x!`, `f()!`, `a[0]!`, `try!`, `as!`,
        // `Int!`.
        guard token.text == "!", token.kind == .symbol, token.touchesPrevious, index > 0 else { return nil }
        let previous = file.tokens[index - 1]
        let isValue = previous.kind == .word || previous.kind == .string
        guard isValue || [")", "]", "}", ">", "?", "!"].contains(previous.text) else { return nil }
        return "\(previous.text)!: unwrap with guard, throw, or state the precondition"
    }

    private static func looseTask(_ file: SwiftFile, _ index: Int) -> String? {
        let token = file.tokens[index]
        guard file.target != "headgate", token.kind == .word, token.text == "Task" else { return nil }
        let makers: Set = ["detached", "immediate", "immediateDetached", "init"]
        guard ["{", "("].contains(file.text(index + 1)) || makers.contains(file.text(index + 2)) else { return nil }
        return "a loose task: nobody waits for it, nobody hears of its errors; use a task group"
    }

    private static func output(_ file: SwiftFile, _ index: Int) -> String? {
        let token = file.tokens[index]
        guard file.target != "headgate", ["print", "debugPrint", "dump"].contains(token.text), token.kind == .word,
            file.text(index + 1) == "(", ![".", "func"].contains(file.text(index - 1))
        else { return nil }
        return "\(token.text): only the command line writes to standard output"
    }

    private static func hiddenInput(_ file: SwiftFile, _ index: Int) -> String? {
        HiddenInput.input(in: file, at: index) ?? HiddenInput.chance(in: file, at: index)
    }

    private static func looseEnds(in file: SwiftFile) -> [Violation] {
        file.comments.flatMap { comment in
            let words = comment.text.split { !$0.isLetter }
            return ["TODO", "FIXME"].filter { words.contains(Substring($0)) }.map {
                Violation(file.path, comment.lines.lowerBound, "\($0): do it now, or write an issue")
            }
        }
    }
}
