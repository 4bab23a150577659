import Policy
import Testing

struct OperationPatternTests {
    @Test func `a pattern is a method and segments`() throws {
        let pattern = try OperationPattern(parsing: "POST /v1/envelopes/{id}/*/**")
        #expect(pattern.method == "POST")
        #expect(pattern.segments == [.literal("v1"), .literal("envelopes"), .parameter("id"), .parameter(""), .rest])
    }

    @Test(arguments: ["ANY /a", "* /a"]) func `any method has two spellings`(text: String) throws {
        #expect(try OperationPattern(parsing: text) == OperationPattern(parsing: "ANY /a"))
        #expect(try OperationPattern(parsing: text).method == nil)
    }

    @Test func `literals are decoded and folded as paths are`() throws {
        let pattern = try OperationPattern(parsing: "GET /V1/Sign%61tures/a%20b/%7Bid%7D/%2A")
        #expect(
            pattern.segments == [
                .literal("v1"), .literal("signatures"), .literal("a b"), .literal("{id}"), .literal("*"),
            ])
    }

    @Test func `space around and between does not matter`() throws {
        #expect(try OperationPattern(parsing: "  GET \t /a ") == OperationPattern(parsing: "GET /a"))
    }

    @Test(arguments: [
        "GET /", "ANY /**", "ANY /", "PROPFIND /a/{b-c}/*/d.e/**", "GET /a%20b/%3Ac/%7Bx%7D/%25",
        "POST /pkg.Service/Call", "GET /v1/items:batch", "GET /~user/@me/a+b/a,b/(x)/a=b&c",
    ])
    func `the canonical spelling parses to an equal pattern`(text: String) throws {
        let pattern = try OperationPattern(parsing: text)
        #expect(try OperationPattern(parsing: pattern.description) == pattern)
    }

    @Test func `canonical spellings are what people would write`() throws {
        let texts = ["GET /", "ANY /**", "POST /v1/envelopes/{id}/*/x.json", "GET /a%20b"]
        for text in texts { #expect(try OperationPattern(parsing: text).description == text) }
    }

    /// A bad pattern with the wrong part between brackets, and what to write there instead.
    struct Bad: CustomTestStringConvertible {
        let marked: String
        let suggestion: String?

        init(_ marked: String, _ suggestion: String?) {
            self.marked = marked
            self.suggestion = suggestion
        }

        var testDescription: String { marked }
    }

    static let bad: [Bad] = [
        // Words
        Bad("⟦⟧", "ANY /**"), Bad("⟦  ⟧", "ANY /**"), Bad("⟦/v1/x⟧", "ANY /v1/x"), Bad("⟦GET⟧", "GET /"),
        Bad("GET ⟦/a b⟧", "/a%20b"), Bad("GET ⟦/a POST /b⟧", nil),
        // Methods
        Bad("⟦get⟧ /a", "GET"), Bad("⟦any⟧ /a", "ANY"), Bad("⟦GTE⟧ /a", "GET"), Bad("⟦DELET⟧ /a", "DELETE"),
        Bad("⟦FROBNICATE⟧ /a", "ANY"), Bad("⟦GET|POST⟧ /a", nil), Bad("⟦GET,POST⟧ /a", nil), Bad("⟦PRI⟧ /a", "PUT"),
        // The path as a whole
        Bad("GET ⟦v1/a⟧", "/v1/a"), Bad("GET ⟦{id}⟧", "/{id}"), Bad("GET ⟦*⟧", "/**"), Bad("GET ⟦**⟧", "/**"),
        Bad("GET ⟦https://api.example/v1/a⟧", "/v1/a"), Bad("GET ⟦https://api.example⟧", "/"),
        Bad("GET /a⟦?page=1⟧", ""), Bad("GET /a⟦#top⟧", ""), Bad("GET /a⟦//⟧b", "/"), Bad("GET ⟦//⟧a", "/"),
        Bad("GET ⟦/a/⟧", "/a"),
        Bad("GET ⟦\(String(repeating: "/a", count: 65))⟧", nil),
        Bad("GET ⟦/\(String(repeating: "a", count: 8_192))⟧", nil),
        // Parameters
        Bad("GET /⟦**⟧/x", "*"), Bad("GET /a/⟦***⟧", "**"), Bad("GET /⟦a*⟧", "*"), Bad("GET /⟦{}⟧", "*"),
        Bad("GET /⟦{1a}⟧", "*"), Bad("GET /⟦{id}.json⟧", "{id}"), Bad("GET /⟦v{major}⟧", "{major}"),
        Bad("GET /⟦{id:[0-9]+}⟧", "{id}"), Bad("GET /⟦{path...}⟧", "**"), Bad("GET /⟦{*path}⟧", "**"),
        Bad("GET /⟦{path:.*}⟧/a", "*"), Bad("GET /⟦{rest:path}⟧", "**"), Bad("GET /⟦:id⟧", "{id}"),
        Bad("GET /⟦:path*⟧", "**"), Bad("GET /⟦<int:id>⟧", "{id}"), Bad("GET /⟦<id>⟧", "{id}"),
        Bad("GET /⟦{id⟧", "{id}"),
        Bad("GET /{id}/a/⟦{id}⟧", "{id2}"), Bad("GET /{id}/{id2}/⟦{id}⟧", "{id3}"),
        // What paths never hold
        Bad("GET /a/⟦..⟧/b", nil), Bad("GET /⟦.⟧", nil), Bad("GET /⟦%2e%2E⟧", nil), Bad("GET /⟦a%2Fb⟧", "a/b"),
        Bad("GET /⟦a\\b⟧", "a/b"), Bad("GET /⟦a%5cb⟧", "a/b"), Bad("GET /⟦a;v=1⟧", "a"), Bad("GET /⟦a%3b⟧", nil),
        Bad("GET /⟦a%00⟧", nil), Bad("GET /⟦a%0D%0A⟧", nil), Bad("GET /⟦100%⟧", "100%25"), Bad("GET /⟦a%zz⟧", "a%25zz"),
        Bad("GET /⟦a%252e⟧", nil), Bad("GET /⟦a%3Fb⟧", nil), Bad("GET /⟦a%23b⟧", nil), Bad("GET /⟦%20a⟧", "a"),
        Bad("GET /⟦a%20⟧", "a"), Bad("GET /⟦(S(x))⟧", nil), Bad("GET /⟦%C0%AF⟧", nil), Bad("GET /⟦café⟧", "*"),
        Bad("GET /⟦caf%C3%A9⟧", "*"), Bad("GET /a/⟦日本⟧/b", "*"),
        Bad("GET /⟦\(String(repeating: "a", count: 256))⟧", "*"),
    ]

    @Test(arguments: bad) func `a bad pattern is marked where it is wrong`(bad: Bad) throws {
        let parts = bad.marked.split(separator: #/[⟦⟧]/#, omittingEmptySubsequences: false).map(String.init)
        let problem = #expect(throws: PatternProblem.self) { try OperationPattern(parsing: parts.joined()) }
        #expect(problem?.utf8Offset == parts[0].utf8.count)
        #expect(problem?.utf8Length == parts[1].utf8.count)
        #expect(problem?.suggestion == bad.suggestion)
        #expect(problem?.message.hasSuffix(".") == true)
    }

    @Test(arguments: bad.filter { $0.suggestion != nil })
    func `what is suggested solves the problem that was found`(bad: Bad) throws {
        let parts = bad.marked.split(separator: #/[⟦⟧]/#, omittingEmptySubsequences: false).map(String.init)
        let corrected = parts[0] + (bad.suggestion ?? "") + parts[2]
        do {
            _ = try OperationPattern(parsing: corrected)
        } catch {
            let before = #expect(throws: PatternProblem.self) { try OperationPattern(parsing: parts.joined()) }
            Issue.record("\(corrected) is still wrong: \(error.message) (was: \(before?.message ?? ""))")
        }
    }
}
