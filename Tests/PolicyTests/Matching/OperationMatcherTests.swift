import Testing

@testable import Policy

struct OperationMatcherTests {
    /// The operations' numbers by pattern, as the tests below speak of them.
    private func matcher(_ patterns: String...) throws -> OperationMatcher {
        OperationMatcher(patterns: try numbered(patterns))
    }

    @Test func `a matcher without patterns matches nothing`() {
        #expect(OperationMatcher().match(method: "GET", path: "/") == .none)
        #expect(OperationMatcher().match(method: "GET", path: "/v1/x") == .none)
    }

    @Test func `the root is a path without segments`() throws {
        let matcher = try matcher("GET /")
        #expect(matcher.match(method: "GET", path: "/") == .operation(0))
        #expect(matcher.match(method: "GET", path: "/?page=1") == .operation(0))
        #expect(matcher.match(method: "GET", path: "http://api.example") == .operation(0))
        #expect(matcher.match(method: "GET", path: "/x") == .none)
    }

    @Test func `a literal beats a parameter and a parameter beats the rest`() throws {
        let matcher = try matcher("GET /a/**", "GET /a/{x}", "GET /a/b")
        #expect(matcher.match(method: "GET", path: "/a/b") == .operation(2))
        #expect(matcher.match(method: "GET", path: "/a/c") == .operation(1))
        #expect(matcher.match(method: "GET", path: "/a/b/c") == .operation(0))
        #expect(matcher.match(method: "GET", path: "/a") == .operation(0))
    }

    @Test func `the leftmost difference decides`() throws {
        let matcher = try matcher("GET /{x}/b", "GET /a/{y}")
        #expect(matcher.match(method: "GET", path: "/a/b") == .operation(1))
    }

    @Test func `a literal that leads nowhere is left again`() throws {
        let matcher = try matcher("GET /a/b/c", "GET /{x}/b/d", "GET /{x}/**")
        #expect(matcher.match(method: "GET", path: "/a/b/d") == .operation(1))
        #expect(matcher.match(method: "GET", path: "/a/b/e") == .operation(2))
    }

    @Test func `a specific method beats any, but only for the same path`() throws {
        let matcher = try matcher("ANY /a", "GET /a", "ANY /b", "GET /{x}")
        #expect(matcher.match(method: "GET", path: "/a") == .operation(1))
        #expect(matcher.match(method: "PUT", path: "/a") == .operation(0))
        #expect(matcher.match(method: "GET", path: "/b") == .operation(2))
    }

    @Test func `a pattern for another method is passed over`() throws {
        let matcher = try matcher("POST /a/b", "GET /a/{x}")
        #expect(matcher.match(method: "GET", path: "/a/b") == .operation(1))
        #expect(matcher.match(method: "DELETE", path: "/a/b") == .none)
    }

    @Test func `HEAD is GET unless a pattern says otherwise, so a catch-all cannot undercut GET`() throws {
        let matcher = try matcher("GET /a/{x}", "ANY /**", "GET /h", "HEAD /h", "ANY /h")
        #expect(matcher.match(method: "HEAD", path: "/a/1") == .operation(0))
        #expect(matcher.match(method: "HEAD", path: "/h") == .operation(3))
        #expect(matcher.match(method: "GET", path: "/h") == .operation(2))
        #expect(matcher.match(method: "HEAD", path: "/other") == .operation(1))
        let unnamed = try self.matcher("POST /a")
        #expect(unnamed.match(method: "HEAD", path: "/a") == .none)
    }

    @Test func `any upper-case method is matched by ANY, registered or not`() throws {
        let matcher = try matcher("ANY /a")
        for method in ["GET", "PURGE", "M-SEARCH", "FOO_2"] {
            #expect(matcher.match(method: method, path: "/a") == .operation(0))
        }
    }

    @Test func `of identical patterns the first counts`() throws {
        let matcher = try matcher("GET /a/{x}", "GET /a/{y}")
        #expect(matcher.match(method: "GET", path: "/a/1") == .operation(0))
    }

    @Test func `one operation may have several patterns`() throws {
        let patterns = try ["GET /a", "GET /b"].map { (operation: 7, pattern: try OperationPattern(parsing: $0)) }
        let matcher = OperationMatcher(patterns: patterns)
        #expect(matcher.match(method: "GET", path: "/a") == .operation(7))
        #expect(matcher.match(method: "GET", path: "/b") == .operation(7))
    }

    @Test func `bytes and strings give the same answer`() throws {
        let matcher = try matcher("GET /a/{x}")
        let method = Array("GET".utf8)
        let path = Array("/A/%7e".utf8)
        #expect(matcher.match(method: method.span, path: path.span) == .operation(0))
        #expect(matcher.match(method: "GET", path: "/A/%7e") == .operation(0))
    }

    @Test func `a path of sixty-four segments and of 8 KiB is matched, one more is refused`() throws {
        let matcher = try matcher("GET /**")
        let segments = String(repeating: "/a", count: 64)
        #expect(matcher.match(method: "GET", path: segments) == .operation(0))
        #expect(matcher.match(method: "GET", path: segments + "/") == .operation(0))
        #expect(matcher.match(method: "GET", path: segments + "/a") == .refused(.tooManySegments))
        let long = "/" + String(repeating: "a", count: OperationMatcher.pathBytesMax - 1)
        #expect(matcher.match(method: "GET", path: long) == .operation(0))
        #expect(matcher.match(method: "GET", path: long + "?" + long) == .operation(0))
        #expect(matcher.match(method: "GET", path: long + "a") == .refused(.tooLong))
        #expect(matcher.match(method: "GET", path: "http://" + long.dropFirst()) == .refused(.tooLong))
    }

    @Test func `words with the same hash are told apart, because strangers can find them`() throws {
        let (word, twin) = ("yez2cieqmgr6a", "nyknkbjlufwxf")  // both have the FNV-1a hash a3722da3f8421b44
        let one = try matcher("GET /\(word)", "GET /*")
        #expect(one.match(method: "GET", path: "/\(word)") == .operation(0))
        #expect(one.match(method: "GET", path: "/\(twin)") == .operation(1))
        let both = try matcher("GET /\(word)", "GET /\(twin)", "GET /*")
        #expect(both.match(method: "GET", path: "/\(word)") == .operation(0))
        #expect(both.match(method: "GET", path: "/\(twin)") == .operation(1))
    }

    @Test func `literals up to 255 bytes are told apart and longer segments equal none`() throws {
        let name = String(repeating: "a", count: 254)
        let matcher = try matcher("GET /\(name)b", "GET /\(name)c", "GET /*")
        #expect(matcher.match(method: "GET", path: "/\(name)b") == .operation(0))
        #expect(matcher.match(method: "GET", path: "/\(name)C") == .operation(1))
        #expect(matcher.match(method: "GET", path: "/\(name)bb") == .operation(2))
        #expect(matcher.match(method: "GET", path: "/\(name)") == .operation(2))
    }

    @Test(arguments: [
        "json", "%C3%A9", "j%C3%A9son", String(repeating: "a", count: 250), String(repeating: "%C3%A9", count: 300),
        "tar.gz", "%C3%A9.gz", String(repeating: "a", count: 250) + ".gz", "",
    ])
    func `a word is found before an extension of any length and of any letters`(extension: String) throws {
        let matcher = try matcher("GET /v1/exports", "GET /v1/v1.2", "ANY /**")
        #expect(matcher.match(method: "GET", path: "/v1/exports.\(`extension`)") == .refused(.extendedLiteral))
        #expect(matcher.match(method: "GET", path: "/v1/other.\(`extension`)") == .operation(2))
        guard !`extension`.contains(".") else { return }
        #expect(matcher.match(method: "GET", path: "/v1/v1.2.\(`extension`)") == .refused(.extendedLiteral))
    }

    @Test func `the longest literal is found before an extension`() throws {
        let word = String(repeating: "a", count: 255)
        let matcher = try matcher("GET /\(word)", "ANY /**")
        #expect(matcher.match(method: "GET", path: "/\(word)") == .operation(0))
        #expect(matcher.match(method: "GET", path: "/\(word).json") == .refused(.extendedLiteral))
        #expect(matcher.match(method: "GET", path: "/\(word)a.json") == .operation(1))
    }
}
