import Directory
import Policy
import Testing
import Vocabulary

@testable import Tokens

@Suite struct TokenSettingsTests {
    private func read(_ text: String) -> (settings: TokenSettings?, diagnostics: [Diagnostic]) {
        TokenSettingsReader.read(SourceFile(name: "tokens.yaml", text: text))
    }

    private static let head = "headgate-tokens: 1\nissuer: https://headgate.example\naudience: https://api.example\n"

    @Test func `three lines are enough`() throws {
        let (settings, diagnostics) = read(Self.head)
        #expect(diagnostics.isEmpty)
        #expect(settings == TokenSettings(issuer: "https://headgate.example", audience: "https://api.example"))
    }

    @Test func `everything can be said`() throws {
        let (read, diagnostics) = read(
            Self.head + """
                form: handle
                algorithm: EdDSA
                lifetime: 2m
                rotation: 7d
                minimum-policy: sha256:\(String(repeating: "a", count: 64))
                outside:
                  - issuer: https://login.example
                    audience: headgate
                    keys: https://login.example/jwks.json
                    type: JWT
                    tenants: [acme]
                    claims: { tenant: org, principal: azp, classes: c, tier: t, workflow: w }
                  - { issuer: local, audience: headgate, keys: keys.json }
                """)
        #expect(diagnostics.isEmpty)
        let settings = try #require(read)
        #expect(settings.form == .handle)
        #expect(settings.algorithm == .edDSA)
        #expect(settings.lifetime == .seconds(120))
        #expect(settings.rotation == .seconds(7 * 86_400))
        #expect(settings.outside.map(\.keys) == [.url("https://login.example/jwks.json"), .file("keys.json")])
        #expect(settings.outside[0].claims.principal == "azp")
        #expect(settings.outside[0].claims.workflow == "w")
        #expect(settings.outside[0].tenants == ["acme"])
    }

    @Test(arguments: [
        ("issuer: https://h.example\n", "1:1 missing-key"),
        ("headgate-tokens: 2\nissuer: https://h.example\naudience: a\n", "1:18 invalid-value"),
        ("headgate-tokens: 1\nissuer: http://h.example\naudience: a\n", "2:9 invalid-value"),
        ("headgate-tokens: 1\nissuer: https://h.example/path\naudience: a\n", "2:9 invalid-value"),
        ("headgate-tokens: 1\nissuer: https://u@h.example\naudience: a\n", "2:9 invalid-value"),
        ("headgate-tokens: 1\nissuer: h.example\naudience: a\n", "2:9 invalid-value"),
        (head + "lifetime: 11m\n", "4:11 invalid-value"), (head + "lifetime: 59s\n", "4:11 invalid-value"),
        (head + "rotation: 1h\n", "4:11 invalid-value"), (head + "algorithm: none\n", "4:12 invalid-value"),
        (head + "algorithm: HS256\n", "4:12 invalid-value"), (head + "form: jwt\n", "4:7 invalid-value"),
        (head + "minimum-policy: 7\n", "4:17 invalid-value"), (head + "lifetme: 5m\n", "4:1 unknown-key"),
        (head + "outside: [{ issuer: x, audience: a, keys: http://x.example/k }]\n", "4:43 invalid-value"),
        (head + "outside: [{ issuer: https://headgate.example, audience: a, keys: k }]\n", "4:11 duplicate-value"),
        (head + "outside: [{ issuer: x, audience: a }]\n", "4:11 missing-key"),
    ])
    func `mistakes are found where they stand`(text: String, expected: String) {
        let (settings, diagnostics) = read(text)
        #expect(settings == nil)
        #expect(diagnostics.map { "\($0.span.line):\($0.span.column) \($0.code.name)" } == [expected])
        #expect(diagnostics.allSatisfy { $0.suggestion != nil || $0.code == .invalidValue })
    }

    @Test(arguments: ["http://localhost:8080", "http://127.0.0.1:9", "http://[::1]:9/jwks", "https://a.example:8443"])
    func `the clear is for loopback`(url: String) {
        #expect(KeyAddress.isSafe(url))
    }

    @Test(arguments: [
        "http://localhost.example", "http://127.0.0.1.example", "https://", "https://a.example?x=1",
        "https://a.example#x", "ftp://a.example", "file:///etc/passwd",
    ])
    func `other places are not asked`(url: String) {
        #expect(!KeyAddress.isSafe(url))
    }
}
