internal import Policy

/// What the tests of a policy gave.
struct PolicyTestReport {
    private let results: [(test: PolicyTest, mismatches: [PolicyTest.Mismatch])]
    private let files: [SourceFile]

    /// Runs the tests.
    init(tests: [PolicyTest], snapshot: Snapshot, files: [SourceFile]) {
        results = tests.map { ($0, $0.run(against: snapshot)) }
        self.files = files
    }

    /// How many tests failed.
    var failureCount: Int { results.filter { !$0.mismatches.isEmpty }.count }

    /// For people: a difference for each test that fails, then the sum.
    func text(isColoured: Bool) -> String {
        func painted(_ text: String, _ code: String) -> String {
            isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
        }
        var text = ""
        for (test, mismatches) in results where !mismatches.isEmpty {
            let place = mismatches.first.map { "\(files[$0.span.file].name):\($0.span.line)" } ?? ""
            text += "\(place): \(painted("failed:", "1;31")) \(test.name)\n"
            for mismatch in mismatches {
                text += painted("  - \(mismatch.member): \(mismatch.expected)\n", "31")
                text += painted("  + \(mismatch.member): \(mismatch.found)\n", "32")
            }
        }
        if results.isEmpty { return "no tests: add a section 'tests:' to the policy\n" }
        return text + "\(results.count - failureCount) passed, \(failureCount) failed\n"
    }

    /// For pipelines, where there is nothing to test: `diagnostics` is a JSON array.
    static func json(refused diagnostics: String) -> String {
        "{\"passed\":0,\"failed\":0,\"tests\":[],\"diagnostics\":\(diagnostics)}\n"
    }

    /// For pipelines.
    var json: String {
        let items = results.map { test, mismatches in
            let rows = mismatches.map {
                "{\"member\":\(JSONText.quote($0.member)),\"expected\":\(JSONText.quote($0.expected)),"
                    + "\"found\":\(JSONText.quote($0.found)),\"line\":\($0.span.line)}"
            }
            return "  {\"name\":\(JSONText.quote(test.name)),\"passed\":\(mismatches.isEmpty),"
                + "\"mismatches\":[\(rows.joined(separator: ","))]}"
        }
        return "{\"passed\":\(results.count - failureCount),\"failed\":\(failureCount),\"tests\":[\n"
            + items.joined(separator: ",\n") + "\n]}\n"
    }
}
