import Testing
import Vocabulary

@testable import Tokens

@Suite struct OutsideIssuerTests {
    private static let name = "https://login.example"

    private static func rules(_ change: (inout TokenSettings.OutsideIssuer) -> Void = { _ in })
        -> TokenSettings.OutsideIssuer
    {
        var issuer = TokenSettings.OutsideIssuer(issuer: name, audience: "headgate", keys: .file("keys.json"))
        issuer.claims.tenant = "org"
        issuer.claims.principal = "azp"
        change(&issuer)
        return issuer
    }

    private func claims(_ changes: [String: String?] = [:]) -> String {
        var all: [String: String?] = [
            "iss": "\"\(Self.name)\"", "aud": #"["headgate"]"#, "org": #""acme""#, "azp": #""worker""#,
            "hg_tenant": nil, "hg_principal": nil, "hg_policy": nil, "client_id": nil,
        ]
        for (key, value) in changes { all[key] = value }
        return Forger.claims(all)
    }

    private func world(
        _ forger: Forger, _ change: (inout TokenSettings.OutsideIssuer) -> Void = { _ in }
    ) async throws -> TokenWorld {
        let set = "{\"keys\":[\(forger.key.document.json)]}"
        return try await TokenWorld(outside: [Self.rules(change)], outsideKeys: [Self.name: Array(set.utf8)])
    }

    @Test(arguments: TokenAlgorithm.allCases)
    func `its tokens count, by its own names of claims`(algorithm: TokenAlgorithm) async throws {
        let forger = try await Forger(try SigningKey.make(algorithm, at: TokenWorld.now))
        let world = try await world(forger)
        let token = try forger.token(header: forger.header, claims: claims(["classes": #""export""#]))
        let grant = try world.authority.verify(token.utf8.span, at: TokenWorld.now)
        #expect(grant.tenant == "acme")
        #expect(grant.principal == "worker")
        #expect(grant.limits.classes == ["export"])
        #expect(!grant.isOwn)
        #expect(grant.clientID == nil)
        var cache = TokenCache()
        let match = cache.match(token.utf8.span, by: world.authority, in: world.binding, at: TokenWorld.now)
        #expect(match.fault == nil)
        #expect(cache[match.place]?.key == nil)
    }

    @Test(
        arguments: [
            (["aud": #""https://api.example""#], TokenFault.wrongAudience), (["org": nil], .missingClaim),
            (["azp": nil], .missingClaim), (["org": #""zenith""#], .foreignTenant),
            (["exp": "1795305601"], .livesTooLong),
            (["iss": #""https://headgate.example""#], .unknownKey),
        ] as [([String: String?], TokenFault)])
    func `what it may not say is refused`(changes: [String: String?], expected: TokenFault) async throws {
        let forger = try await Forger(try SigningKey.make(.es256, at: TokenWorld.now))
        let world = try await world(forger) { $0.tenants = ["acme"] }
        #expect(world.fault(try forger.token(header: forger.header, claims: claims(changes))) == expected)
    }

    @Test func `it may have another type of tokens, where the settings say so`() async throws {
        let forger = try await Forger(try SigningKey.make(.es256, at: TokenWorld.now))
        let header = forger.header.replacing("at+jwt", with: "JWT")
        let token = try forger.token(header: header, claims: claims())
        #expect(try await world(forger).fault(token) == .wrongType)
        #expect(try await world(forger) { $0.type = "JWT" }.fault(token) == nil)
    }

    @Test func `its key does not sign for us, and ours not for it`() async throws {
        let forger = try await Forger(try SigningKey.make(.es256, at: TokenWorld.now))
        let world = try await world(forger)
        #expect(world.fault(try forger.token(header: forger.header, claims: Forger.claims())) == .unknownKey)
        let own = try await Forger(try #require(world.ring.current))
        #expect(world.fault(try own.token(header: own.header, claims: claims())) == .unknownKey)
    }

    @Test func `a key that is not known is wanted of its issuer`() async throws {
        let forger = try await Forger(try SigningKey.make(.es256, at: TokenWorld.now))
        let world = try await TokenWorld(outside: [Self.rules()])
        #expect(world.fault(try forger.token(header: forger.header, claims: claims())) == .unknownKey)
        #expect(world.authority.takeWantedIssuers() == [Self.name])
        #expect(world.authority.takeWantedIssuers().isEmpty)
        let own = #"{"alg":"ES256","kid":"x","typ":"at+jwt"}"#
        #expect(world.fault(try forger.token(header: own, claims: Forger.claims())) == .unknownKey)
        #expect(world.authority.takeWantedIssuers().isEmpty)
    }

    @Test func `of a set of keys only those count that can verify`() throws {
        let good = try SigningKey.make(.es256, at: TokenWorld.now).document
        let json = good.json
        let set = [
            json, json,
            json.replacing(good.keyID, with: "enc").replacing(#""use":"sig""#, with: #""use":"enc""#),
            json.replacing(good.keyID, with: "alg").replacing("ES256", with: "RS256"),
            json.replacing(#","kid":"\#(good.keyID)""#, with: ""),
            #"{"kty":"oct","kid":"secret","k":"AAAA"}"#,
            #"{"kty":"EC","crv":"secp256k1","kid":"k1","x":"AA","y":"AA"}"#,
            #"{"kty":"OKP","crv":"X25519","kid":"x","x":"AA"}"#, #"{"kty":"RSA","kid":"plain","n":"AQ","e":"AQAB"}"#,
            #"{"kty":"later","kid":"later"}"#, "7", "null",
        ]
        let documents = try #require(KeySetReader.documents(Array("{\"keys\":[\(set.joined(separator: ","))]}".utf8)))
        #expect(documents.map(\.keyID) == [good.keyID, "plain"])
        #expect(documents.last?.algorithm == "RS256")
        for text in ["", "[]", "{}", #"{"keys":{}}"#, String(repeating: " ", count: 70_000)] {
            #expect(KeySetReader.documents(Array(text.utf8)) == nil)
        }
    }
}
