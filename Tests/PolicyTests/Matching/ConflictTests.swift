import Policy
import Testing

struct ConflictTests {
    private typealias Conflict = OperationMatcher.Conflict

    private func conflicts(_ patterns: String...) throws -> [Conflict] {
        OperationMatcher.conflicts(in: try numbered(patterns))
    }

    @Test func `the same requests twice are identical, whatever the parameters are called`() throws {
        let found = try conflicts("GET /a/{x}", "POST /a/{x}", "GET /A/{y}", "GET /a/*")
        #expect(
            found == [
                Conflict(winner: 0, loser: 2, kind: .identical), Conflict(winner: 0, loser: 3, kind: .identical),
            ])
    }

    @Test func `narrower patterns beside wider ones are no conflict`() throws {
        #expect(try conflicts("GET /a/b", "GET /a/{x}", "GET /a/{x}/**", "ANY /**", "GET /{x}", "HEAD /a/b").isEmpty)
    }

    @Test func `crossed literals are ambiguous, and the one that begins with the literal wins`() throws {
        let found = try conflicts("GET /users/{id}/settings", "GET /users/me/{section}")
        #expect(found == [Conflict(winner: 1, loser: 0, kind: .ambiguous(example: "/users/me/settings"))])
    }

    @Test func `the root of a rest belongs to it, so it crosses a parameter there`() throws {
        let found = try conflicts("GET /a/**", "GET /{x}")
        #expect(found == [Conflict(winner: 0, loser: 1, kind: .ambiguous(example: "/a"))])
        #expect(try conflicts("GET /a/**", "GET /{x}", "GET /a").isEmpty)
    }

    @Test func `a pattern for exactly the overlap resolves it`() throws {
        #expect(try conflicts("GET /a/{x}", "GET /{y}/b", "GET /a/b").isEmpty)
        #expect(try conflicts("GET /a/{x}", "GET /{y}/b", "ANY /a/b").isEmpty)
        #expect(try conflicts("GET /a/**", "GET /{y}/b/**", "GET /a/b/**").isEmpty)
        #expect(try conflicts("ANY /a/{x}", "ANY /{y}/b", "GET /a/b").count == 1)
        #expect(try conflicts("GET /a/**", "GET /{y}/b/**", "GET /a/b").count == 1)
    }

    @Test func `different methods do not meet, GET and HEAD do`() throws {
        #expect(try conflicts("GET /a/{x}", "POST /{y}/b").isEmpty)
        #expect(try conflicts("GET /a/{x}", "HEAD /{y}/b").count == 1)
        #expect(try conflicts("GET /a/{x}", "ANY /{y}/b").count == 1)
        #expect(try conflicts("GET /a/{x}", "ANY /{y}/b", "HEAD /a/b").count == 1)
        #expect(try conflicts("GET /a/{x}", "HEAD /{y}/b", "HEAD /a/b").isEmpty)
    }

    @Test func `patterns of one operation cannot be ambiguous`() throws {
        var patterns = try numbered(["GET /a/{x}", "GET /{y}/b"])
        patterns[1].operation = patterns[0].operation
        #expect(OperationMatcher.conflicts(in: patterns).isEmpty)
    }

    @Test func `an example names a path that both patterns match`() throws {
        #expect(
            try conflicts("GET /a/{x}/{y}/**", "GET /{z}/b/{w}")
                == [Conflict(winner: 0, loser: 1, kind: .ambiguous(example: "/a/b/x"))])
        #expect(
            try conflicts("GET /a/{x}/{y}", "GET /{z}/b/{w}", "GET /a/b/x")
                == [Conflict(winner: 0, loser: 1, kind: .ambiguous(example: "/a/b/xx"))])
        #expect(
            try conflicts("GET /a%20b/**", "GET /{z}/c")
                == [Conflict(winner: 0, loser: 1, kind: .ambiguous(example: "/a%20b/c"))])
    }

    @Test func `a rest whose every length is taken is unreachable`() throws {
        #expect(
            try conflicts("GET /a/**", "GET /a", "GET /a/{x}/**")
                == [Conflict(winner: 2, loser: 0, kind: .unreachable)])
        #expect(
            try conflicts("GET /a/**", "ANY /a", "GET /a/{x}", "ANY /a/{x}/{y}/**")
                == [Conflict(winner: 3, loser: 0, kind: .unreachable)])
        #expect(try conflicts("GET /a/**", "GET /a/{x}/**").isEmpty)
        #expect(try conflicts("ANY /a/**", "GET /a", "GET /a/{x}/**").isEmpty)
        #expect(try conflicts("GET /a/**", "GET /a", "GET /a/b/**").isEmpty)
    }

    @Test func `small policies have the conflicts that trying every request finds`() throws {
        var kinds: [String: Int] = [:]
        for seed in 0..<300 {
            var random = MatchingRandom(seed: UInt64(seed))
            let patterns = try randomPatterns(&random)
            let found = OperationMatcher.conflicts(in: patterns)
            let contests = Set(found.map(Contest.init))
            #expect(contests == ConflictOracle(patterns).conflicts(), "\(patterns.map(\.pattern)), seed \(seed)")
            #expect(contests.count == found.count, "nothing is reported twice, seed \(seed)")
            #expect(found.allSatisfy { examplesMatch($0, patterns) }, "seed \(seed)")
            for contest in contests { kinds[contest.kind, default: 0] += 1 }
        }
        #expect(kinds.count == 3 && kinds.values.allSatisfy { $0 > 10 }, "the policies show all kinds: \(kinds)")
    }

    private func randomPatterns(
        _ random: inout MatchingRandom
    ) throws -> [(operation: Int, pattern: OperationPattern)] {
        let words = random.chance(50) ? ["/a", "/b", "/*", "/*"] : ["/a", "/*", "/*", "/*"]
        return try (0..<Int.random(in: 2...9, using: &random)).map { _ in
            var path = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.pick(words) }
            if random.chance(35) { path.append("/**") }
            let method = random.pick(["GET", "HEAD", "POST", "ANY", "GET"])
            let pattern = try OperationPattern(parsing: "\(method) \(path.isEmpty ? "/" : path.joined())")
            return (Int.random(in: 0...5, using: &random), pattern)
        }
    }

    /// Whether the example of an ambiguous pair, if it is one, is matched by both.
    private func examplesMatch(
        _ conflict: Conflict, _ patterns: [(operation: Int, pattern: OperationPattern)]
    ) -> Bool {
        guard case .ambiguous(let example) = conflict.kind else { return true }
        let segments = example.split(separator: "/").map(String.init)
        let oracle = SlowMatcher(patterns: [])
        return [conflict.winner, conflict.loser].allSatisfy { oracle.matches(patterns[$0].pattern.segments, segments) }
    }

    @Test func `the number of ambiguous pairs that are reported is bounded`() throws {
        let patterns = try numbered((0..<100).flatMap { ["GET /a\($0)/{x}", "GET /{x}/b\($0)"] })
        let found = OperationMatcher.conflicts(in: patterns)
        #expect(found.count == 1_000)
        #expect(OperationMatcher.conflicts(in: patterns, ambiguousMax: 20_000).count == 10_000)
        #expect(OperationMatcher.conflicts(in: patterns) == found)
    }

    @Test func `ten thousand operations are searched without comparing all pairs`() throws {
        let patterns = try numbered(
            (0..<2_500).flatMap { number in
                [
                    "GET /v1/kind\(number)/{id}", "GET /v1/kind\(number)/{id}/parts/{part}",
                    "GET /v1/kind\(number)/recent", "POST /v1/{tenant}/kind\(number)",
                ]
            })
        #expect(OperationMatcher.conflicts(in: patterns).isEmpty)
    }

    @Test func `words beside parameters at too many places are said to be unsearched`() throws {
        let places = 8
        let patterns = (0..<1 << places).map { number in
            "GET " + (0..<places).map { number & 1 << $0 == 0 ? "/l" : "/{p\($0)}" }.joined()
        }
        let all = try numbered(patterns)
        #expect(OperationMatcher.conflicts(in: all).isEmpty)
        #expect(OperationMatcher.conflicts(in: all, pairsMax: 1_000).map(\.kind) == [.unsearched])
    }
}
