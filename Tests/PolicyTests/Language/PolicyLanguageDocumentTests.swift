import Foundation
import Policy
import Testing

/// `docs/policy-language.md` is held against the compiler.
struct PolicyLanguageDocumentTests {
    private let page: String

    init() throws {
        page = try String(
            contentsOf: Fixture.repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
    }

    /// The codes in the table of checks, with the severity it states.
    private var codes: [String: String] {
        let rows = page.matches(of: /(?m)^\| `([a-z-]+)` \| (error|warning) \|/)
        return Dictionary(rows.map { (String($0.1), String($0.2)) }) { first, _ in first }
    }

    @Test func `its complete policy compiles, and its tests pass`() throws {
        let block = try #require(page.firstMatch(of: /```yaml\n(headgate: 1\n(?s:.*?))```/))
        let result = PolicyCompiler.compile([SourceFile(name: "page", text: String(block.1))])
        #expect(result.diagnostics.isEmpty)
        let snapshot = try #require(result.snapshot)
        #expect(result.tests.flatMap { $0.run(against: snapshot) }.isEmpty)
    }

    @Test func `every key of the language is on the page`() {
        for shape in MappingShape.language {
            for key in shape.keys {
                #expect(page.contains("`\(key)`") || page.contains("\(key): "), "\(key) of \(shape.noun)")
            }
        }
    }

    @Test func `every code of a broken policy is in its table, with the right severity`() throws {
        var seen: Set<String> = ["failed-test", "unreadable-file"]
        for name in BrokenPolicyTests.names {
            for diagnostic in PolicyCompiler.compile([try Fixture.policy("broken", name)]).diagnostics {
                seen.insert(diagnostic.code.name)
                #expect(codes[diagnostic.code.name] == diagnostic.severity.name, "\(diagnostic.code.name)")
            }
        }
        #expect(Set(codes.keys).subtracting(seen).sorted() == [], "codes that no broken policy shows")
    }
}
