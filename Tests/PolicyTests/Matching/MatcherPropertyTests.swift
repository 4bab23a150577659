import Testing

@testable import Policy

struct MatcherPropertyTests {
    private static let methods = ["GET", "HEAD", "POST", "ANY"]

    /// Every pattern text with up to two segments from the words, with and without `**` behind it.
    private func shapes(_ words: [String]) -> [String] {
        sequences(of: words, upTo: 2).flatMap { segments in
            let path = segments.map { "/" + $0 }.joined()
            return [path.isEmpty ? "/" : path, path + "/**"]
        }
    }

    private func check(_ patterns: [(operation: Int, pattern: OperationPattern)], _ paths: [[String]]) -> String? {
        let matcher = OperationMatcher(patterns: patterns)
        let oracle = SlowMatcher(patterns: patterns)
        for path in paths {
            for method in ["GET", "HEAD", "POST"] {
                let expected = oracle.match(method: method, segments: path).map(MatchResult.operation) ?? .none
                let found = matcher.match(method: method, path: "/" + path.joined(separator: "/"))
                guard found != expected else { continue }
                return "\(patterns.map(\.pattern)) \(method) \(path): \(found), not \(expected)"
            }
        }
        return nil
    }

    @Test func `every pair of small patterns is matched as the oracle says`() throws {
        let texts = shapes(["a", "*"]).flatMap { path in Self.methods.map { "\($0) \(path)" } }
        let patterns = try numbered(texts)
        let paths = sequences(of: ["a", "c"], upTo: 3)
        for one in patterns {
            for other in patterns { #expect(check([one, other], paths) == nil) }
        }
    }

    @Test func `every triple of small paths is matched as the oracle says`() throws {
        let patterns = try numbered(shapes(["a", "*"]).map { "GET \($0)" })
        let paths = sequences(of: ["a", "c"], upTo: 3)
        for one in patterns {
            for other in patterns {
                for third in patterns { #expect(check([one, other, third], paths) == nil) }
            }
        }
    }

    @Test(arguments: 0..<40) func `random policies are matched as the oracle says`(seed: Int) throws {
        var random = MatchingRandom(seed: UInt64(seed))
        let words = (0..<Int.random(in: 1...6, using: &random)).map { "w\($0)" }
        let texts = (0..<Int.random(in: 1...60, using: &random)).map { _ in
            var path = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                random.chance(40) ? "/*" : "/" + random.pick(words)
            }
            if random.chance(25) { path.append("/**") }
            return "\(random.pick(Self.methods)) \(path.isEmpty ? "/" : path.joined())"
        }
        let paths = (0..<60).map { _ in
            (0..<Int.random(in: 0...8, using: &random)).map { _ in random.chance(20) ? "x" : random.pick(words) }
        }
        #expect(check(try numbered(texts), paths) == nil, "seed \(seed)")
    }

    @Test func `a match takes as many steps with ten operations as with ten thousand`() throws {
        func matcher(operations: Int) throws -> OperationMatcher {
            OperationMatcher(
                patterns: try numbered((0..<operations).map { "GET /v1/resource\($0)/{id}/items/{item}" }))
        }
        let (small, large) = (try matcher(operations: 10), try matcher(operations: 10_000))
        let method = Array("GET".utf8)
        for path in ["/v1/resource7/12/items/9", "/v1/resource7/12", "/v1/unknown/12/items/9", "/"] {
            let path = Array(path.utf8)
            let (few, many) = (
                small.trace(method: method.span, path: path.span), large.trace(method: method.span, path: path.span)
            )
            #expect(few.result == many.result)
            #expect(few.steps == many.steps)
        }
        let last = Array("/v1/resource9999/1/items/2".utf8)
        #expect(large.trace(method: method.span, path: last.span) == (.operation(9_999), 6))
        #expect(large.stepsMax == 6)
        #expect(large.edges.probesMax < 64 && large.leaves.probesMax < 64 && large.literals.probesMax < 64)
    }

    @Test func `no path takes more steps than the matcher says, not even in a policy made to go back`() throws {
        let patterns = try numbered(
            sequences(of: ["a", "*"], upTo: 8).filter { $0.count == 8 }
                .map { "GET /" + $0.joined(separator: "/") + "/end" })
        let matcher = OperationMatcher(patterns: patterns)
        #expect(matcher.stepsMax == 767)  // 2⁰ + … + 2⁸ nodes on the way, and 2⁸ literals at the end
        let path = Array((String(repeating: "/a", count: 8) + "/other").utf8)
        let method = Array("GET".utf8)
        let trace = matcher.trace(method: method.span, path: path.span)
        #expect(trace == (.none, 511))
        let hit = Array((String(repeating: "/b", count: 8) + "/end").utf8)
        #expect(matcher.trace(method: method.span, path: hit.span) == (.operation(255), 10))
    }

    @Test(arguments: 0..<20) func `random paths stay within the bound on steps`(seed: Int) throws {
        var random = MatchingRandom(seed: UInt64(seed))
        let texts = (0..<80).map { _ in
            "GET /" + (0..<5).map { _ in random.pick(["a", "b", "*"]) }.joined(separator: "/")
        }
        let matcher = OperationMatcher(patterns: try numbered(texts))
        let method = Array("GET".utf8)
        var most = 0
        for segments in sequences(of: ["a", "b", "c"], upTo: 5) {
            let path = Array(("/" + segments.joined(separator: "/")).utf8)
            most = max(most, matcher.trace(method: method.span, path: path.span).steps)
        }
        #expect(most <= matcher.stepsMax)
        #expect(most > 6, "the policy makes the walk go back")
    }
}
