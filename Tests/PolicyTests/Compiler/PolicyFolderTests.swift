import Policy
import Testing

/// A policy in several files.
struct PolicyFolderTests {
    private let small = SmallPolicy()

    private func places(_ texts: [String]) -> [String] {
        let files = texts.enumerated().map { SourceFile(name: "\($0.offset).yaml", text: $0.element) }
        return PolicyCompiler.compile(files).diagnostics.map {
            "\($0.span.file):\($0.span.line):\($0.span.column) \($0.code.name)"
                + $0.notes.map { " → \($0.span.file):\($0.span.line):\($0.span.column)" }.joined()
        }
    }

    @Test func `sections with names may be spread over files`() {
        #expect(
            places([
                small.head + small.tiers,
                small.classes + "operations: { read: { match: GET /v1/items } }\n",
                "headgate: 1\n" + small.plans + "operations: { write: { match: POST /v1/items } }\n",
                "classes: { batch: { tier: business, consequence: low, owner: data } }\n",
            ]).isEmpty)
    }

    @Test func `a name that two files have is reported with both places`() {
        #expect(
            places([
                small.text, "classes:\n  batch: { tier: business, consequence: low, owner: data }\n  interactive: {}\n",
                "plans: { standard: { tenant: { rate: 5/s } } }\n",
            ]) == [
                "1:3:3 duplicate-key → 0:6:3", "2:1:10 duplicate-key → 0:8:10",
            ])
    }

    @Test func `what a policy has once stands in one file`() {
        #expect(
            places([
                small.text, "name: other\ntiers: [ { name: top } ]\nservice: { rate: 5/s }\n",
                "service: { rate: 6/s }\n",
            ]) == [
                "1:1:1 duplicate-key → 0:2:1", "1:2:1 duplicate-key → 0:4:1", "2:1:1 duplicate-key → 1:3:1",
            ])
    }

    @Test func `a file that cannot be read hides no mistake of the others, and invents none`() {
        #expect(places([small.text, "plans: [", "tires: 5\n"]) == ["1:1:8 invalid-syntax", "2:1:1 unknown-key"])
        #expect(places(["classes: [", small.head]) == ["0:1:10 invalid-syntax"])
    }

    @Test func `no file at all is an error`() {
        let result = PolicyCompiler.compile([])
        #expect(result.snapshot == nil)
        #expect(result.diagnostics.map(\.code) == [.emptyFile])
    }
}
