import Foundation
import Testing

@testable import Policy

/// `docs/path-matching.md` shows a policy and what becomes of requests; both are taken from the page and tried.
struct PathMatchingDocumentTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        page = try String(contentsOf: root.appending(path: "docs/path-matching.md"), encoding: .utf8)
    }

    private var operations: [(name: String, pattern: String)] {
        page.matches(of: /(?m)^ +([a-z-]+): +\{ match: "([^"]+)"/).map { (String($0.1), String($0.2)) }
    }

    private var examples: [(request: String, result: String)] {
        page.matches(of: /(?m)^\| `([A-Za-z]+ [^`]+)` \| (.+) \|$/).map { (String($0.1), String($0.2)) }
    }

    @Test func `the examples on the page are what the matcher does`() throws {
        let operations = operations
        #expect(operations.count == 6)
        let matcher = OperationMatcher(patterns: try numbered(operations.map(\.pattern)))
        #expect(examples.count > 40)
        for (request, result) in examples {
            let words = request.split(separator: " ", maxSplits: 1).map(String.init)
            let found =
                switch matcher.match(method: words[0], path: words[1]) {
                case .operation(let number): "`\(operations[number].name)`"
                case .none: "nothing"
                case .refused(let problem): "refused: `\(problem.rawValue)`"
                }
            #expect(found == result, "\(request)")
        }
    }

    @Test(arguments: PathProblem.allCases) func `every problem stands on the page`(problem: PathProblem) {
        #expect(page.contains("`\(problem.rawValue)`"))
    }
}
