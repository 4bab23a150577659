/// Clocks and chance that no caller handed in: with them the same input does not give the same output.
enum HiddenInput {
    private static let inputs: Set = [
        "UUID", "ContinuousClock", "SuspendingClock", "SystemClock", "clock_gettime", "gettimeofday",
        "mach_absolute_time",
        "DispatchTime", "DispatchWallTime",
    ]
    private static let generators: Set = ["SystemRandomNumberGenerator", "arc4random", "getrandom", "getentropy"]
    private static let draws: Set = ["random", "randomElement", "shuffled", "shuffle"]

    /// What is wrong with the token at an index, if it reads a clock or makes a name that was never there before.
    static func input(in file: SwiftFile, at index: Int) -> String? {
        let token = file.tokens[index]
        guard token.kind == .word else { return nil }
        let isDate = token.text == "Date" && ["(", "."].contains(file.text(index + 1))
        return isDate || inputs.contains(token.text) ? "\(token.text): comes in from the caller, as a number" : nil
    }

    /// What is wrong with the token at an index, if it draws from a source that has no seed.
    static func chance(in file: SwiftFile, at index: Int) -> String? {
        let token = file.tokens[index]
        guard token.kind == .word else { return nil }
        if generators.contains(token.text) { return "\(token.text): chance comes in from the caller, with a seed" }
        guard draws.contains(token.text), file.text(index - 1) == ".", file.text(index + 1) == "(",
            ["in", ")"].contains(file.text(index + 2)), !hasGenerator(file, callAt: index + 1)
        else { return nil }
        return ".\(token.text) without using: chance comes in from the caller, with a seed"
    }

    /// Whether the call whose parenthesis opens at an index is given a generator.
    private static func hasGenerator(_ file: SwiftFile, callAt start: Int) -> Bool {
        var depth = 0
        for index in start..<file.tokens.count {
            if ["(", "[", "\\("].contains(file.text(index)) { depth += 1 }
            if [")", "]"].contains(file.text(index)) { depth -= 1 }
            if depth == 1, file.text(index) == "using", file.text(index + 1) == ":" { return true }
            if depth == 0 { return false }
        }
        return false
    }
}
