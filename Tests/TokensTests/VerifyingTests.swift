import Testing
import Vocabulary

@testable import Tokens

@Suite struct VerifyingTests {
    private func forger(_ world: TokenWorld) async throws -> Forger {
        try await Forger(try #require(world.ring.current))
    }

    @Test func `the forger's own good token is good`() async throws {
        let world = try await TokenWorld()
        let forger = try await forger(world)
        #expect(world.fault(try forger.token(header: forger.header, claims: Forger.claims())) == nil)
        #expect(
            world.fault(
                try forger.token(
                    header: forger.header.replacing("at+jwt", with: "application/AT+JWT"), claims: Forger.claims()))
                == nil)
    }

    @Test(
        arguments: [
            (["iss": #""https://other.example""#], TokenFault.wrongIssuer), (["iss": nil], .wrongIssuer),
            (["aud": #""https://other.example""#], .wrongAudience), (["aud": nil], .wrongAudience),
            (["aud": "[]"], .wrongAudience), (["exp": nil], .missingClaim), (["iat": nil], .missingClaim),
            (["exp": #""soon""#], .missingClaim), (["exp": "1e300"], .missingClaim), (["exp": "-1"], .missingClaim),
            (["iat": "1795219210"], .notYetValid), (["nbf": "1795219210"], .notYetValid),
            (["nbf": "true"], .missingClaim),
            (["exp": "1795219801"], .livesTooLong), (["exp": "1795219200"], .expired), (["jti": nil], .missingClaim),
            (["client_id": nil], .missingClaim), (["sub": nil], .missingClaim), (["hg_principal": nil], .missingClaim),
            (["hg_policy": nil], .missingClaim), (["hg_classes": "7"], .missingClaim),
            (["hg_classes": #"["a", 7]"#], .missingClaim), (["hg_tier_ceiling": "[]"], .missingClaim),
            (["hg_workflow": "null"], .missingClaim),
        ] as [([String: String?], TokenFault)])
    func `every claim is checked`(changes: [String: String?], expected: TokenFault) async throws {
        let world = try await TokenWorld()
        let forger = try await forger(world)
        #expect(world.fault(try forger.token(header: forger.header, claims: Forger.claims(changes))) == expected)
    }

    @Test func `an audience in a list counts`() async throws {
        let world = try await TokenWorld()
        let forger = try await forger(world)
        let claims = Forger.claims(["aud": #"["x", "https://api.example"]"#])
        #expect(world.fault(try forger.token(header: forger.header, claims: claims)) == nil)
    }

    @Test func `clocks may differ by a little`() async throws {
        let world = try await TokenWorld()
        let forger = try await forger(world)
        for claims in [Forger.claims(["iat": "1795219205"]), Forger.claims(["nbf": "1795219205"])] {
            #expect(world.fault(try forger.token(header: forger.header, claims: claims)) == nil)
        }
    }

    @Test(arguments: [
        (#"{"alg":"none","kid":"KID","typ":"at+jwt"}"#, TokenFault.wrongAlgorithm),
        (#"{"alg":"HS256","kid":"KID","typ":"at+jwt"}"#, .wrongAlgorithm),
        (#"{"alg":"es256","kid":"KID","typ":"at+jwt"}"#, .wrongAlgorithm),
        (#"{"alg":"EdDSA","kid":"KID","typ":"at+jwt"}"#, .wrongAlgorithm),
        (#"{"alg":"ES256","typ":"at+jwt"}"#, .unknownKey),
        (#"{"alg":"ES256","kid":"other","typ":"at+jwt"}"#, .unknownKey),
        (#"{"alg":"ES256","kid":"KID"}"#, .wrongType), (#"{"alg":"ES256","kid":"KID","typ":"JWT"}"#, .wrongType),
        (#"{"alg":"ES256","kid":"KID","typ":"at+jwt","crit":["exp"]}"#, .wrongType),
        (#"{"kid":"KID","typ":"at+jwt"}"#, .malformed), (#"["ES256"]"#, .malformed), ("", .malformed),
    ])
    func `the header decides nothing but which key it is`(header: String, expected: TokenFault) async throws {
        let world = try await TokenWorld()
        let forger = try await forger(world)
        let header = header.replacing("KID", with: forger.key.keyID)
        #expect(world.fault(try forger.token(header: header, claims: Forger.claims())) == expected)
    }

    @Test func `a key in the header is not heeded`() async throws {
        let world = try await TokenWorld()
        let stranger = try await Forger(try SigningKey.make(.es256, at: TokenWorld.now))
        let header =
            #"{"alg":"ES256","kid":"\#(try #require(world.ring.current).keyID)","typ":"at+jwt","#
            + #""jwk":\#(stranger.key.document.json)}"#
        #expect(world.fault(try stranger.token(header: header, claims: Forger.claims())) == .badSignature)
    }

    @Test func `no bit of a token can be changed, and nothing added`() async throws {
        let world = try await TokenWorld()
        let token = try world.token()
        for index in stride(from: 0, to: token.utf8.count, by: 7) {
            var bytes = Array(token.utf8)
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(world.fault(String(decoding: bytes, as: UTF8.self)) != nil, "byte \(index)")
        }
        for text in [token + "=", token + ".", token + "A", " " + token, "." + token, token.replacing(".", with: "")] {
            #expect(world.fault(text) != nil)
        }
        let parts = token.split(separator: ".")
        #expect(world.fault("\(parts[0]).\(parts[1]).") == .badSignature)
        #expect(world.fault(String(repeating: "a", count: 8_193)) == .tooLong)
        #expect(world.fault("") == .malformed)
    }

    @Test func `no two texts are one token`() {
        #expect(Base64URL.bytes("QQ".utf8) == [0x41])
        for text in ["QR", "QQ=", "QQ==", "Q", "Q Q", "QUJ", "QU+C", "QU/C"] {
            #expect(Base64URL.bytes(text.utf8) == nil)
        }
        #expect(Base64URL.bytes(Base64URL.text([0xFB, 0xFF, 0xFE]).utf8) == [0xFB, 0xFF, 0xFE])
    }
}
