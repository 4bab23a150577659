import Directory
import Testing

@testable import Gateway

@Suite("Gateway tokens")
struct GatewayTokenTests {
    private static let one = String(repeating: "a1", count: 16)
    private static let two = String(repeating: "b2", count: 32)

    private func list(_ text: String, permissions: UInt32 = 0o600) throws -> GatewayTokenList {
        try GatewayTokenList(FileReading(path: "tokens", bytes: Array(text.utf8), permissions: permissions))
    }

    private func contains(_ token: String, in list: GatewayTokenList) -> Bool {
        list.contains(Array(token.utf8).span)
    }

    private func accepts(_ token: String, _ tokens: GatewayTokens) -> Bool { tokens.accept(Array(token.utf8).span) }

    @Test func `a file holds one token a line, between comments, blanks and empty lines`() throws {
        let list = try list("# the proxies\n\(Self.one)\n\n  # the next one\n \t\(Self.two) \r\n")
        #expect(list.count == 2)
        #expect(contains(Self.one, in: list))
        #expect(contains(Self.two, in: list))
    }

    @Test func `only a whole token is one`() throws {
        let list = try list(Self.one + "\n" + Self.two)
        let near = [
            "", "a", String(Self.one.dropLast()), Self.one + "a", Self.one + Self.one, Self.one + "\n" + Self.two,
            Self.one.uppercased(), " " + Self.one, String(Self.one.reversed()), Self.two + Self.two,
        ]
        for token in near { #expect(!contains(token, in: list), "\(token)") }
    }

    @Test func `tokens that are replaced are accepted no longer`() throws {
        let tokens = GatewayTokens(try list(Self.one))
        #expect(accepts(Self.one, tokens))
        tokens.replace(with: try list(Self.two))
        #expect(!accepts(Self.one, tokens))
        #expect(accepts(Self.two, tokens))
        #expect(!accepts(Self.one, GatewayTokens()))
        #expect(!accepts("", GatewayTokens()))
    }

    @Test(
        arguments: [
            ("", 0o600, "tokens holds no token; make one with: openssl rand -hex 32 > tokens"),
            ("# none\n\n", 0o600, "tokens holds no token; make one with: openssl rand -hex 32 > tokens"),
            (
                "\n" + one + "\nsecret-but-short\n", 0o600,
                "tokens:3: a token is shorter than 32 characters; make one with: openssl rand -hex 32"
            ),
            (
                String(repeating: "s", count: 513), 0o600,
                "tokens:1: a token is longer than 512 characters; make one with: openssl rand -hex 32"
            ),
            (
                one + " " + two, 0o600,
                "tokens:1: a token holds other than visible ASCII characters; make one with: openssl rand -hex 32"
            ),
            (one, 0o644, "tokens is open to others (mode 644): chmod 600 tokens"),
        ] as [(String, UInt32, String)])
    func `a file that is no good says why, and never what stands in it`(
        text: String, permissions: UInt32, message: String
    ) throws {
        let problem = #expect(throws: GatewayTokenList.Problem.self) { try list(text, permissions: permissions) }
        #expect(problem?.description == message)
    }

    @Test func `there are not more tokens than can be compared with each that is shown`() throws {
        let lines = (0...16).map { "\($0)" + Self.one }
        #expect(try list(lines.dropLast().joined(separator: "\n")).count == 16)
        #expect(throws: GatewayTokenList.Problem.self) { try list(lines.joined(separator: "\n")) }
    }
}
