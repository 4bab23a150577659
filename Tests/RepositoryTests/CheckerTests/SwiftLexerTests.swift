import Testing

@Suite struct `cutting Swift into tokens` {
    private func words(_ text: String) throws -> [String] { try SwiftLexer(text).tokens.map(\.text) }

    @Test func `what stands in strings and comments is no code`() throws {
        #expect(try words(#"let a = "fatalError() \" {" // try! {"#) == ["let", "a", "=", #""fatalError() \" {"#])
        #expect(try words("a /* b /* c */ d */ e") == ["a", "e"])
        #expect(try words(##"f(#"a\(b)"c"#)"##) == ["f", "(", ##""a\(b)"c"##, ")"])
        #expect(try words(###"(#""""#, "")"###) == ["(", "\"\"\"", ",", "\"", ")"])
    }

    @Test func `regular expressions are texts, and divisions are not`() throws {
        #expect(try words(#"f(/a"\/{/, #/b"/c/#)"#) == ["f", "(", #""a"\/{"#, ",", #""b"/c"#, ")"])
        #expect(try words("a / b + f(c)/2 / \"d\"").count == 12)
    }

    @Test func `what stands in an interpolation is code, also in a string in it`() throws {
        #expect(
            try words(#"print("a \(b["c \(d)"]) e")"#)
                == ["print", "(", "\"a ", "\\(", "b", "[", "\"c ", "\\(", "d", ")", "\"", "]", ")", "\" e", ")"])
    }

    @Test func `strings over several lines end at three quotes and keep the count of lines`() throws {
        let tokens = try SwiftLexer("let a = \"\"\"\n  one \"two\"\n  \\\n  \"\"\"\nlet b = 1").tokens
        #expect(tokens.filter { $0.kind == .string }.count == 1)
        #expect(tokens.last?.line == 5)
    }

    @Test func `an exclamation mark tells what it touches`() throws {
        let marks = try SwiftLexer("a! + !b != c\nd\n!e").tokens.filter { $0.text.hasPrefix("!") }
        #expect(marks.map(\.text) == ["!", "!", "!=", "!"])
        #expect(marks.map(\.touchesPrevious) == [true, false, false, false])
    }

    @Test func `raw identifiers, number signs and conditions are one token each`() throws {
        #expect(try words("func `a b`() { #expect }") == ["func", "`a b`", "(", ")", "{", "#expect", "}"])
        #expect(try words("#if os(Linux) && !X\na\n#endif") == ["#if os(Linux) && !X", "a", "#endif"])
    }

    @Test(arguments: ["let a = \"b\nc", "/* /* */", "let `a\nb`", "\"\\(a", "\"\"\"\n a"])
    func `what does not end is an error, not a wrong answer`(text: String) {
        #expect(throws: SwiftLexer.Failure.self) { try SwiftLexer(text) }
    }
}
