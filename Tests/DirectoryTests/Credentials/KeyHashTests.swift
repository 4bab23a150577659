import Testing

@testable import Directory

struct KeyHashTests {
    /// `printf %s hg_live_… | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f`, and the same with the text
    /// "headgate directory secret", of which the fingerprint is the first four bytes.
    private static let known = (
        text: "hg_live_0123456789ABCDEFGHJKMNPQRSTVWXYZ0000000",
        code: "6fc066759c3474a202792449f85f7ec5f9cdf96227dc53f1b68bad9120a59c7b",
        fingerprint: "0c63890f"
    )

    private func code(_ text: String) throws -> CredentialCode {
        try Samples.secret.authenticator.code(of: text.utf8.span)
    }

    @Test func `the code is the HMAC-SHA-256 that others compute`() throws {
        let authenticator = try Samples.secret.authenticator
        #expect(try code(Self.known.text).hexadecimal == Self.known.code)
        #expect(KeyHash.text(ofFingerprint: authenticator.fingerprint) == Self.known.fingerprint)
    }

    @Test func `a second key does not continue the first one's HMAC`() throws {
        let authenticator = try Samples.secret.authenticator
        let codes = ["one", "two", "one"].map { authenticator.code(of: $0.utf8.span) }
        #expect(codes[0] != codes[1])
        #expect(codes[0] == codes[2])
    }

    @Test func `a hash survives its text form`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let secret = DirectorySecret(using: &generator)
            let hash = secret.authenticator.hash(of: Credential(for: .test, using: &generator))
            #expect(KeyHash(hash.description) == hash)
            #expect(hash.description.utf8.count == 12 + 8 + 1 + 64)
        }
    }

    @Test func `texts that are no hash are refused`() throws {
        let good = "hmac-sha256:\(Self.known.fingerprint):\(Self.known.code)"
        #expect(KeyHash(good) != nil)
        for text in [
            "", "hmac-sha256", "hmac-sha256:", good.uppercased(), good + "0", String(good.dropLast()), good + ":",
            good.replacing("sha256", with: "sha512"), ":" + good, good.replacing("0", with: "g"),
            "hmac-sha256:\(Self.known.code)", good.replacing("hmac-sha256:", with: "hmac-sha256:+"),
        ] {
            #expect(KeyHash(text) == nil, "\(text)")
        }
    }

    @Test func `codes are equal exactly when all 256 bits are`() throws {
        let code = try code("x")
        let digits = Array(code.hexadecimal)
        for position in digits.indices {
            var changed = digits
            changed[position] = changed[position] == "0" ? "1" : "0"
            #expect(CredentialCode(hexadecimal: Substring(String(changed))) != code)
        }
        #expect(CredentialCode(hexadecimal: Substring(String(digits))) == code)
    }

    @Test func `a secret survives its file and shows itself nowhere else`() throws {
        var generator = SeededGenerator(seed: 9)
        let secret = DirectorySecret(using: &generator)
        let digits = String(secret.fileText.dropLast())
        #expect(digits.utf8.count == 64)
        #expect(DirectorySecret(fileText: "  \(digits)\r\n\n")?.fileText == secret.fileText)
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] { #expect(!text.contains(digits.prefix(8))) }
        for text in ["", digits + digits, String(digits.dropLast()), digits.uppercased() + "A", "\(digits) \(digits)"] {
            #expect(DirectorySecret(fileText: text) == nil, "\(text)")
        }
    }
}
