import Foundation
import Policy
import Testing

/// How diagnostics look to people and to tools.
struct DiagnosticRendererTests {
    private let file = SourceFile(name: "policy.yaml", text: "first: 1\n\tsécond: \"two\"\n")

    private func diagnostic(_ line: Int, _ column: Int, _ length: Int, notes: [Diagnostic.Note] = []) -> Diagnostic {
        Diagnostic(
            .error, .unknownKey, "no such key", at: SourceSpan(file: 0, line: line, column: column, length: length),
            suggestion: "write \"another\"", notes: notes)
    }

    @Test func `the text shows the place, the line, an underline and help`() {
        let note = Diagnostic.Note("it is first written here", at: SourceSpan(file: 0, line: 1, column: 1, length: 5))
        #expect(
            DiagnosticRenderer(files: [file]).text([diagnostic(2, 2, 6, notes: [note])]) == """
                policy.yaml:2:2: error: no such key [unknown-key]
                   sécond: "two"
                   ^~~~~~
                  help: write "another"
                  note: policy.yaml:1:1: it is first written here

                """)
    }

    @Test func `colours are added only when asked for`() {
        let text = DiagnosticRenderer(files: [file], isColoured: true).text([diagnostic(1, 1, 5)])
        #expect(text.hasPrefix("\u{1B}[1mpolicy.yaml:1:1:\u{1B}[0m \u{1B}[1;31merror:\u{1B}[0m no such key"))
        #expect(!DiagnosticRenderer(files: [file]).text([diagnostic(1, 1, 5)]).contains("\u{1B}"))
    }

    @Test func `a key that was put into the wrong place is not shown, and the underline stays where it was`() {
        let key = "hg_live_7Q2M9X4C8H1V5T3ZKJ6RB0WNDYGPASEF3K9QX0M"
        let masked = "hg_live_" + String(repeating: "*", count: 39)
        let renderer = DiagnosticRenderer(files: [SourceFile(name: "directory.yaml", text: "  \(key): yes\n")])
        let diagnostic = Diagnostic(
            .error, .unknownKey, "no such key `\(key)`", at: SourceSpan(file: 0, line: 1, column: 3, length: 47),
            suggestion: "remove \(key)", notes: [.init(key, at: SourceSpan(file: 0, line: 1, column: 3, length: 47))])
        #expect(
            renderer.text([diagnostic]) == """
                directory.yaml:1:3: error: no such key `\(masked)` [unknown-key]
                    \(masked): yes
                    ^\(String(repeating: "~", count: 46))
                  help: remove \(masked)
                  note: directory.yaml:1:3: \(masked)

                """)
        #expect(!renderer.json([diagnostic]).contains("7Q2M"))
    }

    @Test func `what a stranger wrote cannot disturb the terminal`() {
        let file = SourceFile(name: "a\u{1B}[2J.yaml", text: "a: \u{202E}b\u{9B}31m\n")
        let evil = Diagnostic(
            .warning, .noSuchThing, "evil \u{1B}[31m", at: SourceSpan(file: 0, line: 1, column: 4, length: 2),
            suggestion: "\u{7}")
        let text = DiagnosticRenderer(files: [file]).text([evil])
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }

    @Test func `a long line is cut so that the underlined part stays in view`() {
        let long = SourceFile(
            name: "p", text: String(repeating: "x", count: 500) + "HERE" + String(repeating: "y", count: 500))
        let text = DiagnosticRenderer(files: [long]).text([diagnostic(1, 501, 4)])
        let lines = text.split(separator: "\n").map { Array($0) }
        #expect(lines[1].count <= 162)
        let start = lines[2].firstIndex(of: "^") ?? 0
        #expect(String(lines[1][start..<start + 4]) == "HERE")
        #expect(lines[2].count == start + 4)
    }

    @Test func `a place outside of the files is no crash`() {
        let renderer = DiagnosticRenderer(files: [])
        #expect(renderer.text([diagnostic(9, 9, 9)]).hasPrefix("?:9:9: error: no such key"))
        #expect(renderer.json([diagnostic(9, 9, 9)]).contains("\"file\":\"?\""))
    }

    @Test func `JSON has stable members and escapes what it must`() throws {
        let note = Diagnostic.Note("tab\there", at: SourceSpan(file: 0, line: 1, column: 1, length: 5))
        let json = DiagnosticRenderer(files: [file]).json([diagnostic(2, 2, 6, notes: [note]), diagnostic(1, 1, 5)])
        #expect(
            json == #"""
                [
                  {"file":"policy.yaml","line":2,"column":2,"endColumn":8,"severity":"error","code":"unknown-key",\#
                "message":"no such key","suggestion":"write \"another\"","notes":[{"file":"policy.yaml","line":1,\#
                "column":1,"endColumn":6,"message":"tab\there"}]},
                  {"file":"policy.yaml","line":1,"column":1,"endColumn":6,"severity":"error","code":"unknown-key",\#
                "message":"no such key","suggestion":"write \"another\"","notes":[]}
                ]

                """#)
        let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        #expect(parsed?.count == 2)
        #expect(DiagnosticRenderer(files: [file]).json([]) == "[]\n")
    }

    @Test func `diagnostics come in the order of the files, errors first, each once`() {
        let warning = Diagnostic(
            .warning, .unknownKey, "odd", at: SourceSpan(file: 0, line: 1, column: 1, length: 5))
        let ordered = [diagnostic(2, 1, 1), warning, diagnostic(1, 1, 5), diagnostic(2, 1, 1)].inOrder()
        #expect(ordered.map(\.severity) == [.error, .warning, .error])
        #expect(ordered.map(\.span.line) == [1, 1, 2])
    }

    @Test func `a log keeps a thousand and counts the rest, and forgets no error`() {
        var log = DiagnosticLog()
        for line in 1...1_000 {
            log.warning(.unknownKey, "odd", at: SourceSpan(file: 0, line: line, column: 1, length: 1))
        }
        #expect(!log.containsErrors)
        log.error(.unknownKey, "wrong", at: SourceSpan(file: 0, line: 5, column: 1, length: 1))
        #expect(log.containsErrors)
        #expect(log.diagnostics.count == 1_001)
        #expect(log.diagnostics.containsErrors)
        #expect(log.diagnostics.last?.message == "1 more mistake is not listed")
    }
}

extension DiagnosticCode {
    fileprivate static let noSuchThing = DiagnosticCode("no-such-thing")
}
