import Policy
import Testing

/// Broken policies, each with the exact text that its author reads.
///
/// `RECORD_SNAPSHOTS=1 swift test --filter BrokenPolicyTests` rewrites the texts, and fails so that nobody takes a
/// recording for a test.
struct BrokenPolicyTests {
    static let names = Fixture.names(in: "broken", withExtension: "yaml")

    @Test func `there are enough of them to trust the wording`() {
        #expect(BrokenPolicyTests.names.count >= 70)
    }

    @Test(arguments: names)
    func `a broken policy says what is wrong, where, and what to write instead`(name: String) throws {
        let file = try Fixture.policy("broken", name)
        let result = PolicyCompiler.compile([file])
        let text = DiagnosticRenderer(files: [file]).text(result.diagnostics)
        let textName = name.replacing(".yaml", with: ".txt")
        if Fixture.isRecording {
            try Fixture.record(text, "broken", textName)
            Issue.record("recorded \(textName)")
        }
        #expect(text == Fixture.text("broken", textName))
        #expect(!result.diagnostics.isEmpty)
        #expect((result.snapshot == nil) == result.diagnostics.containsErrors)
        let source = SourceText(file.text)
        #expect(result.diagnostics.allSatisfy { isInside($0.span, of: source) })
    }

    @Test func `every text belongs to a policy`() {
        let texts = Fixture.names(in: "broken", withExtension: "txt")
        #expect(texts == BrokenPolicyTests.names.map { $0.replacing(".yaml", with: ".txt") })
    }
}

/// Whether a span lies inside the only file: on an existing line, and no further than just after its end.
func isInside(_ span: SourceSpan, of text: SourceText) -> Bool {
    span.file == 0 && (1...text.lineStarts.count).contains(span.line) && span.column >= 1
        && span.column - 1 <= text.line(span.line).count && span.length >= 0
        && span.endColumn - 1 <= text.line(span.line).count + 1
}
