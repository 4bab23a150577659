import Policy
import Testing

/// Reading YAML into a tree with positions.
struct SourceReaderTests {
    private func rendered(_ text: String) -> String {
        let file = SourceFile(name: "policy.yaml", text: text)
        return DiagnosticRenderer(files: [file]).text(SourceReader.read(file).diagnostics)
    }

    /// Where something is wrong, and what kind of thing.
    private func places(_ text: String) -> [String] {
        SourceReader.read(SourceFile(name: "policy.yaml", text: text)).diagnostics.map {
            "\($0.span.line):\($0.span.column) \($0.code.name)"
        }
    }

    /// Writes a node as `kind@line:column+length`, recursively.
    private func outline(_ node: SourceNode) -> String {
        let place = "@\(node.span.line):\(node.span.column)+\(node.span.length)"
        switch node.content {
        case .null: return "null" + place
        case .scalar(let scalar): return scalar.text + place
        case .sequence(let items): return "[" + items.map(outline).joined(separator: ", ") + "]" + place
        case .mapping(let pairs):
            let inner = pairs.map {
                "\($0.key.text)@\($0.key.span.line):\($0.key.span.column)+\($0.key.span.length): \(outline($0.value))"
            }
            return "{" + inner.joined(separator: ", ") + "}" + place
        }
    }

    private func outline(of text: String) throws -> String {
        let result = SourceReader.read(SourceFile(name: "policy.yaml", text: text))
        #expect(result.diagnostics.isEmpty)
        return outline(try #require(result.node))
    }

    @Test func `every kind of value knows where it stands`() throws {
        let text = """
            plain: some text   # comment
            'single': 'it''s'
            "double": "a\\tb"
            list: [ a, "b" , {c: d} ]  # comment
            block:
              - é: x
              - |
                several
                lines
            nothing:
            tilde: ~
            anchored: &name value
            alias: *name
            """
        let found = try outline(of: text)
        #expect(
            found
                == "{plain@1:1+5: some text@1:8+9, single@2:1+8: it's@2:11+7, double@3:1+8: a\tb@3:11+6, "
                + "list@4:1+4: [a@4:9+1, b@4:12+3, {c@4:19+1: d@4:22+1}@4:18+6]@4:7+19, "
                + "block@5:1+5: [{é@6:5+1: x@6:8+1}@6:5+4, several\nlines\n@7:5+1]@6:3+6, "
                + "nothing@10:1+7: null@10:9+0, tilde@11:1+5: null@11:8+1, anchored@12:1+8: value@12:17+5, "
                + "alias@13:1+5: value@12:17+5}@1:1+28")
    }

    @Test func `all repeated keys are found, at every depth, with the rest of the file`() {
        let text = "a: 1\nb: { x: 1, x: 2, 'x': 3, y: *no }\na: 2\n\"a\": 3\nc*: 1\nc*: 2\n"
        #expect(
            places(text) == [
                "2:12 duplicate-key", "2:18 duplicate-key", "2:29 unknown-alias", "3:1 duplicate-key",
                "4:1 duplicate-key", "6:1 duplicate-key",
            ])
    }

    @Test func `a mapping with a repeated key keeps both, and says which came first`() throws {
        let result = SourceReader.read(SourceFile(name: "policy.yaml", text: "tier: 1\ntier: 2\n"))
        guard case .mapping(let pairs) = try #require(result.node).content else {
            Issue.record("not a mapping")
            return
        }
        #expect(pairs.map(\.key.text) == ["tier", "tier"])
        #expect(pairs.map(\.firstWritten?.line) == [nil, 1])
    }

    @Test(arguments: [
        ("a: [1, 2\nb: 3\n", "2:2 invalid-syntax"), ("a: [1, 2\n\n", "1:4 invalid-syntax"),
        ("a: {b: 1\n", "1:4 invalid-syntax"), ("a: \"open\nb: 1\n", "1:4 invalid-syntax"),
        ("a: 'x' y", "1:8 invalid-syntax"), ("a:\n  - b\n c: d", "3:2 invalid-syntax"),
        ("a: b: c", "1:5 invalid-syntax"), ("key\nother: 1", "2:6 invalid-syntax"), ("@x: 1", "1:1 invalid-syntax"),
        ("a: \"\\q\"", "1:5 invalid-syntax"), ("a: &", "1:4 invalid-syntax"), ("a: * /v1", "1:4 invalid-syntax"),
        ("%FOO\n", "1:1 invalid-syntax"), ("- - - [", "1:7 invalid-syntax"), ("}", "1:1 invalid-syntax"),
        ("a:\n\tb: 1", "2:1 tab-indentation"), ("a:\n  \tb: 1", "2:3 tab-indentation"),
        ("--- a\n--- b", "2:1 several-documents"), ("", "1:1 empty-file"), ("  \n# words\n", "1:1 empty-file"),
        ("? [a]\n: b", "1:3 invalid-key"), ("&x a: 1\n*x : b", "2:1 invalid-key"), ("'': b", "1:1 invalid-key"),
        ("a: *b", "1:4 unknown-alias"), ("&a [*a]", "1:5 unknown-alias"),
        ("a: &a {}\n<<: *a", "2:1 unsupported-syntax"),
        ("a: !mine x", "1:4 unsupported-syntax"), ("a: \u{0}", "1:4 invalid-character"),
        ("a: \u{E000}", "1:4 invalid-character"),
    ])
    func `a mistake in the syntax is found where it is`(text: String, place: String) {
        #expect(places(text) == [place])
    }

    @Test func `what cannot be YAML is explained in plain words`() {
        #expect(
            rendered("match: * /v1/envelopes\n") == """
                policy.yaml:1:8: error: a text that begins with `*` needs quotes, because `*` is YAML's mark \
                for aliases [invalid-syntax]
                  match: * /v1/envelopes
                         ^~~~~~~~~~~~~~~
                  help: write it in quotes: "* /v1/envelopes"

                """)
        #expect(
            rendered("a:\n\tb: 1\n") == """
                policy.yaml:2:1: error: a tab stands in the indentation; YAML indents with spaces only [tab-indentation]
                   b: 1
                  ^
                  help: replace each tab by two spaces

                """)
    }

    @Test func `bytes that are not UTF-8 are diagnosed, and reading goes on`() {
        let bytes = Array("a: ".utf8) + [0xFF, 0xFE] + Array("\nb: 1\nb: 2".utf8)
        let file = SourceFile(name: "policy.yaml", bytes: bytes)
        let found = SourceReader.read(file).diagnostics.map { "\($0.span.line):\($0.span.column) \($0.code.name)" }
        #expect(found == ["1:4 invalid-character", "3:1 duplicate-key"])
    }

    @Test func `a byte order mark is no part of the text`() throws {
        #expect(try outline(of: "\u{FEFF}a: b") == "{a@1:1+1: b@1:4+1}@1:1+4")
    }

    @Test func `texts with stars keep them`() throws {
        #expect(try outline(of: "a*: ['**', b*]") == "{a*@1:1+2: [**@1:6+4, b*@1:12+2]@1:5+10}@1:1+14")
    }

    @Test func `a part of a text has a place of its own where the file has the text as it is`() throws {
        let result = SourceReader.read(SourceFile(name: "policy.yaml", text: "a: \"GET /é/{x\"\nb: \"a\\tb\"\n"))
        guard case .mapping(let pairs) = try #require(result.node).content else {
            Issue.record("not a mapping")
            return
        }
        #expect(pairs[0].value.span(utf8Offset: 8, length: 2) == SourceSpan(file: 0, line: 1, column: 12, length: 2))
        #expect(pairs[1].value.span(utf8Offset: 1, length: 1) == pairs[1].value.span)
        #expect(pairs[0].value.span(utf8Offset: 100, length: 1) == pairs[0].value.span)
    }

    @Test func `a billion laughs are refused once`() {
        var text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
            text += "l\(level): &l\(level) [\(aliases)]\n"
        }
        text += "? *l9\n: x\n? [*l9]\n: y\n"
        #expect(places(text) == ["5:45 too-large", "11:3 invalid-key", "13:3 invalid-key"])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "], [31, 32, 900, 5_000])
    func `nesting is bounded`(piece: String, count: Int) {
        let closing = ["[": "]", "{a: ": "}"][piece] ?? ""
        let text = String(repeating: piece, count: count) + "x" + String(repeating: closing, count: count)
        let found = places(text).map { $0.split(separator: " ")[1] }
        #expect(found == (piece == "? " && count < 1_000 ? ["invalid-key"] : count < 32 ? [] : ["too-large"]))
    }

    @Test func `so many repetitions that reading stops are still all said`() {
        let text = (0..<200).map { "key: \($0)\n" }.joined()
        let found = places(text)
        #expect(found.count == SourceReader.parsesMax)
        #expect(found.allSatisfy { $0.hasSuffix("duplicate-key") })
    }

    @Test func `a file beyond the limit is refused before it is read`() {
        #expect(places(String(repeating: "x", count: SourceReader.byteCountMax + 1)) == ["1:1 too-large"])
    }

    @Test func `a large file with everything in one line takes a moment, not an age`() throws {
        let text = "[" + String(repeating: "{a: 1, b: [x]},", count: 20_000) + "]"
        let result = SourceReader.read(SourceFile(name: "policy.yaml", text: text))
        guard case .sequence(let items) = try #require(result.node).content else {
            Issue.record("not a list")
            return
        }
        #expect(items.count == 20_000)
        #expect(items[19_999].span == SourceSpan(file: 0, line: 1, column: 299_987, length: 14))
    }

    @Test func `nesting is reported where it becomes too deep`() {
        #expect(places(String(repeating: "{a: ", count: 5_000)) == ["1:129 too-large"])
    }
}
